"""Subscribes by the book, and prints 1 GB: half of it in lines, half of it in one."""

import os

import wire

connections = wire.Peer().subscribed()
lines = (b"x" * 99 + b"\n") * 10_000
one = b"y" * 1_000_000
for piece in (lines, one):
    for _ in range(int(os.environ.get("MEGABYTES", "1000")) // 2):
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(1, rest) :]
with open("flooded.txt", "w", encoding="utf-8") as file:
    file.write("all of it was taken\n")
