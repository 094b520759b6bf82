"""For dora's test of queue_size and timeout: takes one message in 0.1 s of a sender of hundreds, and is yet to see fresh messages."""

import json
import time

from dora import Node

node = Node()
ages, numbers, timeouts = [], [], 0
while timeouts < 40:
    event = node.next(timeout=0.05)
    if event is None:
        timeouts += 1
        if numbers and timeouts > 20:
            break
        continue
    if event["type"] == "STOP":
        break
    if event["type"] == "INPUT":
        ages.append((time.perf_counter_ns() - event["value"][0].as_py()) / 1e9)
        numbers.append(event["value"][1].as_py())
        time.sleep(0.1)
with open("ages.json", "w", encoding="utf-8") as file:
    json.dump({"ages": ages, "numbers": numbers}, file)
