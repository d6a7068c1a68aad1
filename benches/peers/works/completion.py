"""A 2000x2000 matrix of rank 10 from some of its entries; the error is relative, over all entries."""

import numpy as np
from cmfrec import CMF
from scipy.sparse import coo_matrix

from .instances import generator, orthonormal, read, save
from .work import THREADS, Peer, Work

RANK = 10


def make(share, condition):
    def write(folder, quick):
        rng, n = generator(), 500 if quick else 2000
        sigma = n * condition ** -np.linspace(0.0, 1.0, RANK)
        u, v = orthonormal(rng, n, RANK) * sigma, orthonormal(rng, n, RANK)
        rows, columns = np.nonzero(rng.random((n, n)) < (min(1.0, 4 * share) if quick else share))
        values = np.einsum("ij,ij->i", u[rows], v[columns])
        save(
            folder, u=u, v=v, triplets=np.column_stack((rows, columns, values)),
            shape=np.array([[n], [n], [RANK]], float),
        )

    return write


def load(folder):
    triplets, shape = read(folder, "triplets"), read(folder, "shape")[:, 0].astype(int)
    rows, columns = triplets[:, :2].T.astype(np.int32)
    return coo_matrix((triplets[:, 2].copy(), (rows, columns)), shape=shape[:2])


def error(folder, factors):
    u, v = read(folder, "u"), read(folder, "v")
    truth = u @ v.T
    return np.linalg.norm(factors[: len(u)] @ factors[len(u) :].T - truth) / np.linalg.norm(truth)


def cmfrec(triplets):
    """ALS by Cholesky with the least ridge it takes."""
    model = CMF(
        k=RANK, method="als", use_cg=False, lambda_=1e-13, niter=30, center=False, user_bias=False, item_bias=False,
        use_float=False, nthreads=THREADS, finalize_chol=False, verbose=False,
    )
    model.fit(triplets)
    return np.vstack((model.A_, model.B_))


def completion(percent, condition):
    ill = "_ill" if condition > 1 else ""
    return Work(
        name=f"completion_{percent}{ill}",
        title=f"completion 2000², k = 10, {percent} % observed, κ = {condition:.0f}", goal=0.5, measure="relative error",
        accuracy=1e-10, make=make(percent / 100, condition), load=load,
        peers={"cmfrec ALS, Cholesky": Peer(cmfrec)}, ours="completion", variants=("alternating minimization",),
        error=error,
    )


WORKS = tuple(completion(percent, condition) for condition in (1.0, 100.0) for percent in (5, 10, 20))
