"""Subscribes by the book, then hears no event and no signal."""

import signal
import time

import wire

connections = wire.Peer().subscribed()
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
while True:
    time.sleep(600)
