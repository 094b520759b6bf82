"""Speaks first as nodes for dora before 1.0 do."""

import struct

import wire

peer = wire.Peer()
connection = peer.connect()
body = struct.pack("<IQ", 0, 16) + peer.dataflow.bytes + struct.pack("<Q", len(peer.node)) + peer.node.encode() + struct.pack("<Q", 5) + b"0.8.0" + bytes(24)
connection.sendall(struct.pack("<Q", len(body)) + body)
wire.exactly(connection, 1 << 30)
