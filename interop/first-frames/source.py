"""Sends two numbers and ends with the exit code that it is given."""

import sys
import time

import pyarrow
from dora import Node

node = Node()
count = 0
for event in node:
    if event["type"] == "INPUT":
        node.send_output("out", pyarrow.array([count], type=pyarrow.int64()), {"i": count})
        count += 1
        if count == 2:
            break
time.sleep(0.3)  # its messages arrive before its end does
sys.exit(int(sys.argv[1]))
