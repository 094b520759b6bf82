"""Subscribes by the book, and then sends frames of the right length with nonsense in them on its control connection, and fails."""

import random
import struct
import time

import wire

events, closing, control = wire.Peer().subscribed()
nonsense = random.Random(7).randbytes(200)
for _ in range(100):
    control.sendall(struct.pack("<Q", len(nonsense)) + nonsense)
time.sleep(2)
raise SystemExit("nothing more to say")
