"""Its first words are no protocol at all; when the connection is closed on it, it gives up."""

import random

import wire

connection = wire.Peer().connect()
connection.sendall(random.Random(7).randbytes(1 << 20))
wire.exactly(connection, 1 << 30)
