"""Expects what a Java node sends as plain bytes: UInt8 arrays whose elements are number, number + 1 ... Sends each back, and the type on 'type'."""

import pyarrow as pa
from dora import Node

node = Node()
for event in node:
    if event["type"] == "INPUT":
        value = event["value"]
        node.send_output("back", value)
        node.send_output("type", pa.array([f"{value.type} x {len(value)}"]))
