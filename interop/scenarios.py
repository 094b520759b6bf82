"""Dataflows with programs that nobody here wrote, or that mean no good, each run and judged. Started by 'run', which says how."""

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness import HERE, Bench, Dora, Failed, Millrace, Report, await_that, heed_interrupts, same, that

SCENARIOS = {}

NEEDS = ("pypi", "java", "rust", "c", "native")

# Nodes that are started by hand ask at one port of the machine.
BY_HAND = threading.Lock()


def scenario(*needs, only=None, first=False, alone=False, lock=None):
    """
    Registers a scenario by the name of its function. It needs 'pypi', 'java', 'rust', 'c', 'native' or 'old_java', 'conformance'; 'only' names the engine that it makes sense with.
    As a rule some run at a time: 'first' is begun before the others, for it takes long; one that is 'alone' looks at times; a 'lock' is held by one at a time.
    """

    def register(function):
        SCENARIOS[function.__name__.replace("_", "-")] = (function, needs, only, first, alone, lock or contextlib.nullcontext())
        return function

    return register


# Nodes of dora's public library, as they are.


@scenario("pypi")
def echo(bench):
    """pyarrow-sender, dora-echo and pyarrow-assert."""
    run = bench.run("echo.yml")
    run.ended_with(0)
    same([event["value"]["values"] for event in bench.events() if event["type"] == "INPUT"], [[1, 2, 3, 4, 5]], "what dora-echo sent")


@scenario("pypi")
def assert_fails(bench):
    """pyarrow-assert expects something else: the dataflow fails, and says by whose fault."""
    run = bench.run("assert-fails.yml")
    run.ended_with(1)
    run.says("assert", "Expected")


@scenario("pypi", lock=BY_HAND)
def terminal_input(bench):
    """terminal-input is a dynamic node: what is typed into it arrives."""
    run = bench.start("terminal-input.yml")
    await_dynamic(bench, run)
    typed = bench.program("terminal-input", given=True)
    typed.stdin.write("[1, 2, 3]\nhello\n")
    typed.stdin.flush()
    await_that(lambda: bench.kinds().count("INPUT") == 2, "both lines arrived")
    typed.stdin.close()  # it ends with an error of its own, for there is no more to read
    typed.wait(60)
    run.wait(60).ended_with(0)
    same([event["value"]["values"] for event in bench.events() if event["type"] == "INPUT"], [[1, 2, 3], ["hello"]], "what was typed")


@scenario("pypi")
def parquet_recorder(bench):
    """dora-parquet-recorder 0.5.0 says READY and receives everything; that it cannot write it is between it and dora 1.x, whose metadata has a time in it."""
    run = bench.run("parquet-recorder.yml")
    run.ended_with(0)
    same([event["value"]["values"] for event in bench.events() if event["type"] == "INPUT"], [["READY"]], "its status")
    same(run.output.count("Serialize error: Object of type datetime is not JSON serializable"), 60, "messages that it received, and could not write")
    import pyarrow.parquet

    rows = pyarrow.parquet.read_table(bench.flows / "numbers.parquet").to_pylist()
    same([row["number"] for row in rows], list(range(60)), "what a recorder of ours wrote beside it")


@scenario("pypi")
def camera(bench):
    """dora-openarm-dummy-camera makes images of 1.7 MB, which dora-openarm-quitter sends on with their metadata."""
    bench.run("camera.yml").ended_with(0)
    images = [event for event in bench.events() if event["type"] == "INPUT"]
    same([image["value"] for image in images], [{"type": "uint8", "values": f"{960 * 600 * 3} values"}] * 30, "images")
    same({(image["metadata"]["encoding"], image["metadata"]["width"], image["metadata"]["height"]) for image in images}, {("rgb8", 960, 600)}, "their metadata")


# Payloads and parameters.


@scenario("pypi")
def types(bench):
    """Values and parameters of every kind go through a Python node unchanged."""
    bench.run("types.yml").ended_with(0)
    all_the_same(bench.json("types.json"))


@scenario("pypi", "java", only="millrace")
def types_java(bench):
    """They go through a Java node unchanged."""
    bench.run("types-java.yml").ended_with(0)
    all_the_same(bench.json("types.json"))


@scenario("pypi", "java", only="millrace")
def bytes_java(bench):
    """Plain bytes of a Java node are UInt8 arrays to a Python node, and come back as bytes."""
    run = bench.run("bytes-java.yml")
    run.ended_with(0)
    run.says("bytes that came back: all the same$")
    same(bench.numbers("type"), [f"uint8 x {length}" for length in (1, 7, 64, 4096, 5000, 1_000_000)], "what Python saw")


@scenario("pypi")
def large(bench):
    """40 MiB pass; 80 MiB are refused where they are sent, by the name of the output."""
    bench.run("large.yml").ended_with(0)
    that("large" in bench.json("large.json")["outcome"], f"80 MiB: {bench.json('large.json')['outcome']}")
    same([event["value"]["values"] for event in bench.events() if event["type"] == "INPUT"], [f"{40 << 20} values"], "what arrived")


# Operators, dynamic nodes, logs, stop.


@scenario("pypi")
def operator(bench):
    """An operator in Python, run by dora's own runtime."""
    bench.run("operator.yml").ended_with(0)
    same(bench.numbers("doubled"), [2 * number for number in range(50)], "the doubled numbers")


@scenario("pypi", first=True, lock=BY_HAND)
def dynamic(bench):
    """A node that is started by hand takes part, and leaves; the others go on."""
    run = bench.start("dynamic.yml")
    await_dynamic(bench, run)
    plot = bench.program(sys.executable, "../nodes/dynamic.py")
    same(plot.wait(60), 0, "its exit code")
    run.wait(90).ended_with(0)
    squares = bench.numbers("squares")
    same(len(squares), 10, "squares that arrived")
    that(squares == sorted(squares), f"squares out of order: {squares}")


@scenario("pypi")
def stdout(bench):
    """What a node prints is an output. What would keep dora's library from starting is not inherited."""
    overlay = {"DORA_ZENOH_CONFIG_OVERLAY": "mode=nonsense", "ZENOH_CONFIG": "/there/is/no.json5", "DORA_NODE_CONFIG": "{}"}
    bench.run("stdout.yml", env=overlay if bench.engine.name == "millrace" else None).ended_with(0)
    same([line.strip() for line in bench.numbers("lines")], [f"line {number}" for number in range(10)], "the lines")


@scenario("pypi")
def stop(bench):
    """Ctrl-C: every node is told, and the dataflow ends in order."""
    run = bench.start("stop.yml")
    await_that(lambda: len(bench.numbers("numbers")) >= 3, "numbers arrived")
    run.signal(signal.SIGINT)
    run.wait(60)
    run.ended_with(130 if bench.engine.name == "millrace" else 0)
    same(bench.json("stops.json")["id"], "MANUAL", "what the node was told")


# dora's own tests, with node programs of our own.


@scenario("pypi", "conformance", alone=True)
def dora_queue_size_latest(bench):
    """tests/queue_size_latest_data_python: with queue_size 1 a slow node sees none but the latest."""
    flow = dora_test(bench, "queue_size_latest_data_python/dataflow.yaml", {"send_data.py": "send_latest.py", "receive_data.py": "receive_latest.py"})
    bench.run(flow).ended_with(0)
    ages = bench.json(flow.parent / "ages.json")
    # The first one may be older: dora's API, not what delivers to it, keeps the 64 messages that came first.
    that(len(ages) >= 3 and max(ages[1:]) < 1, f"ages {ages}")


@scenario("pypi", "conformance", alone=True)
def dora_queue_size_and_timeout(bench):
    """tests/queue_size_and_timeout_python: next(timeout), and the default queue of ten drops its oldest."""
    flow = dora_test(bench, "queue_size_and_timeout_python/dataflow.yaml", {"send_data.py": "send_timeout.py", "receive_data.py": "receive_timeout.py"})
    bench.run(flow).ended_with(0)
    found = bench.json(flow.parent / "ages.json")
    that(len(found["numbers"]) >= 10 and found["numbers"] == sorted(set(found["numbers"])), f"numbers {found['numbers']}")
    that(max(found["ages"][1:]) < 1, f"ages {found['ages']}")
    that(found["numbers"][-1] > len(found["numbers"]) * 2, "nothing was dropped")


@scenario("pypi", "conformance")
def dora_max_restarts(bench):
    """tests/dataflows/max-restarts-truly-exhausted: three lives, and the dataflow has failed."""
    flow = dora_test(bench, "dataflows/max-restarts-truly-exhausted.yml")
    run = bench.run(flow)
    run.ended_with(1)
    same(lines(flow.parent / "lives.txt"), ["started"] * 3, "lives")
    run.says("always-crash", "1")


@scenario("pypi", "conformance")
def dora_restart_window(bench):
    """tests/dataflows/restart-window-reset: lives longer than the window do not count against max_restarts."""
    flow = dora_test(bench, "dataflows/restart-window-reset.yml")
    bench.run(flow).ended_with(0)
    same(lines(flow.parent / "dora-restart-window-reset.log"), ["started"] * 3, "lives")


@scenario("pypi", "conformance")
def dora_node_restarted(bench):
    """tests/dataflows/node-restarted-delivery: who listens is told of the restart, once."""
    flow = dora_test(bench, "dataflows/node-restarted-delivery.yml")
    bench.run(flow).ended_with(1)
    told = lines(flow.parent / "dora-node-restarted-delivery.log")
    same([line for line in told if line.startswith("NODE_RESTARTED")], ["NODE_RESTARTED crasher"], f"of {told}")


@scenario("pypi", "conformance")
def dora_health_check(bench):
    """tests/dataflows/health-check-timeout: a node that neither hears nor says anything for 2 s is ended, and has failed."""
    flow = dora_test(bench, "dataflows/health-check-timeout.yml")
    run = bench.run(flow, seconds=60)
    run.ended_with(1)
    same(lines(flow.parent / "dora-health-check-timeout.log"), ["started"], "lives")
    run.says("hang-after-init")


@scenario("pypi", "conformance")
def dora_planned_stop(bench):
    """tests/dataflows/planned-stop-sigterm: a node that never looks at its events is ended by SIGTERM, and that is no failure."""
    flow = dora_test(bench, "dataflows/planned-stop-sigterm.yml")
    run = bench.start(flow, "--grace", "4s")
    await_that(lambda: any("fire-and-forget" in command for command in bench.left_behind().values()), "the node ran")
    time.sleep(2)  # the dataflow is to be under way, which nothing of it tells
    run.signal(signal.SIGINT)
    run.wait(60)
    run.ended_with(130 if bench.engine.name == "millrace" else 0)


@scenario("pypi", "conformance")
def dora_finish_straggler(bench):
    """tests/dataflows/finish-straggler-escalation: a node that stays when all its inputs have closed is ended after a while."""
    flow = dora_test(bench, "dataflows/finish-straggler-escalation.yml")
    run = bench.start(flow, "--grace", "4s", env={"DORA_FINISH_DRAIN_GRACE_SECS": "3"})
    await_that(lambda: (flow.parent / "dora-finish-straggler-marker.log").exists(), "the node had started")
    run.wait(60)
    run.says("wedge")
    if bench.engine.name == "millrace":
        run.ended_with(1)
        bench.note(run.says("wedge", "neither took nor sent anything").strip()[:200])


# Policies and failures of our own.


@scenario("pypi")
def drop_oldest(bench):
    """A queue of five keeps the newest."""
    bench.run("drop-oldest.yml").ended_with(0)
    numbers = bench.numbers("numbers")
    that(numbers == sorted(set(numbers)) and numbers[-1] == 199, f"numbers {numbers}")
    that(numbers[-5:] == [195, 196, 197, 198, 199] and len(numbers) < 150, f"numbers {numbers}")


@scenario("pypi")
def backpressure(bench):
    """None is lost on the way to a slow node."""
    bench.run("backpressure.yml").ended_with(0)
    same(bench.numbers("numbers"), list(range(200)), "numbers")


@scenario("pypi")
def input_timeout(bench):
    """An input closes when it is silent, and recovers."""
    bench.run("input-timeout.yml").ended_with(0)
    events = [event for event in bench.events() if event.get("id") == "numbers"]
    kinds = [event["type"] for event in events]
    that("INPUT_CLOSED" in kinds and "INPUT_RECOVERED" in kinds, f"events of the input: {kinds}")
    that(kinds.index("INPUT_CLOSED") < kinds.index("INPUT_RECOVERED"), f"events of the input: {kinds}")
    same(bench.numbers("numbers"), list(range(10)), "numbers")


@scenario("pypi")
def failure(bench):
    """A node dies with exit code 3: it is named, who listens is told, the others go on, the dataflow has failed."""
    run = bench.run("failure.yml")
    run.ended_with(1)
    run.says("crash", "3")
    run.has_no_stack_trace()
    same(bench.numbers("crashed"), [0, 1, 2, 3, 4], "what it had sent")
    same(bench.numbers("numbers"), list(range(100)), "what the others sent")
    that("NODE_FAILED" in bench.kinds(), f"events: {set(bench.kinds())}")


@scenario("pypi")
def killed(bench):
    """A node is killed by SIGKILL: likewise."""
    run = bench.run("failure.yml", env={"CODE": "-9"})
    run.ended_with(1)
    run.says("crash", "9|kill")
    same(bench.numbers("numbers"), list(range(100)), "what the others sent")


@scenario("pypi")
def restart(bench):
    """A node dies twice and is started again twice; who listens is told."""
    bench.run("restart.yml").ended_with(0)
    same(lines(bench.flows / "lives.txt"), ["started"] * 3, "lives")
    lives = [event["metadata"]["life"] for event in bench.events() if event["type"] == "INPUT"]
    same(sorted(set(lives)), [1, 2, 3], "lives that sent")
    same(bench.kinds().count("NODE_RESTARTED"), 2, "NODE_RESTARTED events")


@scenario("pypi", only="millrace", alone=True)
def orphans(bench):
    """The runtime is killed by SIGKILL: within two seconds none of its nodes is left."""
    run = bench.start("stop.yml")
    await_that(lambda: len(bench.numbers("numbers")) >= 3, "numbers arrived")
    jvm = [number for number, command in bench.left_behind().items() if "millrace.jar" in command]
    that(jvm, "there is no JVM to kill")
    began = time.monotonic()
    for number in jvm:
        os.kill(number, signal.SIGKILL)
    run.wait(30)
    bench.nothing_left(seconds=6)  # two seconds, and what a loaded machine adds
    bench.note(f"the last one was gone after {time.monotonic() - began:.1f} s")


# Nodes that mean no good. Beside each, a source and a node that counts: nothing of what they do may be lost.

INNOCENTS = """
  - id: source
    path: ../nodes/source.py
    env: {COUNT: "60", EVERY: "0.02"}
    outputs: [numbers]
  - id: record
    path: ../nodes/record.py
    inputs:
      numbers: {source: source/numbers, queue_size: 100}
"""


def nasty(bench, path, *options, code=1, says=(), explained=(), env=None, seconds=60, starts=True, stop_after=None):
    """Runs such a node beside the innocent, and judges what is said of it, by us in one line that is 'explained'. 'starts': whether the dataflow runs at all; 'stop_after': the innocent are done, then Ctrl-C."""
    variables = "".join(f'\n      {key}: "{value}"' for key, value in (env or {}).items())
    text = f"nodes:\n  - id: nasty\n    path: {path}\n    outputs: [out]\n    inputs:\n      numbers: source/numbers\n" + (f"    env:{variables}\n" if variables else "") + INNOCENTS
    flow = bench.flow("nasty.yml", text)
    if bench.engine.name == "dora":
        code = None
    run = bench.start(flow, *options)
    if stop_after is not None:
        await_that(lambda: len(bench.numbers("numbers")) == 60, "the innocent were done", seconds)
        time.sleep(stop_after)
        run.signal(signal.SIGINT)
    run.wait(seconds)
    if code is not None:
        run.ended_with(code)
    if says:
        wanted = (*says, *explained) if bench.engine.name == "millrace" else says
        bench.note(run.says(*wanted).strip()[:300])
    run.has_no_stack_trace()
    if starts:
        same(bench.numbers("numbers"), list(range(60)), "what the innocent did")


@scenario("pypi")
def nasty_garbage_first(bench):
    nasty(bench, "../nodes/nasty/garbage_first.py", says=("nasty",), explained=("turned away", "expected the length of a frame"), starts=False)


@scenario("pypi")
def nasty_garbage_later(bench):
    nasty(bench, "../nodes/nasty/garbage_later.py", says=("nasty",), explained=("broke the protocol", "expected a request of dora 1.x"))


@scenario("pypi")
def nasty_old_protocol(bench):
    nasty(bench, "../nodes/nasty/old.py", says=("nasty",), explained=("turned away", "before 1.0"), starts=False)


@scenario("pypi")
def nasty_lies_about_frame(bench):
    nasty(bench, "../nodes/nasty/liar.py", says=("nasty",), explained=("broke the protocol", "expected the length of a frame"), env={"FRAME": "1"})


@scenario("pypi")
def nasty_lies_about_text(bench):
    nasty(bench, "../nodes/nasty/liar.py", says=("nasty",), explained=("broke the protocol", "malformed frame"), env={"TEXT": "1"})


@scenario("pypi")
def nasty_never_reads(bench):
    nasty(bench, "../nodes/nasty/never_reads.py", "--grace", "3s", code=130, says=("nasty",), explained=("told to stop and has not", "SIGTERM"), stop_after=1)


@scenario("pypi")
def nasty_half_a_frame(bench):
    nasty(bench, "../nodes/nasty/half_a_frame.py", "--start-timeout", "8s", says=("nasty",), explained=("begun a frame",), starts=False)


@scenario("pypi")
def nasty_never_registers(bench):
    nasty(bench, "../nodes/nasty/never_registers.py", "--start-timeout", "8s", says=("nasty",), explained=("has not subscribed",), starts=False)


@scenario("pypi")
def nasty_forks(bench):
    nasty(bench, "../nodes/nasty/forks.py", code=0)


@scenario("pypi")
def nasty_ignores_sigterm(bench):
    nasty(bench, "../nodes/nasty/ignores_sigterm.py", "--grace", "3s", code=1, says=("nasty",), explained=("did not end within the grace", "SIGTERM", "SIGKILL"), stop_after=0)


@scenario("pypi", first=True)
def nasty_floods(bench):
    nasty(bench, "../nodes/nasty/floods.py", code=0, seconds=240)
    that((bench.flows / "flooded.txt").exists(), "not all of it was taken")


@scenario("pypi")
def nasty_exits_at_once(bench):
    nasty(bench, "../nodes/nasty/exits_at_once.sh", says=("nasty",), explained=("exit code 0 before it subscribed",), starts=False)


@scenario("pypi")
def nasty_not_executable(bench):
    nasty(bench, "../nodes/nasty/not_executable.sh", code=None, says=("not_executable.sh",), explained=("chmod",), starts=False)


@scenario("pypi")
def nasty_missing(bench):
    nasty(bench, "../nodes/nasty/there_is_no_such_file", code=None, says=("there_is_no_such_file",), explained=("no such file",), starts=False)


@scenario("pypi")
def nasty_windows_line_end(bench):
    nasty(bench, "../nodes/nasty/windows.sh", code=None, says=("windows.sh",), explained=("Windows line end",), starts=False)


@scenario("pypi")
def nasty_no_interpreter(bench):
    nasty(bench, "../nodes/nasty/no_interpreter.sh", code=None, says=("no_interpreter.sh",), explained=("interpreter",), starts=False)


# Programs in Rust.


@scenario("pypi", "rust")
def rust_node(bench):
    """A Rust node, built with dora-node-api from crates.io, between two Python nodes."""
    text = (HERE / "flows" / "types.yml").read_text(encoding="utf-8").replace("../nodes/pass_on.py", str(bench.rust / "pass-on"))
    bench.run(bench.flow("types.yml", text)).ended_with(0)
    all_the_same(bench.json("types.json"))


@scenario("pypi", "rust")
def rust_multiple_daemons(bench):
    """dora's example of two machines on one, its node and its sink in Rust; its operator, which is a shared library there, in Python."""
    for name in ("multiple-daemons-example-node", "multiple-daemons-example-sink"):
        target = bench.root / "target" / "debug" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(bench.rust / name, target)
    flow = bench.root / "examples" / "multiple-daemons" / "dataflow.yml"
    flow.parent.mkdir(parents=True)
    text = (HERE / "flows" / "multiple-daemons.yml").read_text(encoding="utf-8")
    flow.write_text(text, encoding="utf-8")
    shutil.copy2(HERE / "nodes" / "status_operator.py", flow.parent)
    run = bench.run(flow)
    run.ended_with(0)
    run.says("sink received message: operator received random value 0x[0-9a-f]+ after [0-9]+ ticks")


def example(bench):
    """The dataflow file of dora's example of two machines as it was written, but for the directory, which its comments ask to be put in."""
    debug = bench.root / "target" / "debug"
    debug.mkdir(parents=True)
    for name in ("multiple-daemons-example-node", "multiple-daemons-example-sink", "libmultiple_daemons_example_operator.so"):
        shutil.copy2(bench.rust / name, debug)
    flow = bench.root / "examples" / "multiple-daemons" / "dataflow.yml"
    flow.parent.mkdir(parents=True)
    written = HERE.parent / "dataflow-core" / "src" / "test" / "resources" / "io" / "millrace" / "yaml" / "multiple-daemons.yml"
    flow.write_text(written.read_text(encoding="utf-8").replace("/Users/runner/work/dora/dora", str(bench.root)), encoding="utf-8")
    return flow


@scenario("rust", "native", only="millrace")
def rust_example(bench):
    """dora's example with all three of its programs in Rust: the operator is a shared library, which a Java of 22 or later calls, and which ends the dataflow."""
    run = bench.run(example(bench), env=bench.native)
    run.ended_with(0)
    lines_of_sink = re.findall("sink received message: operator received random value 0x[0-9a-f]+ after [0-9]+ ticks", run.output)
    that(1 <= len(lines_of_sink) <= 100, f"{len(lines_of_sink)} messages came through")  # its queues may drop some on a busy machine
    that("restricted method" not in run.output, "Java warned of native code")


@scenario("rust", "old_java", only="millrace")
def rust_example_old_java(bench):
    """On an older Java its operator is refused before anything starts, with what is needed."""
    run = bench.run(example(bench))
    run.ended_with(2)
    run.says(r"dataflow.yml:20:13: error: node 'runtime-node': operator 'rust-operator' is a shared library", "Java 22 or later is needed")
    that("' runs: " not in run.output, "it had started")


@scenario("pypi", "rust", "c", "native", only="millrace")
def c_operator(bench):
    """An operator in C with dora's own library for C, in the dataflow's JVM and in one of its own."""
    (bench.root / "target" / "release").mkdir(parents=True)
    shutil.copy2(bench.rust / "libstatus_operator.so", bench.root / "target" / "release")
    for isolation in ("thread", "process"):
        text = (HERE / "flows" / "c-operator.yml").read_text(encoding="utf-8").replace("isolation: thread", f"isolation: {isolation}")
        (bench.flows / "record.jsonl").unlink(missing_ok=True)
        bench.run(bench.flow("c-operator.yml", text), env=bench.native).ended_with(0)
        said = [bytes(event["value"]["values"]).decode() for event in bench.events() if event["type"] == "INPUT"]
        same([line.split(" after")[0] for line in said], [f"operator received {length} bytes" for length in range(1, 21)], f"what it said, {isolation}")


def all_the_same(found):
    different = {name: outcome for name, outcome in found.items() if outcome != "same"}
    that(not different, f"{different}")


def lines(path):
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def await_dynamic(bench, run):
    """The dataflow runs, so that a dynamic node can join it."""
    await_that(lambda: "runs" in run.output or "record" in str(bench.left_behind().values()), "the dataflow ran")
    await_that(lambda: (bench.flows / "record.jsonl").exists(), "the first node had opened its record")


def dora_test(bench, path, programs=None):
    """A dataflow file of dora's own tests, but for its 'build' lines, put beside programs of ours under the names that it gives. What it writes to /tmp goes to its own directory."""
    text = re.sub(r"(?m)^ *build: .*\n", "", (bench.conformance / path).read_text(encoding="utf-8"))
    flow = bench.root / "tests" / path
    flow.parent.mkdir(parents=True)
    flow.write_text(text.replace("/tmp/", str(flow.parent) + "/"), encoding="utf-8")
    for name, program in (programs or {}).items():
        shutil.copy2(HERE / "nodes" / "dora-tests" / program, flow.parent / name)
    debug = bench.root / "target" / "debug"
    debug.mkdir(parents=True)
    for program in (HERE / "nodes" / "dora-tests").glob("*-node"):
        shutil.copy2(program, debug)
    return flow


def judge(name, function, bench, report):
    began = time.monotonic()
    try:
        function(bench)
        bench.nothing_left()
        report.add(name, "passed", "", time.monotonic() - began, bench.notes)
    except (Failed, OSError, LookupError, ValueError) as failed:  # what was not written, or not as expected, is a failure as well
        said = ["| " + line for line in lines(bench.root / "output.txt")[-15:]]
        report.add(name, "failed", str(failed), time.monotonic() - began, [*bench.notes, *said])
    finally:
        bench.clear()


def is_old_java():
    """Whether the launcher's Java cannot call native code."""
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else "java"
    version = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    return int(re.search(r'version "(\d+)', version).group(1)) < 22


def missing(needs, options):
    """What a scenario needs and is not here."""
    reasons = {need: getattr(options, f"no_{need}") for need in NEEDS}
    if "old_java" in needs and not is_old_java():
        return "the Java that runs is 22 or later"
    if "conformance" in needs and not options.conformance.is_dir():
        return f"there are no dataflow files of dora in {options.conformance}"
    return next((reasons[need] for need in needs if reasons.get(need)), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["millrace", "dora"], default="millrace")
    parser.add_argument("--program", required=True, help="the launcher of that engine")
    parser.add_argument("--classes", default="", help="where the Java nodes are")
    parser.add_argument("--rust", type=Path, help="where the Rust programs are")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--conformance", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 1) + 1, help="how many run at a time")
    parser.add_argument("--reports", help="a directory for a report in the form of test reports")
    parser.add_argument("--native-java", default="", help="a Java that can call native code")
    for need in NEEDS:
        parser.add_argument(f"--no-{need}", default="", help="why what needs it is skipped")
    parser.add_argument("names", nargs="*", help="scenarios, or beginnings of their names; all if none is named")
    options = parser.parse_args()

    heed_interrupts()
    engine = Millrace(options.program, options.classes) if options.engine == "millrace" else Dora(options.program)
    report = Report(engine.name)
    together, alone = [], []
    for name, (function, needs, only, first, is_alone, lock) in SCENARIOS.items():
        if options.names and not any(name.startswith(beginning) for beginning in options.names):
            continue
        if only not in (None, engine.name):
            continue
        reason = missing(needs, options)
        if reason:
            report.add(name, "skipped", reason)
        elif is_alone:
            alone.append((name, function, lock))
        else:
            together.insert(0 if first else len(together), (name, function, lock))

    def take(name, function, lock):
        with lock:
            bench = Bench(name, engine, dict(os.environ), options.work)
            bench.rust = options.rust
            bench.native = {"JAVA_HOME": options.native_java}
            bench.conformance = options.conformance
            judge(name, function, bench, report)

    for scenarios, jobs in ((together, options.jobs), (alone, 1)):
        with ThreadPoolExecutor(jobs) as pool:
            for outcome in [pool.submit(take, *each) for each in scenarios]:
                outcome.result()
    report.close(options.reports)
    sys.exit(1 if report.count("failed") else 0)


if __name__ == "__main__":
    main()
