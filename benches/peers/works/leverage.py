"""Leverage scores of A = U diag(sigma) V^T; the error is the largest relative difference from those of U."""

import numpy as np
from scipy.linalg import cholesky, solve_triangular

from .instances import conditioned, generator, read, save
from .work import Peer, Work


def make(condition):
    def write(folder, quick):
        u, _, a = conditioned(generator(), 50_000 if quick else 500_000, 100, condition)
        save(folder, a=a, scores=squares(u)[:, None])

    return write


def squares(q):
    return np.einsum("ij,ij->i", q, q)


def load(folder):
    return read(folder, "a")


def error(folder, scores):
    exact = read(folder, "scores")
    return np.max(np.abs(scores.reshape(exact.shape) / exact - 1.0))


def by_qr(a):
    return squares(np.linalg.qr(a)[0])


def by_cholesky(a):
    return squares(solve_triangular(cholesky(a.T @ a), a.T, trans="T", check_finite=False).T)


def leverage(name, title, goal, accuracy, condition, variants):
    return Work(
        name=name, title=title, goal=goal, measure="largest relative error", accuracy=accuracy, make=make(condition),
        load=load, peers={"NumPy QR": Peer(by_qr), "NumPy Gram and Cholesky": Peer(by_cholesky)}, ours="leverage",
        variants=variants, error=error, repetitions=3,
    )


WORKS = (
    leverage("leverage", "leverage scores 5·10⁵×100, κ = 2", 1.0, 1e-13, 2.0, ("exact", "approximate")),
    leverage("leverage_ill", "leverage scores 5·10⁵×100, κ = 10⁴", 1.0, 1e-10, 1e4, ("exact", "approximate")),
)
