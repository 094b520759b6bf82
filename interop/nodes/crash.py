"""Passes AFTER messages on from 'in' to 'out', then exits with CODE; a negative CODE is a signal that it sends to itself. LIVES: how often, then it goes on for ever.

Each life adds a line to lives.txt.
"""

import os

from dora import Node

after = int(os.environ.get("AFTER", "5"))
code = int(os.environ.get("CODE", "3"))

node = Node()
with open("lives.txt", "a+", encoding="utf-8") as file:
    file.write("started\n")
    file.seek(0)
    life = len(file.readlines())
fatal = life <= int(os.environ.get("LIVES", "1"))

passed = 0
for event in node:
    if event["type"] == "INPUT":
        node.send_output("out", event["value"], {"life": life})
        passed += 1
        if fatal and passed == after:
            print("this is the end", flush=True)
            if code < 0:
                os.kill(os.getpid(), -code)
            os._exit(code)
