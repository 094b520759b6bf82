"""Sends 0, 1, 2 ... as int64 arrays on the output 'numbers': COUNT of them, one every EVERY seconds, each with its number as a parameter.

If it has an input 'ready' it waits for a message there before it begins. DELAY: seconds before it begins; LINGER: seconds
that it stays when it has sent all of them.
"""

import os
import time

import pyarrow as pa
from dora import Node

count = int(os.environ.get("COUNT", "100"))
every = float(os.environ.get("EVERY", "0.01"))

node = Node()
if "ready" in node.node_config()["inputs"]:
    while node.next()["type"] != "INPUT":
        pass
time.sleep(float(os.environ.get("DELAY", "0")))
begin = time.monotonic()
for number in range(count):
    node.send_output("numbers", pa.array([number], type=pa.int64()), {"number": number})
    time.sleep(max(0.0, begin + (number + 1) * every - time.monotonic()))
time.sleep(float(os.environ.get("LINGER", "0")))
