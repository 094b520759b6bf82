"""Begins a frame, and never ends it."""

import struct
import time

import wire

connection = wire.Peer().connect()
connection.sendall(struct.pack("<Q", 100) + b"\x00\x10")
time.sleep(600)
