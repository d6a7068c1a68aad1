"""The NumPy/SciPy recipe of the FastRP authors' program, written anew, on edges that the crate beside it wrote.

Usage: official.py EDGES [ROUNDS]. Prints the seconds of each round, graph construction left out.
"""

import sys
import time

import numpy as np
import scipy.sparse as sp
from sklearn.preprocessing import normalize, scale
from sklearn.random_projection import SparseRandomProjection

DIM, BETA, WEIGHTS = 512, -0.64, (0.0, 0.0, 1.0, 6.67)


def graph(path):
    edges = np.fromfile(path, dtype="<u4").reshape(-1, 2)
    nodes = int(edges.max()) + 1
    half = sp.csr_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(nodes, nodes))
    return (half + half.T).tocsr()


def embed(adjacency):
    nodes = adjacency.shape[0]
    degrees = np.asarray(adjacency.sum(axis=1)).ravel()
    degrees[degrees == 0] = 1.0
    transition = sp.diags(1.0 / degrees) @ adjacency
    projection = SparseRandomProjection(n_components=DIM, random_state=42)
    projection.fit(sp.csr_matrix((1, nodes)))
    rows = (projection.components_ @ sp.diags(degrees**BETA)).T.tocsr()
    power = (transition @ rows).toarray()
    powers = [power]
    for _ in WEIGHTS[1:]:
        power = transition @ power
        powers.append(power)
    total = sum(weight * normalize(power, axis=1) for weight, power in zip(WEIGHTS, powers))
    return scale(total)


def main():
    adjacency = graph(sys.argv[1])
    times = []
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1):
        start = time.perf_counter()
        embed(adjacency)
        times.append(time.perf_counter() - start)
    print("official recipe:", " ".join(f"{seconds:.2f}" for seconds in times), "s")


if __name__ == "__main__":
    main()
