"""Waits until it is told to stop, and writes what it was told to stops.json. IGNORE: goes on for ever after that."""

import json
import os
import signal
import time

from dora import Node

node = Node()
for event in node:
    if event["type"] == "STOP":
        with open("stops.json", "w", encoding="utf-8") as file:
            json.dump({"id": event["id"]}, file)
        break
if "IGNORE" in os.environ:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(60)
