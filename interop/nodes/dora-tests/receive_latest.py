"""For dora's test of queue_size 1: is late to begin with and slow after that, and is yet to see fresh messages. Their ages go to ages.json."""

import json
import time

from dora import Node

node = Node()
time.sleep(3)
ages = []
for event in node:
    if event["type"] == "INPUT":
        ages.append((time.perf_counter_ns() - event["value"][0].as_py()) / 1e9)
        with open("ages.json", "w", encoding="utf-8") as file:
            json.dump(ages, file)
        time.sleep(0.5)
