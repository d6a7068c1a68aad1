"""(1/m) sum_i sign(<A_i, X> - y_i) A_i; the error is relative to the same in extended precision."""

import os
import subprocess

import numpy as np

from .instances import read, save
from .work import Peer, Work

BINARY = os.path.join(os.path.dirname(__file__), "../../../target/release/proofsketch-peers")
STEP = 500


def make(folder, quick):
    """The map is drawn by proofsketch, which keeps it packed; its matrices are written out."""
    save(folder, shape=np.array([[40.0], [1000.0]] if quick else [[100.0], [5000.0]]))
    subprocess.run([BINARY, "make", "sensing_step", folder], check=True)
    a, x, y = load(folder)
    signs = np.sign(residual(a, x, y))
    parts = (signs[i : i + STEP] @ a[i : i + STEP].astype(np.longdouble) for i in range(0, len(a), STEP))
    save(folder, step=(sum(parts) / len(y)).astype(float).reshape(read(folder, "x").shape))


def residual(a, x, y):
    return a @ x - y


def load(folder):
    """vec(X) by columns; the matrices are symmetric."""
    return read(folder, "a"), read(folder, "x").ravel(), read(folder, "y")[:, 0]


def error(folder, step):
    exact = read(folder, "step")
    return np.linalg.norm(step.reshape(exact.shape) - exact) / np.linalg.norm(exact)


def two_products(data):
    a, x, y = data
    return np.sign(residual(a, x, y)) @ a / len(y)


WORKS = (
    Work(
        name="sensing_step", title="sensing step, d = 100, m = 5000", goal=0.25, measure="relative error", accuracy=1e-12,
        make=make, load=load, peers={"NumPy, two products": Peer(two_products)}, ours="sensing_step",
        variants=("fused pass", "two products"), error=error, repetitions=9,
    ),
)
