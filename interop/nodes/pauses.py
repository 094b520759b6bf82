"""Sends five numbers, says nothing for PAUSE seconds, and sends five more."""

import os
import time

import pyarrow as pa
from dora import Node

node = Node()
for number in range(10):
    if number == 5:
        time.sleep(float(os.environ.get("PAUSE", "2")))
    node.send_output("numbers", pa.array([number], type=pa.int64()))
    time.sleep(0.05)
