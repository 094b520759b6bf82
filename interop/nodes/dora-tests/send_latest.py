"""For dora's test of queue_size 1: sends the time with each tick, for LASTS seconds."""

import time

import pyarrow as pa
from dora import Node

LASTS = 6

node = Node()
begin = time.monotonic()
for event in node:
    if event["type"] == "INPUT":
        node.send_output("data", pa.array([time.perf_counter_ns()]))
    if time.monotonic() - begin > LASTS:
        break
