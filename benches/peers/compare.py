"""Runs the same works by other packages and by proofsketch, in turn, and writes the report. Called by `run`."""

import argparse
import datetime
import importlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version

import numpy as np

import limits
import report
from works import MODULES
from works.work import THREADS

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "../..")
BINARY = os.path.join(ROOT, "target/release/proofsketch-peers")
LIMITS = os.path.join(ROOT, "target/release/limits")
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")
PACKAGES = ("numpy", "scipy", "scikit-learn", "statsmodels", "cmfrec", "fastrp", "pycleora")
"""Asks for large pages where the C library is glibc 2.35 or later; NumPy does that for its arrays by itself."""
LARGE_PAGES = (("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1"),)
"""Seconds that a turn takes at least, if seven runs do not end it."""
TURN = 0.25
"""Seconds before a turn: OpenBLAS keeps its threads spinning for some 20 ms after a product."""
PAUSE = 0.1


class Process:
    """One side, kept for all repetitions."""

    def __init__(self, command, environment=()):
        variables = dict(os.environ, **dict.fromkeys(THREAD_VARIABLES, str(THREADS)), **dict(environment))
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=variables, cwd=HERE
        )

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline() or '{"error": "the process ended"}')
        if "error" in reply:
            raise RuntimeError(f"{command}: {reply['error']}")
        return reply["seconds"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Contender:
    """A way to do the work, in the process that does it."""

    def __init__(self, name, side, process, command):
        self.name, self.side, self.process, self.command = name, side, process, "run " + command
        self.seconds, self.error = [], None

    def run(self):
        return self.process.ask(self.command)

    def turn(self):
        """The median of a few runs in a row; of short ones the first, on cores that have just been asleep, is not timed."""
        time.sleep(PAUSE)
        first = self.run()
        runs = [first] if first >= TURN else []
        while sum(runs) < TURN and len(runs) < 7:
            runs.append(self.run())
        return statistics.median(runs)

    def judge(self, work, folder):
        answer = os.path.join(folder, "answer.npy")
        self.process.ask("save " + answer)
        self.error = float(work.error(folder, np.load(answer)))
        os.remove(answer)

    def row(self):
        times = self.seconds
        return {
            "name": self.name, "side": self.side, "median": statistics.median(times), "fastest": min(times),
            "slowest": max(times), "error": self.error,
        }


def contenders(module, work, folder):
    """All of them, loaded; and the seconds that reading took on our side."""
    found, processes = [], []
    for environment, pages in (((), ""), (LARGE_PAGES, ", large pages")):
        ours = Process([BINARY, "serve"], environment)
        processes.append(ours)
        reading = ours.ask(f"load {work.ours} {folder}")
        found += [Contender(name + pages, "ours", ours, name) for name in work.variants]
        if work.yardstick:
            found.append(Contender(work.yardstick + pages, "yardstick", ours, work.yardstick))
    workers = {}
    for name, peer in work.peers.items():
        if peer.environment not in workers:
            workers[peer.environment] = Process([sys.executable, "worker.py", module], peer.environment)
            workers[peer.environment].ask(f"load {work.name} {folder}")
        found.append(Contender(name, "peer", workers[peer.environment], name))
    return found, [*processes, *workers.values()], reading


def compare(module, work, quick):
    """A first round judges the answers, the next ones are timed: each contender in its turn."""
    with tempfile.TemporaryDirectory() as folder:
        work.make(folder, quick)
        found, processes, reading = contenders(module, work, folder)
        for contender in found:
            contender.run()
            if contender.side != "yardstick":
                contender.judge(work, folder)
        for _ in range(work.repetitions):
            for contender in found:
                contender.seconds.append(contender.turn())
        for process in processes:
            process.close()
    return {
        "work": work.name, "repetitions": work.repetitions, "reading": reading,
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "rows": [contender.row() for contender in found],
    }


def machine():
    def field(path, key):
        with open(path, encoding="utf-8") as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), "unknown")

    def output(*command):
        return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()

    # Reports change as they are written.
    changes = output("git", "status", "--porcelain", "--untracked-files=no", "--", ":/", ":(top,exclude)reports")
    return {
        "CPU": field("/proc/cpuinfo", "model name"),
        "cores": f"{os.cpu_count()}, of which {THREADS} are used by each side",
        "memory": f"{int(field('/proc/meminfo', 'MemTotal').split()[0]) / 2**20:.0f} GiB",
        "system": platform.platform(terse=True),
        "compiler": output("rustc", "--version"),
        "proofsketch": output("git", "rev-parse", "--short", "HEAD") + ("-dirty" if changes else ""),
        "Python": platform.python_version(),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }


def main():
    parser = argparse.ArgumentParser(prog="benches/peers/run", description=__doc__)
    parser.add_argument("--only", metavar="WORK", action="append", help="this work alone; may be repeated")
    parser.add_argument("--quick", action="store_true", help="small inputs: whether all runs, not how fast")
    parser.add_argument("--report", default=os.path.join(ROOT, "reports/performance.md"), help="file to write")
    parser.add_argument(
        "--measure", metavar="WHAT", action="append", choices=("limits", "growth", "scale"),
        help="the machine's rates, the growth of costs, or the large runs alone; may be repeated",
    )
    parser.add_argument("--list", action="store_true", help="the names of the works")
    arguments = parser.parse_args()
    works = {
        work.name: (module, work) for module in MODULES for work in importlib.import_module(f"works.{module}").WORKS
    }
    if arguments.list:
        return print("\n".join(works))
    for name in arguments.only or ():
        if name not in works:
            parser.error(f"no work {name}: there are {', '.join(works)}")
    results = os.path.join(ROOT, "target/peers/results-quick" if arguments.quick else "target/peers/results")
    os.makedirs(results, exist_ok=True)
    pictures = os.path.join(os.path.dirname(os.path.abspath(arguments.report)), report.PICTURE)
    os.makedirs(os.path.dirname(pictures), exist_ok=True)
    for what in arguments.measure or ("limits", "growth", "scale") * (not arguments.only and not arguments.quick):
        print(f"{what} …", file=sys.stderr, flush=True)
        limits.measure(LIMITS, what, results, pictures)
    for name in arguments.only or () if arguments.measure else arguments.only or works:
        module, work = works[name]
        print(f"{name} …", file=sys.stderr, flush=True)
        result = compare(module, work, arguments.quick) | {"machine": machine()}
        with open(os.path.join(results, name + ".json"), "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)
        print(report.summary_row(work, result), file=sys.stderr, flush=True)
    report.write(arguments.report, [work for _, work in works.values()], results, arguments.quick)


if __name__ == "__main__":
    main()
