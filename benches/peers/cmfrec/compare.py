"""Completes the same matrices with cmfrec and with this library, in turn; prints medians and ratios.

2000x2000 of rank 10, 5, 10 and 20 % observed, condition 1 and 100, two threads. cmfrec: ALS with Cholesky, lambda 1e-13,
30 iterations, no centring, no biases, f64. Both times run from triplets in memory to factors.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from cmfrec import CMF
from scipy.sparse import coo_matrix

N, RANK, RUNS, THREADS = 2000, 10, 5, 2
BINARY = os.path.join(os.path.dirname(__file__), "../../../target/release/examples/complete")
RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS


def peer(triplets, truth):
    model = CMF(
        k=RANK, method="als", use_cg=False, lambda_=1e-13, niter=30, center=False, user_bias=False, item_bias=False,
        use_float=False, nthreads=THREADS, finalize_chol=False, verbose=False,
    )
    start = time.perf_counter()
    model.fit(triplets)
    seconds = time.perf_counter() - start
    return seconds, np.linalg.norm(model.A_ @ model.B_.T - truth) / np.linalg.norm(truth)


def ours(folder):
    environment = dict(os.environ, RAYON_NUM_THREADS=str(THREADS))
    output = subprocess.run(
        [BINARY, "solve", folder, str(RANK), "3e-11"], env=environment, check=True, capture_output=True, text=True
    ).stdout
    seconds, iterations, error = output.split()
    return float(seconds), int(iterations), float(error)


print("condition observed  cmfrec s   error      ours s   error   iterations  ratio")
for condition in (1, 100):
    for share in (0.05, 0.1, 0.2):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([BINARY, "write", folder, str(N), str(RANK), str(condition), str(share), "1"], check=True)
            places = np.fromfile(os.path.join(folder, "places"), dtype="<u8")
            values = np.fromfile(os.path.join(folder, "values"))
            rows, columns = (places >> 32).astype(np.int32), (places & 0xFFFFFFFF).astype(np.int32)
            u, v = (np.fromfile(os.path.join(folder, name)).reshape(RANK, N).T for name in "uv")
            triplets, truth = coo_matrix((values, (rows, columns)), shape=(N, N)), u @ v.T
            theirs, mine = [], []
            for _ in range(RUNS):
                theirs.append(peer(triplets, truth))
                mine.append(ours(folder))
        theirs_seconds = statistics.median(run[0] for run in theirs)
        our_seconds = statistics.median(run[0] for run in mine)
        print(
            f"{condition:9} {share:8} {theirs_seconds:9.3f} {theirs[-1][1]:9.1e} {our_seconds:9.3f} {mine[-1][2]:9.1e}"
            f" {mine[-1][1]:9} {our_seconds / theirs_seconds:8.2f}"
        )
