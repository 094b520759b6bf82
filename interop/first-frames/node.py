"""An ordinary dora node: reports what it sees, one JSON object a line."""

import json
import sys
import time

BEGIN = time.time()

import numpy  # noqa: E402
import pyarrow  # noqa: E402
from dora import Node  # noqa: E402


def say(**what):
    print(json.dumps(what, default=str), flush=True)


imported = time.time()
node = Node(*sys.argv[1:])
say(saw="init", import_s=round(imported - BEGIN, 3), init_s=round(time.time() - imported, 3))
try:
    say(saw="descriptor", value=node.dataflow_descriptor())
except Exception as error:
    say(saw="descriptor", error=str(error))

for event in node:
    value = event.get("value")
    say(
        saw=event["type"],
        id=event.get("id"),
        error=event.get("error"),
        metadata=event.get("metadata"),
        type=None if value is None else str(value.type),
        length=None if value is None else len(value),
        head=None if value is None else str(value[:4].to_pylist()),
    )
    if event["type"] == "INPUT" and event["id"] == "in":
        node.send_output("out", value, event["metadata"])
    if event["type"] == "INPUT" and event["id"] == "tick":
        node.send_output("out", b"raw bytes")
        node.send_output("out", pyarrow.array([1, 2, 3], type=pyarrow.int64()), {"b": True, "i": -1, "f": 0.5})
        node.send_output("out", pyarrow.array(numpy.arange(70_000, dtype=numpy.uint8)), {"l": [1, 2], "e": []})
        node.send_output("out", pyarrow.array(["a", "b"]), {"t": ["x"], "fs": [1.0], "s": "text"})
        node.send_output("out", pyarrow.array([]))
        node.send_output("out", pyarrow.array(numpy.arange(100, dtype=numpy.uint8))[10:20])

say(saw="end")
