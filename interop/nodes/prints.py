"""Prints ten lines."""

import time

from dora import Node

node = Node()
for number in range(10):
    print(f"line {number}", flush=True)
time.sleep(1)
