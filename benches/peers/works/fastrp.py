"""Vectors of 10^5 nodes with 2*10^6 edges; the error is the share of nodes that a ridge classifier on 10 % of the labels
puts into the wrong block."""

import numpy as np
import pycleora
from fastrp import fit_csr
from scipy.sparse import coo_matrix

from .instances import generator, read, save
from .work import THREADS, Peer, Work

BLOCKS, WITHIN, EXPONENT = 50, 0.7, 2.5
WEIGHTS = [0.0, 0.0, 0.0, 1.0, 6.67]


def make(folder, quick):
    """A degree-corrected block model: an edge starts at a node drawn by its propensity, and ends within its block or
    anywhere, by propensity again."""
    rng, nodes, edges = generator(), *((10_000, 200_000) if quick else (100_000, 2_000_000))
    block = np.sort(rng.integers(0, BLOCKS, nodes))
    propensity = np.minimum(rng.random(nodes) ** (-1.0 / (EXPONENT - 1.0)), np.sqrt(nodes))
    sums = np.concatenate(([0.0], np.cumsum(propensity)))
    bounds = np.searchsorted(block, np.arange(BLOCKS + 1))
    found = np.empty(0, np.int64)
    while len(found) < edges:
        draws = rng.random((edges, 3))
        u = np.searchsorted(sums, draws[:, 0] * sums[-1], side="right") - 1
        inside = draws[:, 1] < WITHIN
        low = np.where(inside, sums[bounds[block[u]]], 0.0)
        high = np.where(inside, sums[bounds[block[u] + 1]], sums[-1])
        v = np.searchsorted(sums, low + draws[:, 2] * (high - low), side="right") - 1
        v = np.minimum(v, nodes - 1)
        pairs = (np.minimum(u, v) * nodes + np.maximum(u, v))[u != v]
        found = np.unique(np.concatenate((found, pairs)))
    found = rng.permutation(found)[:edges]
    names = rng.permutation(nodes)
    pairs = np.column_stack((names[found // nodes], names[found % nodes]))
    labels = np.empty(nodes)
    labels[names] = block
    save(
        folder, edges=pairs.astype(float), labels=labels[:, None],
        shape=np.array([[nodes], [128.0 if quick else 512.0]]),
    )


def load(folder):
    pairs, (nodes, dim) = read(folder, "edges").astype(np.int64), read(folder, "shape")[:, 0].astype(int)
    half = coo_matrix((np.ones(len(pairs), np.float32), pairs.T), shape=(nodes, nodes))
    adjacency = (half + half.T).tocsr()
    edges = (f"{u} {v}" for u, v in pairs)
    graph = pycleora.SparseMatrix.from_iterator(edges, "complex::reflexive::node")
    places = np.array([int(name) for name in graph.entity_ids])
    return {"adjacency": adjacency, "graph": graph, "places": places, "nodes": nodes, "dim": dim}


def wrong(folder, vectors):
    """Ridge regression on the labels, one against the rest; columns standardised."""
    labels = read(folder, "labels")[:, 0].astype(int)
    vectors = np.asarray(vectors, np.float32)
    vectors = (vectors - vectors.mean(axis=0)) / np.maximum(vectors.std(axis=0), 1e-30)
    train = generator().permutation(len(labels))[: len(labels) // 10]
    rest = np.setdiff1d(np.arange(len(labels)), train)
    x, y = vectors[train].astype(float), np.eye(BLOCKS)[labels[train]]
    coefficients = np.linalg.solve(x.T @ x + np.eye(x.shape[1]), x.T @ (y - y.mean(axis=0)))
    scores = vectors[rest] @ coefficients + y.mean(axis=0)
    return np.mean(scores.argmax(axis=1) != labels[rest])


def crate(data):
    a = data["adjacency"]
    return fit_csr(a.indptr, a.indices, a.data, data["nodes"], data["dim"], WEIGHTS, seed=2, undirected=False)


def cleora(data):
    return pycleora.embed(
        data["graph"], feature_dim=data["dim"], num_iterations=4, whiten=False, num_workers=THREADS
    ), data["places"]


def by_node(answer):
    """Rows in order of nodes."""
    if not isinstance(answer, tuple):
        return answer
    vectors, places = answer
    ordered = np.zeros((places.max() + 1, vectors.shape[1]), np.float32)
    ordered[places] = vectors
    return ordered


WORKS = (
    Work(
        name="fastrp", title="FastRP, 10⁵ nodes, 2·10⁶ edges, d = 512", goal=0.35, measure="nodes in a wrong block",
        accuracy=1.0, make=make, load=load, peers={"fastrp": Peer(crate), "pycleora, 4 iterations": Peer(cleora)},
        ours="fastrp", variants=("official",), error=wrong, repetitions=3, arrange=by_node,
    ),
)
