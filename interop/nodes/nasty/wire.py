"""As much of the node protocol as a node needs that means no good: it registers and subscribes by the book, and what comes then is up to it."""

import os
import re
import socket
import struct
import time
import uuid


class Peer:
    def __init__(self):
        config = os.environ["DORA_NODE_CONFIG"]
        self.address = re.search(r'"?socket_addr"?\s*:\s*"?([0-9.]+):([0-9]+)', config).groups()
        self.dataflow = uuid.UUID(re.search(r'"?dataflow_id"?\s*:\s*"?([0-9a-f-]{36})', config).group(1))
        self.node = re.search(r'"?node_id"?\s*:\s*"?([A-Za-z0-9_.-]+)', config).group(1)

    def connect(self):
        return socket.create_connection((self.address[0], int(self.address[1])), timeout=120)

    def registered(self):
        connection = self.connect()
        send(connection, b"\x00\x10" + self.dataflow.bytes + text(self.node) + text("1.1.0") + b"\x02")
        expect_ok(connection)
        return connection

    def subscribed(self):
        """The events, the close and the control connection, as a node of dora has them."""
        events, closing = self.registered(), self.connect()
        send(events, b"\x01")
        expect_ok(events)
        send(closing, b"\x00\x10" + self.dataflow.bytes + text(self.node) + text("1.1.0") + b"\x02")
        expect_ok(closing)
        return events, closing, self.registered()


def varint(number):
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def text(value):
    return varint(len(value)) + value.encode()


def timestamp():
    return varint(int(time.time() * 2**32) & ~0xF) + bytes(range(1, 17))


def send(connection, request):
    body = request + timestamp()
    connection.sendall(struct.pack("<Q", len(body)) + body)


def receive(connection):
    (length,) = struct.unpack("<Q", exactly(connection, 8))
    return exactly(connection, length)


def exactly(connection, length):
    data = b""
    while len(data) < length:
        piece = connection.recv(length - len(data))
        if not piece:
            raise SystemExit("the connection was closed on me")
        data += piece
    return data


def expect_ok(connection):
    reply = receive(connection)
    if reply != b"\x00\x00":
        raise SystemExit(f"refused: {reply!r}")
