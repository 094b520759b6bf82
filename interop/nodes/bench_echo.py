"""For benchmarks/interop: the Python node in the middle sends back what it is sent."""

from dora import Node

node = Node()
for event in node:
    if event["type"] == "INPUT":
        node.send_output("out", event["value"])
