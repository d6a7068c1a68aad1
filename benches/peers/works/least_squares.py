"""argmin |A x - b|; the error is |x - x*|/|x*|, x* refined in extended precision."""

import numpy as np
import scipy.linalg
from scipy.linalg import solve_triangular
from scipy.sparse.linalg import LinearOperator, lsqr

from .instances import conditioned, generator, read, save
from .sketching import sparse_sign
from .work import Peer, Work

HASWELL = (("OPENBLAS_CORETYPE", "Haswell"),)
STEP = 10_000
REFINEMENTS = 6


def extended(a, x):
    """A x in extended precision."""
    parts = (a[i : i + STEP].astype(np.longdouble) @ x for i in range(0, len(a), STEP))
    return np.concatenate(list(parts))


def extended_adjoint(a, r):
    parts = (r[i : i + STEP] @ a[i : i + STEP].astype(np.longdouble) for i in range(0, len(a), STEP))
    return sum(parts)


def refined_solution(a, b, q, r):
    """Björck's refinement of the augmented system with A = QR, residuals in extended precision."""
    x, residual = np.zeros(a.shape[1], np.longdouble), np.zeros(len(b), np.longdouble)
    for _ in range(REFINEMENTS):
        f = (b - residual - extended(a, x)).astype(float)
        g = (-extended_adjoint(a, residual)).astype(float)
        d = q.T @ f - solve_triangular(r, g, trans="T")
        x += solve_triangular(r, d)
        residual += f - q @ d
    return x.astype(float)


def make(shape, condition, ratio):
    def write(folder, quick):
        rng, (n, d) = generator(), shape
        n = n // 10 if quick else n
        u, factor, a = conditioned(rng, n, d, condition)
        fitted, noise = a @ np.ones(d), rng.standard_normal(n)
        noise -= u @ (u.T @ noise)
        b = fitted + noise * (ratio * np.linalg.norm(fitted) / np.linalg.norm(noise))
        small, r = np.linalg.qr(factor)
        x = refined_solution(a, b, u @ small, r)
        save(folder, a=a, b=b[:, None], x=x[:, None])

    return write


def load(folder):
    a = read(folder, "a")
    return {"c": a, "fortran": np.asfortranarray(a), "b": read(folder, "b")[:, 0]}


def error(folder, x):
    exact = read(folder, "x")
    return np.linalg.norm(x.reshape(exact.shape) - exact) / np.linalg.norm(exact)


def numpy_lstsq(data):
    return np.linalg.lstsq(data["c"], data["b"], rcond=None)[0]


def scipy_lstsq(driver):
    return lambda data: scipy.linalg.lstsq(data["fortran"], data["b"], lapack_driver=driver, check_finite=False)[0]


def sketched(data):
    """LSQR preconditioned by the triangle of a sparse sign sketch of 4d rows."""
    a, b = data["c"], data["b"]
    r = np.linalg.qr(sparse_sign((a, 4 * a.shape[1])), mode="r")
    operator = LinearOperator(
        a.shape, dtype=float, matvec=lambda y: a @ solve_triangular(r, y.ravel()),
        rmatvec=lambda y: solve_triangular(r, a.T @ y.ravel(), trans="T"),
    )
    return solve_triangular(r, lsqr(operator, b, atol=1e-15, btol=1e-15, iter_lim=200)[0])


PEERS = {
    "NumPy lstsq (gelsd)": Peer(numpy_lstsq),
    "NumPy lstsq (gelsd), Haswell kernels": Peer(numpy_lstsq, HASWELL),
    "SciPy gelsd": Peer(scipy_lstsq("gelsd")),
    "SciPy gelsy": Peer(scipy_lstsq("gelsy")),
    "NumPy sketch, QR and LSQR": Peer(sketched),
}


def least_squares(name, title, goal, accuracy, instance):
    return Work(
        name=name, title=title, goal=goal, measure="‖x − x★‖/‖x★‖", accuracy=accuracy, make=make(*instance), load=load,
        peers=PEERS, ours="least_squares", variants=("refined",), error=error, repetitions=3,
    )


WORKS = (
    least_squares(
        "least_squares", "least squares 5·10⁵×100, κ = 10⁴", 0.35, 1e-12, ((500_000, 100), 1e4, 1e-2)
    ),
    least_squares(
        "least_squares_ill", "least squares 10⁵×200, κ = 10¹⁰", 1.0, 2e-5, ((100_000, 200), 1e10, 1e-6)
    ),
)
