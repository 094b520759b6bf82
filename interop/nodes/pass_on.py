"""Sends what comes in on 'in' out on 'out' as it is: value and parameters."""

from dora import Node

node = Node()
for event in node:
    if event["type"] == "INPUT":
        parameters = {key: value for key, value in event["metadata"].items() if key != "timestamp"}
        node.send_output("out", event["value"], parameters)
