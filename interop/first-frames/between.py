"""Stands between a node and dora's own daemon, and shows every frame of both: for the facts of docs/dora-protocol.md.

A dataflow of `dora run` names it as the path of a node; the arguments are the node's own script and its arguments.
"""

import os
import re
import socket
import struct
import subprocess
import sys
import threading

LOCK = threading.Lock()
MOST_SHOWN = 2000


def copy(source, target, name):
    stream = source.makefile("rb")
    try:
        while len(header := stream.read(8)) == 8:
            body = stream.read(struct.unpack("<Q", header)[0])
            with LOCK:
                print("%s %d: %s" % (name, len(body), body[:MOST_SHOWN].hex()), flush=True)
            target.sendall(header + body)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the node or the daemon is gone, which is how each connection ends


def stand_between(address):
    host, port = address.rsplit(":", 1)
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        count = 0
        while True:
            node, _ = listener.accept()
            daemon = socket.create_connection((host, int(port)))
            count += 1
            for connection in (node, daemon):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=copy, args=(node, daemon, "%d >" % count), daemon=True).start()
            threading.Thread(target=copy, args=(daemon, node, "%d <" % count), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return "127.0.0.1:%d" % listener.getsockname()[1]


configuration = os.environ["DORA_NODE_CONFIG"]
address = re.search(r"socket_addr: (\S+)", configuration).group(1)
environment = {**os.environ, "DORA_NODE_CONFIG": configuration.replace(address, stand_between(address))}
# A process of its own, for a node that waits in its library lets no other thread of Python run.
sys.exit(subprocess.run([sys.executable, "-u", *sys.argv[1:]], env=environment).returncode)
