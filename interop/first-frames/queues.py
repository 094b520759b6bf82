"""Shows what a node keeps and what it drops when it looks at its inputs too late, and which texts its configuration may hold.

    python queues.py PYTHON
"""

import json
import os
import subprocess
import sys
import tempfile
import time

import first_frames as wire

NODE = """
import time
from dora import Node
node = Node()
time.sleep(1)
got = []
closed = None
for event in node:
    if event["type"] == "INPUT":
        got.append(event["metadata"]["i"])
    elif event["type"] == "INPUT_CLOSED":
        closed = len(got)
print("got %d, from %s to %s, in order: %s; InputClosed after %s of them"
      % (len(got), got[:1], got[-1:], got == sorted(got), closed))
"""
DESCRIPTOR = """
from dora import Node
print(ascii(Node().dataflow_descriptor()["nodes"][0]["path"]))
"""
TEXT = "caf\u00e9 \u20ac \U0001f600 \u0085 \x7f \ufeff end"


class Crowd(wire.Server):
    """Offers as many events as the node asks for."""

    def __init__(self, batches, events):
        super().__init__(lambda: None)
        self.batches = batches
        self.events = events
        self.count = 0
        self.asked = []

    def say(self, what):
        pass

    def next_reply(self):
        self.asked.append(time.monotonic())
        if len(self.asked) <= self.batches:
            batch = [wire.input_event("in", i=self.count + i) for i in range(self.events)]
            self.count += self.events
            return wire.next_events(*batch)
        if len(self.asked) == self.batches + 1:
            closed = bytes([3]) + wire.text("in") + wire.timestamp()
            return wire.next_events(closed, bytes([6]) + wire.timestamp())
        return wire.next_events()


def run(python, script, configuration):
    with tempfile.TemporaryDirectory() as folder:
        zenoh = os.path.join(folder, "zenoh.json5")
        with open(zenoh, "w") as file:
            file.write(wire.QUIET_ZENOH)
        environment = {**os.environ, "DORA_NODE_CONFIG": configuration, "ZENOH_CONFIG": zenoh}
        return subprocess.run([python, "-c", script], env=environment, capture_output=True, text=True, timeout=60)


def queue(python, size, policy, batches, events):
    server = Crowd(batches, events)
    configuration = wire.configuration("TAG")
    configuration["run_config"]["inputs"] = {"in": {"source": "src/out", "queue_size": size, "queue_policy": policy}}
    ended = run(python, NODE, wire.tagged(configuration, server.address))
    said = ended.stdout.strip().splitlines()[-1:] or [ended.stderr[-300:]]
    dropped = sum(line.count("Discarding") + line.count("dropping") for line in (ended.stdout + ended.stderr).splitlines())
    pause = max((b - a for a, b in zip(server.asked, server.asked[1:])), default=0)
    print("queue_size %d, %s, %d replies of %d events: %s; %d lines about drops; longest pause between two requests %.2f s"
          % (size, policy, batches, events, said[0], dropped, pause), flush=True)


def text(python, name, escaped):
    server = Crowd(0, 0)
    descriptor = {"nodes": [{"id": "echo", "path": "NAME", "outputs": ["out"]}]}
    configuration = wire.tagged(wire.configuration("TAG", descriptor=descriptor), server.address)
    ended = run(python, DESCRIPTOR, configuration.replace("NAME", escaped))
    is_same = ended.stdout.strip().endswith(ascii(TEXT))
    print("%s: %s" % (name, "read as written" if is_same else "refused, exit code %d" % ended.returncode), flush=True)


def main(python):
    escaped = json.dumps(TEXT)[1:-1].replace("\x7f", "\\u007f")
    text(python, "beyond 16 bits as a pair of surrogates", escaped)
    text(python, "beyond 16 bits as YAML escapes it", escaped.replace("\\ud83d\\ude00", "\\U0001f600"))
    queue(python, 10, "drop_oldest", 1, 1000)
    queue(python, 10, "backpressure", 1, 1000)
    queue(python, 1, "backpressure", 1, 300)
    queue(python, 1000, "drop_oldest", 1, 1000)
    queue(python, 1000, "backpressure", 40, 1000)
    queue(python, 1_000_000, "backpressure", 20, 1000)
    queue(python, 10**15, "backpressure", 1, 1000)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
