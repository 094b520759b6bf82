"""Sends COUNT arrays of bytes on the output 'bytes', each one longer than the one before, one every EVERY seconds."""

import os
import time

import pyarrow as pa
from dora import Node

node = Node()
for length in range(1, int(os.environ.get("COUNT", "20")) + 1):
    node.send_output("bytes", pa.array(range(length), type=pa.uint8()))
    time.sleep(float(os.environ.get("EVERY", "0.02")))
