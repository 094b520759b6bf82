"""Subscribes by the book, leaves two children behind, and ends well."""

import subprocess

import wire

connections = wire.Peer().subscribed()
for _ in range(2):
    subprocess.Popen(["sleep", "600"])
wire.send(connections[2], b"\x05")
wire.expect_ok(connections[2])
