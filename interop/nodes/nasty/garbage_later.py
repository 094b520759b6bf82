"""Subscribes by the book, and then sends frames of the right length with nonsense in them on its control connection."""

import random
import struct
import time

import wire

events, closing, control = wire.Peer().subscribed()
nonsense = random.Random(7).randbytes(200)
for _ in range(100):
    control.sendall(struct.pack("<Q", len(nonsense)) + nonsense)
wire.exactly(control, 1 << 30)
time.sleep(1)
