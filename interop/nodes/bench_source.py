"""For benchmarks/interop: sends at a fixed rate; the first eight bytes of a message say when it was due, by the monotonic clock in nanoseconds."""

import os
import time

import numpy
import pyarrow as pa
from dora import Node

rate, total, size = int(os.environ["RATE"]), int(os.environ["WARMUP"]) + int(os.environ["COUNT"]), int(os.environ["BYTES"])

node = Node()
time.sleep(2)  # until the paths between the nodes have settled
begin = time.monotonic_ns()
for index in range(total):
    due = begin + index * 1_000_000_000 // rate
    early = due - time.monotonic_ns()
    if early > 0:
        time.sleep(early / 1e9)
    payload = numpy.zeros(size, dtype=numpy.uint8)
    payload[:8].view(numpy.int64)[0] = due
    node.send_output("out", pa.array(payload))
time.sleep(1)
