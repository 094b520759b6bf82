"""Sends every value of samples.py once, with all of its parameters and its name."""

import time

import samples
from dora import Node

node = Node()
for name, value in samples.VALUES.items():
    node.send_output("values", value, {"name": name, **samples.PARAMETERS})
    time.sleep(0.02)
