"""What a scenario is made of: a directory of its own, a dataflow in it, an engine that runs it, and claims about what came of that. Standard library only."""

import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
import xml.sax.saxutils
from pathlib import Path

HERE = Path(__file__).resolve().parent
MARK = "INTEROP_SCENARIO"


class Failed(Exception):
    """A claim does not hold."""


class Millrace:
    name = "millrace"

    def __init__(self, launcher, classes):
        self.launcher = launcher
        self.classes = classes

    def command(self, flow, options):
        return [self.launcher, "run", *(["--class-path", self.classes] if self.classes else []), *options, str(flow)]


class Dora:
    """The real one, as the reference. It knows none of our options."""

    name = "dora"

    def __init__(self, program):
        self.program = program

    def command(self, flow, options):
        return [self.program, "run", str(flow)]


class Run:
    """A dataflow under way, and afterwards what it left behind."""

    def __init__(self, process, directory, began):
        self.process = process
        self.directory = directory
        self.began = began
        self.code = None

    @property
    def output(self):
        return (self.directory / "output.txt").read_text(encoding="utf-8", errors="replace")

    def wait(self, seconds):
        try:
            self.code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Failed(f"still ran after {seconds} s") from None
        self.seconds = time.monotonic() - self.began
        return self

    def signal(self, number):
        self.process.send_signal(number)

    def await_output(self, pattern, seconds=60):
        await_that(lambda: re.search(pattern, self.output), f"the output had '{pattern}'", seconds)

    def ended_with(self, *codes):
        if self.code not in codes:
            raise Failed(f"exit code {self.code}, expected {' or '.join(map(str, codes))}")

    def says(self, *patterns):
        """One line of the output has all of the patterns."""
        for line in self.output.splitlines():
            if all(re.search(pattern, line, re.IGNORECASE) for pattern in patterns):
                return line
        raise Failed(f"no line of the output has all of {list(patterns)}")

    def has_no_stack_trace(self):
        for line in self.output.splitlines():
            if re.match(r"\s+at [\w.$/]+\(", line):
                raise Failed(f"a stack trace came out: {line.strip()}")


class Bench:
    """Where one scenario takes place."""

    def __init__(self, name, engine, environment, root):
        self.name = name
        self.engine = engine
        self.root = root / engine.name / name
        shutil.rmtree(self.root, ignore_errors=True)
        self.flows = self.root / "flows"
        self.flows.mkdir(parents=True)
        shutil.copytree(HERE / "nodes", self.root / "nodes")
        self.mark = f"{engine.name}-{name}-{os.getpid()}"
        self.environment = {**environment, MARK: self.mark}
        self.children = []
        self.notes = []

    def note(self, text):
        """Is printed below what came of it."""
        self.notes.append(text)

    def flow(self, name, text=None):
        """The dataflow of that name, copied to where it runs."""
        path = self.flows / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if text is not None else (HERE / "flows" / name).read_text(encoding="utf-8"), encoding="utf-8")
        return path

    def start(self, flow, *options, env=None):
        """Starts a dataflow that is here already, or is copied."""
        path = flow if isinstance(flow, Path) else self.flow(flow)
        with open(self.root / "output.txt", "w", encoding="utf-8") as output:
            process = subprocess.Popen(
                self.engine.command(path, options),
                cwd=self.root,
                env={**self.environment, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.children.append(process)
        return Run(process, self.root, time.monotonic())

    def run(self, flow, *options, seconds=90, env=None):
        return self.start(flow, *options, env=env).wait(seconds)

    def program(self, *command, given=None):
        """A program beside the dataflow, as a user would start it by hand."""
        process = subprocess.Popen(
            command, cwd=self.flows, env=self.environment, stdin=subprocess.PIPE if given is not None else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.children.append(process)
        return process

    def events(self, file="record.jsonl"):
        path = self.flows / file
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    def numbers(self, input_id, file="record.jsonl"):
        return [event["value"]["values"][0] for event in self.events(file) if event["type"] == "INPUT" and event["id"] == input_id]

    def kinds(self, file="record.jsonl"):
        return [event["type"] for event in self.events(file)]

    def json(self, file):
        path = self.flows / file
        if not path.exists():
            raise Failed(f"{file} was not written")
        return json.loads(path.read_text(encoding="utf-8"))

    def left_behind(self):
        """Processes that carry this scenario's mark, by number and command line."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if f"{MARK}={self.mark}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                        found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                except OSError:
                    continue  # it has just ended, or is somebody else's
        return {number: command for number, command in found.items() if command}  # without one it is a zombie, and its parent's

    def nothing_left(self, seconds=10):
        await_that(lambda: not self.left_behind(), lambda: f"none of its processes was left: {list(self.left_behind().values())}", seconds)

    def clear(self):
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.wait()
        for number in self.left_behind():
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue


def heed_interrupts():
    """What a shell's background job starts would ignore Ctrl-C, and so would all that it starts; what is handled here is not ignored there."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def that(holds, claim):
    if not holds:
        raise Failed(claim)


def same(actual, expected, what):
    if actual != expected:
        raise Failed(f"{what}: {shortened(actual)}, expected {shortened(expected)}")


def shortened(value):
    text = str(value)
    return text if len(text) <= 300 else text[:200] + " ... " + text[-80:]


def await_that(condition, claim, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Failed(f"it did not come about within {seconds} s that {claim() if callable(claim) else claim}")
        time.sleep(0.05)


class Report:
    """What came of each scenario: one line each, at the end those that failed or were skipped, and the same as a test report."""

    def __init__(self, engine):
        self.engine = engine
        self.results = []
        self.lock = threading.Lock()

    def add(self, name, outcome, reason="", seconds=0.0, notes=()):
        """Any thread."""
        lines = [f"{outcome:8}{name} ({seconds:.1f} s){': ' + reason if reason else ''}", *("        " + note for note in notes)]
        with self.lock:
            self.results.append((name, outcome, reason, seconds))
            print("\n".join(lines), flush=True)

    def count(self, outcome):
        return sum(1 for result in self.results if result[1] == outcome)

    def close(self, directory):
        for outcome in ("failed", "skipped"):
            if self.count(outcome):
                print(f"== {outcome}")
                for name, result, reason, _ in self.results:
                    if result == outcome:
                        print(f"  interop.{self.engine}.{name}: {reason}")
        print(f"{self.count('passed')} passed, {self.count('failed')} failed, {self.count('skipped')} skipped", flush=True)
        if directory:
            Path(directory).mkdir(parents=True, exist_ok=True)
            (Path(directory) / f"TEST-interop.{self.engine}.xml").write_text(self.xml(), encoding="utf-8")

    def xml(self):
        quoted = xml.sax.saxutils.quoteattr
        suite = f"interop.{self.engine}"
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuite name={quoted(suite)} tests={quoted(str(len(self.results)))}>"]
        for name, outcome, reason, seconds in self.results:
            inside = {"passed": "", "failed": f"<failure message={quoted(reason)}/>", "skipped": f"<skipped message={quoted(reason)}/>"}[outcome]
            lines.append(f'<testcase classname={quoted(suite)} name={quoted(name)} time="{seconds:.3f}">{inside}</testcase>')
        return "\n".join([*lines, "</testsuite>", ""])
