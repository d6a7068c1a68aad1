"""Inputs that several works share, all from one seed."""

import os

import numpy as np
from scipy.linalg import cholesky

SEED = 20250101


def generator():
    return np.random.default_rng(SEED)


def save(folder, **arrays):
    for name, array in arrays.items():
        np.save(os.path.join(folder, name + ".npy"), array)


def read(folder, name):
    return np.load(os.path.join(folder, name + ".npy"))


def orthonormal(rng, rows, columns):
    return np.linalg.qr(rng.standard_normal((rows, columns)))[0]


def conditioned(rng, rows, columns, condition):
    """U, the small factor diag(sigma) V^T, and their product: sigma falls geometrically from 1 to 1/condition."""
    u, v = orthonormal(rng, rows, columns), orthonormal(rng, columns, columns)
    sigma = condition ** -np.linspace(0.0, 1.0, columns)
    factor = sigma[:, None] * v.T
    return u, factor, u @ factor


def upper_triangle(a):
    """R of A = QR for well-conditioned A."""
    return cholesky(a.T @ a)
