"""A Python node between two ends, under dora and under Millrace in turns.

Messages are due at a fixed rate, and their time counts from when they were due until they have come through the Python node to the other end. Once the ends
are one node, in Rust under dora and in Java under Millrace; once they are two Python nodes. Prints a table in Markdown. Percentiles are exact: all times are sorted.
"""

import argparse
import array
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
NODES = ROOT / "interop" / "nodes"
ENGINES = ("dora", "millrace")
PERCENTILES = (50, 90, 99)
RATES = {8: 1000, 4096: 1000, 65536: 200, 1048576: 50}  # messages a second for each size
BUDGET = {8: 1.0, 4096: 1.0}
OTHERS = 0.03  # how much of the cores others may use during a run

PYTHON_ENDS = """
  - id: source
    path: {nodes}/bench_source.py
    outputs: [out]
  - id: echo
    path: {nodes}/bench_echo.py
    inputs:
      in: {{source: source/out, queue_size: 1000}}
    outputs: [out]
  - id: sink
    path: {nodes}/bench_sink.py
    inputs:
      in: {{source: echo/out, queue_size: 1000}}
"""

ONE_END = """
  - id: ends
    {ends}
    inputs:
      in: {{source: echo/out, queue_size: 1000}}
    outputs: [out]
  - id: echo
    path: {nodes}/bench_echo.py
    inputs:
      in: {{source: ends/out, queue_size: 1000}}
    outputs: [out]
"""

JAVA = """class: Ends
    config:
      rate: {RATE}
      warmup: {WARMUP}
      count: {COUNT}
      bytes: {BYTES}
      result: {RESULT}"""


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/interop", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10, help="of each run, after its warm-up (10)")
    parser.add_argument("--warm-up", type=float, default=20, help="seconds at the same rate, under either engine, before anything is measured (20)")
    parser.add_argument("--rounds", type=int, default=5, help="of every row under each engine, in turns (5)")
    parser.add_argument("--quick", action="store_true", help="one second after one of warm-up, and one round: to see that it works, not to quote")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(RATES), choices=list(RATES), help="bytes of a message (all)")
    parser.add_argument("--ends", nargs="+", default=["one", "python"], choices=["one", "python"])
    parser.add_argument("--commit", default="unknown", help=argparse.SUPPRESS)
    parser.add_argument("--millrace", default=str(ROOT / "millrace"), help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, default=ROOT / "target" / "interop", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.quick:
        options.seconds, options.warm_up, options.rounds = 1, 1, 1

    header(options)
    kept = True
    for ends in options.ends:
        for size in options.sizes:
            kept &= row(ends, size, options)
    sys.exit(0 if kept else 1)


def header(options):
    java = subprocess.run([os.environ.get("JAVA_HOME", "") + "/bin/java" if "JAVA_HOME" in os.environ else "java", "-version"], capture_output=True, text=True).stderr
    print(f"Commit {options.commit}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, {java.splitlines()[0] if java else 'no java'}, Python {platform.python_version()},")
    print(f"dora 1.1.0 (its Rust end a release build); {options.rounds} runs of {options.seconds:g} s under each, in turns, each after {options.warm_up:g} s at the same rate; microseconds, medians of the runs with the least and the most.")
    print("A run beside which others used more than 3 % of the cores is run once more, and marked with ! if that does not help.\n")
    print("| ends | bytes | a second | " + " | ".join(f"dora p{p} | Millrace p{p} | ratio" for p in PERCENTILES) + " | budget |")
    print("|---|---|---|" + "---|---|---|" * len(PERCENTILES) + "---|", flush=True)


def row(ends, size, options):
    """One line of the table; whether its budget was kept."""
    found = {engine: [] for engine in ENGINES}
    disturbed = False
    for _ in range(options.rounds):
        for engine in ENGINES:
            times, others = measure(engine, ends, size, options)
            if others > OTHERS:
                times, others = measure(engine, ends, size, options)
                disturbed |= others > OTHERS
            found[engine].append([percentile(times, p) / 1000 for p in PERCENTILES])
    cells, ratios = [], []
    for at, _ in enumerate(PERCENTILES):
        dora, ours = ([run[at] for run in found[engine]] for engine in ENGINES)
        ratios.append(statistics.median(ours) / statistics.median(dora))
        cells += [spread(dora), spread(ours), f"{ratios[-1]:.2f}"]
    kept = size not in BUDGET or max(ratios[0], ratios[-1]) <= BUDGET[size]
    verdict = "reported" if size not in BUDGET else f"<= {BUDGET[size]:.1f} at p50 and p99: {'kept' if kept else 'missed'}"
    name = "Python and Python" if ends == "python" else "Rust / Java"
    print(f"| {name}{' !' if disturbed else ''} | {size} | {RATES[size]} | " + " | ".join(cells) + f" | {verdict} |", flush=True)
    return kept


def spread(values):
    return f"{statistics.median(values):.0f} ({min(values):.0f}-{max(values):.0f})"


def percentile(times, p):
    return times[min(len(times) - 1, int(len(times) * p / 100))]


def measure(engine, ends, size, options):
    """All times of one run, sorted, and the share of the cores that others used during it."""
    count = int(RATES[size] * options.seconds)
    directory = options.work / "p1" / engine
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    result = directory / "times"
    settings = {"RATE": str(RATES[size]), "WARMUP": str(max(1, int(RATES[size] * options.warm_up))), "COUNT": str(count), "BYTES": str(size), "RESULT": str(result)}
    flow = directory / "flow.yml"
    flow.write_text("nodes:" + text(engine, ends, settings, options), encoding="utf-8")
    venv = options.work / "venv-dora"
    environment = {**os.environ, **settings, "VIRTUAL_ENV": str(venv), "PATH": f"{venv}/bin:{os.environ['PATH']}"}
    command = [str(venv / "bin" / "dora"), "run", "--log-level", "warn", str(flow)]
    if engine == "millrace":
        command = [options.millrace, "run", "--class-path", str(options.work / "classes"), str(flow)]
    used, ours = busy_seconds(), child_seconds()
    with open(directory / "output.txt", "w", encoding="utf-8") as output:
        ended = subprocess.run(command, cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, timeout=120 + 3 * (options.seconds + options.warm_up))
    used, ours = busy_seconds() - used, child_seconds() - ours
    times = array.array("q")
    if result.exists():
        times.frombytes(result.read_bytes())
    if ended.returncode != 0 or len(times) != count:
        sys.exit(f"{' '.join(command)}: exit code {ended.returncode}, {len(times)} of {count} messages measured; see {directory}/output.txt")
    wall = (options.seconds + options.warm_up + 2) * os.cpu_count()
    return sorted(times), max(0.0, used - ours) / wall


def text(engine, ends, settings, options):
    if ends == "python":
        return PYTHON_ENDS.format(nodes=NODES)
    one = f"path: {options.work}/cargo/release/ends" if engine == "dora" else JAVA.format(**settings)
    return ONE_END.format(nodes=NODES, ends=one)


def busy_seconds():
    """Of all cores and all processes since the machine started."""
    user, nice, system, _, _, irq, softirq, *_ = (int(field) for field in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def child_seconds():
    """Of this process and all that it has waited for."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
