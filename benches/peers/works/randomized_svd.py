"""The leading 50 singular values of a 5000x5000 matrix, sigma_i = exp(-i/10); the error is the largest relative one."""

import numpy as np
from sklearn.utils.extmath import randomized_svd

from .instances import generator, orthonormal, read, save
from .work import Peer, Work

RANK, DECAY = 50, 10.0


def make(folder, quick):
    rng, n = generator(), 1000 if quick else 5000
    sigma = np.exp(-np.arange(400) / DECAY)
    a = (orthonormal(rng, n, len(sigma)) * sigma) @ orthonormal(rng, n, len(sigma)).T
    save(folder, a=a, rank=np.array([[float(RANK)]]), sigma=sigma[:RANK, None])


def load(folder):
    return read(folder, "a")


def error(folder, values):
    return np.max(np.abs(values.ravel() / read(folder, "sigma")[:, 0] - 1.0))


def scikit_learn(iterations, oversampling):
    return Peer(
        lambda a: randomized_svd(a, RANK, n_iter=iterations, n_oversamples=oversampling, random_state=1)
    )


SETTINGS = ((2, 10), (1, 25), (0, 70))
WORKS = (
    Work(
        name="randomized_svd", title="randomized SVD 5000², rank 50, σᵢ = e^(−i/10)", goal=0.5,
        measure="largest relative error of σ", accuracy=1e-4, make=make, load=load, arrange=lambda triplets: triplets[1],
        peers={f"scikit-learn, n_iter={q}, n_oversamples={p}": scikit_learn(q, p) for q, p in SETTINGS},
        ours="randomized_svd", variants=tuple(f"{q} {p}" for q, p in SETTINGS), error=error,
    ),
)
