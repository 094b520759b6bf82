"""Runs a real dora node (dora-rs from PyPI) against a server of a few lines, and shows what it sends: the facts of docs/dora-protocol.md.

    python first_frames.py PYTHON [--zenoh file|variables|none] [--set NAME=VALUE ...]

PYTHON is an interpreter in whose environment dora-rs and pyarrow are installed. The codec here is written apart from the one in Java, from the
description only, so that the two check each other.
"""

import argparse
import json
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import uuid

HERE = pathlib.Path(__file__).resolve().parent
MOST_SHOWN = 96
QUIET_ZENOH = """{ mode: "peer", listen: { endpoints: [] }, connect: { endpoints: [] },
  scouting: { multicast: { enabled: false }, gossip: { enabled: false } },
  transport: { shared_memory: { enabled: false } } }
"""
REQUESTS = ["Register", "Subscribe", "SendMessage", "OutputSent", "CloseOutputs", "OutputsDone", "NextEvent"]
REQUESTS += ["EventStreamDropped", "NodeConfig", "ExtensionStore", "ExtensionLoad", "ExtensionDrop", "ExtensionRequest"]
WITHOUT_REPLY = ("SendMessage", "OutputSent")
DEADLINE_S = 60


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def text(value):
    raw = value.encode()
    return varint(len(raw)) + raw


def timestamp():
    return varint(int(time.time() * 2**32) & ~0xF) + bytes(range(0xA0, 0xB0))


def parameter(value):
    if isinstance(value, bool):
        return bytes([0, value])
    if isinstance(value, str):
        return bytes([2]) + text(value)
    return bytes([1]) + varint(value << 1)


def input_event(name, data=None, **parameters):
    time_bytes = timestamp()
    event = bytes([2]) + text(name) + bytes([2]) + time_bytes + varint(len(parameters))
    for key in sorted(parameters):
        event += text(key) + parameter(parameters[key])
    event += b"\0" if data is None else b"\1\0" + varint(len(data)) + data
    return event + time_bytes


def next_events(*events):
    return b"\1" + varint(len(events)) + b"".join(events)


def plain_bytes(payload):
    """The stream that ArrowBytes writes."""
    message = struct.pack("<i6H", 16, 12, 20, 16, 18, 4, 8)
    schema = message + struct.pack("<iiqHBB", 12, 24, 0, 4, 1, 0) + struct.pack("<4Hii", 8, 8, 0, 4, 8, 4)
    schema += struct.pack("<ii8H", 1, 20, 16, 18, 4, 16, 17, 8, 0, 12) + struct.pack("<iiiiBBH", 16, 16, 32, 36, 1, 2, 0)
    schema += struct.pack("<i8s", 4, b"data") + struct.pack("<4Hiii", 8, 8, 4, 0, 8, 8, 0)
    padded = -(-len(payload) // 8) * 8
    batch = message + struct.pack("<iiqHBB", 12, 32, padded, 4, 3, 0) + struct.pack("<8H", 10, 20, 4, 12, 16, 0, 0, 0)
    batch += struct.pack("<iqiii", 16, len(payload), 12, 32, 0) + struct.pack("<iqqi", 1, len(payload), 0, 0)
    batch += struct.pack("<iqqqq", 2, 0, 0, 0, len(payload))
    frames = b"".join(struct.pack("<ii", -1, len(each)) + each for each in (schema, batch))
    return frames + payload.ljust(padded, b"\0") + struct.pack("<ii", -1, 0)


class Server:
    def __init__(self, stop_ports_of):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "%s:%d" % self.listener.getsockname()
        self.lock = threading.Lock()
        self.begin = time.monotonic()
        self.replies = [
            next_events(input_event("tick")),
            next_events(input_event("in", plain_bytes(b"hello, dora"), _framing="arrow-ipc", answer=42)),
            next_events(input_event("in", plain_bytes(b""), _framing="arrow-ipc")),
            next_events(input_event("in", b"these bytes are no Arrow")),
            next_events(bytes([0]) + timestamp()),
            next_events(),
        ]
        self.dropped = threading.Event()
        self.on_events = stop_ports_of
        self.connections = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def say(self, what):
        with self.lock:
            print("%7.3f s  %s" % (time.monotonic() - self.begin, what), flush=True)

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            self.connections += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            name = "connection %d" % self.connections
            self.say(name + ": open")
            threading.Thread(target=self.serve, args=(connection, name), daemon=True).start()

    def serve(self, connection, name):
        stream = connection.makefile("rb")
        try:
            while True:
                header = stream.read(8)
                if len(header) < 8:
                    break
                (length,) = struct.unpack("<Q", header)
                body = stream.read(length)
                self.show(name, length, body)
                reply = self.reply(body[0])
                if reply is not None:
                    connection.sendall(struct.pack("<Q", len(reply)) + reply)
        except ConnectionError as error:
            self.say("%s: %s" % (name, error))
        self.say(name + ": closed")

    def show(self, name, length, body):
        kind = REQUESTS[body[0]] if body[0] < len(REQUESTS) else "unknown request %d" % body[0]
        shown = body[:MOST_SHOWN].hex(" ") + (" ..." if length > MOST_SHOWN else "")
        self.say("%s: %s, %d bytes: %s" % (name, kind, length, shown))
        if kind == "SendMessage" and length < 2000:
            self.say("    in full: " + body.hex())

    def reply(self, index):
        kind = REQUESTS[index] if index < len(REQUESTS) else ""
        if kind in WITHOUT_REPLY:
            return None
        if kind == "NextEvent":
            return self.next_reply()
        if kind == "ExtensionLoad":
            return b"\3\0"
        return b"\0\0"

    def next_reply(self):
        if len(self.replies) > 1:
            if self.on_events is not None:
                self.on_events()
            return self.replies.pop(0)
        return self.replies[0]


def configuration(address):
    """JSON with the one tag of YAML, as our runtime writes it."""
    tree = {
        "dataflow_id": str(uuid.uuid4()),
        "node_id": "echo",
        "run_config": {"inputs": {"in": "src/out", "tick": "dora/timer/millis/100"}, "outputs": ["out"]},
        "daemon_communication": "TAG",
        "dataflow_descriptor": None,
        "dynamic": False,
        "write_events_to": None,
        "restart_count": 0,
        "output_routing": {"out": {"daemon_only": True, "required_ackers": []}},
    }
    return json.dumps(tree).replace('"TAG"', '!Tcp {"socket_addr": "%s"}' % address)


def ports(pid):
    """Every socket that the process has, from /proc: TCP in state LISTEN, and all of UDP."""
    inodes = set()
    for entry in pathlib.Path("/proc/%d/fd" % pid).iterdir():
        try:
            target = os.readlink(entry)
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in pathlib.Path("/proc/net/" + table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in inodes and (table.startswith("udp") or fields[3] == "0A"):
                found.append("%s %s" % (table, fields[1]))
    return found or ["none"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python")
    parser.add_argument("--zenoh", choices=["file", "variables", "none"], default="file")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()

    child = None
    shown = threading.Event()

    def show_ports():
        if child is not None and not shown.is_set():
            shown.set()
            server.say("ports of the node (listening TCP, all UDP): " + ", ".join(ports(child.pid)))

    server = Server(show_ports)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DORA_NODE_CONFIG": configuration(server.address), "PYTHONUNBUFFERED": "1"}
        environment["DORA_ZERO_COPY_THRESHOLD"] = "1073741824"
        environment["DORA_NODE_SHM_POOL_SIZE"] = "65536"
        if arguments.zenoh == "file":
            path = pathlib.Path(folder, "zenoh.json5")
            path.write_text(QUIET_ZENOH)
            environment["ZENOH_CONFIG"] = str(path)
        elif arguments.zenoh == "variables":
            environment.update(DORA_ZENOH_LISTEN="tcp/127.0.0.1:0", DORA_ZENOH_MULTICAST="off")
        environment.update(pair.split("=", 1) for pair in arguments.set)
        server.say("the node is started with " + environment["DORA_NODE_CONFIG"])
        child = subprocess.Popen([arguments.python, "-u", str(HERE / "node.py")], env=environment, cwd=folder,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            for line in child.stdout:
                server.say("node: " + line.rstrip())
            code = child.wait(DEADLINE_S)
        finally:
            child.kill()
        server.say("exit code %d, %d connections" % (code, server.connections))
    return 0 if code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
