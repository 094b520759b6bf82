"""Sends 40 MiB, then tries 80 MiB, and writes what became of that to large.json."""

import json
import time

import numpy
import pyarrow as pa
from dora import Node

node = Node()
node.send_output("large", pa.array(numpy.zeros(40 << 20, dtype=numpy.uint8)))
try:
    node.send_output("large", pa.array(numpy.zeros(80 << 20, dtype=numpy.uint8)))
    outcome = "taken"
except Exception as error:  # whatever it is, it is what this node is here to find out
    outcome = str(error)
with open("large.json", "w", encoding="utf-8") as file:
    json.dump({"outcome": outcome}, file)
time.sleep(1)
