"""The side of the peers: the commands of `proofsketch-peers serve` for one module of works.

Usage: worker.py MODULE. `load WORK DIR`, `run PEER` and `save FILE` on standard input, one JSON line each on standard
output.
"""

import importlib
import json
import os
import sys
import time
import warnings

import numpy as np


def main():
    warnings.simplefilter("ignore")
    # What packages print must not mix with the answers.
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    module = importlib.import_module(f"works.{sys.argv[1]}")
    works = {work.name: work for work in module.WORKS}
    work = data = answer = None
    for line in sys.stdin:
        command, rest = line.rstrip("\n").split(" ", 1)
        try:
            start = time.perf_counter()
            if command == "load":
                name, folder = rest.split(" ", 1)
                work = works[name]
                data = work.load(folder)
            elif command == "run":
                answer = None
                run = work.peers[rest].run
                start = time.perf_counter()
                answer = run(data)
            elif command == "save":
                np.save(rest, work.arrange(answer))
            reply = {"seconds": time.perf_counter() - start}
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=replies, flush=True)


if __name__ == "__main__":
    main()
