"""Subscribes by the book, and then announces a frame of 2**62 bytes (FRAME) or a text of 2**40 bytes within a frame of 40 (TEXT)."""

import os
import struct

import wire

events, closing, control = wire.Peer().subscribed()
if "FRAME" in os.environ:
    control.sendall(struct.pack("<Q", 1 << 62) + b"and so on")
else:
    body = b"\x02" + wire.varint(1 << 40)
    body += bytes(40 - len(body))
    control.sendall(struct.pack("<Q", len(body)) + body)
wire.exactly(control, 1 << 30)
