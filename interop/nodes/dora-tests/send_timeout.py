"""For dora's test of queue_size and timeout: sends time and number as fast as next(timeout) lets it, for 3 s."""

import time

import pyarrow as pa
from dora import Node

node = Node()
begin = time.monotonic()
number = 0
while time.monotonic() - begin < 3:
    node.send_output("ts", pa.array([time.perf_counter_ns(), number]))
    number += 1
    time.sleep(0.001)
    event = node.next(timeout=0.001)
    if event is not None and event["type"] == "STOP":
        break
