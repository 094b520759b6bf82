"""Writes each event that it is sent as one line of JSON to the file RECORD in its working directory.

FIRST: seconds that it sleeps before it looks at its first event; EACH: seconds that it sleeps after each.
"""

import json
import os
import time

from dora import Node


def plain(value):
    if hasattr(value, "to_pylist"):
        return {"type": str(value.type), "values": value.to_pylist() if len(value) <= 1000 else f"{len(value)} values"}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


node = Node()
time.sleep(float(os.environ.get("FIRST", "0")))
with open(os.environ.get("RECORD", "record.jsonl"), "a", encoding="utf-8") as record:
    for event in node:
        line = {key: plain(event[key]) for key in event if not key.startswith("_")}
        line["at"] = time.monotonic()
        print(json.dumps(line), file=record, flush=True)
        time.sleep(float(os.environ.get("EACH", "0")))
    print(json.dumps({"type": "END"}), file=record, flush=True)
