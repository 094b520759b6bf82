"""Compares what comes in with samples.py, and writes what it found to types.json: for each name 'same', or how it differs."""

import json

import samples
from dora import Node

found = {}
node = Node()
for event in node:
    if event["type"] != "INPUT":
        continue
    metadata = dict(event["metadata"])
    name = metadata.pop("name")
    metadata.pop("timestamp", None)
    sent = samples.VALUES[name]
    got = event["value"]
    if got.type != sent.type or not got.equals(sent):
        found[name] = f"sent {sent.type} of {len(sent)}, received {got.type} of {len(got)}"
    elif metadata != samples.PARAMETERS:
        found[name] = f"sent the parameters {samples.PARAMETERS}, received {metadata}"
    else:
        found[name] = "same"

with open("types.json", "w", encoding="utf-8") as file:
    json.dump({name: found.get(name, "not received") for name in samples.VALUES}, file)
