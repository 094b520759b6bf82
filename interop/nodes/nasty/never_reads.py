"""Subscribes by the book, asks for events over and over, and reads none of the answers."""

import time

import wire

events, closing, control = wire.Peer().subscribed()
events.settimeout(1)
try:
    while True:
        wire.send(events, b"\x06")
except TimeoutError:
    pass
time.sleep(600)
