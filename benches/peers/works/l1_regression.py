"""argmin |A x - b|_1 with Cauchy noise; the error is the objective over that of a vertex of the simplex method, less 1."""

import numpy as np
from scipy.optimize import linprog
from statsmodels.regression.quantile_regression import QuantReg

from .instances import generator, read, save
from .work import Peer, Work


def make(folder, quick):
    rng, (n, d) = generator(), (20_000 if quick else 200_000, 20)
    a = rng.standard_normal((n, d))
    b = a @ np.arange(1.0, d + 1.0) + rng.standard_cauchy(n)
    save(folder, a=a, b=b[:, None])
    save(folder, least=np.array([[objective(a, b, dual_interior_point((a, b)))]]))


def objective(a, b, x):
    return np.abs(a @ x.ravel() - b).sum()


def load(folder):
    return read(folder, "a"), read(folder, "b")[:, 0]


def error(folder, x):
    a, b = load(folder)
    return objective(a, b, x) / read(folder, "least")[0, 0] - 1.0


def dual_interior_point(data):
    """max b^T u over |u| <= 1, A^T u = 0; x are the multipliers of the equations, at a vertex by crossover."""
    a, b = data
    result = linprog(-b, A_eq=a.T, b_eq=np.zeros(a.shape[1]), bounds=(-1, 1), method="highs-ipm")
    return -result.eqlin.marginals


def quantile_regression(data):
    a, b = data
    return QuantReg(b, a).fit(q=0.5).params


WORKS = (
    Work(
        name="l1_regression", title="ℓ₁ regression 2·10⁵×20", goal=0.1, measure="objective over the least, less 1",
        accuracy=1e-9, make=make, load=load,
        peers={
            "SciPy HiGHS interior point, dual form": Peer(dual_interior_point),
            "statsmodels QuantReg": Peer(quantile_regression),
        },
        ours="l1_regression", variants=("all rows", "coreset"), error=error, repetitions=3,
    ),
)
