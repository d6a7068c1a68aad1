"""S A with the sampling of S, A of normal entries; the error is max |sigma(S Q) - 1| over the range Q of A."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import scipy.fft
from scipy.linalg import clarkson_woodruff_transform, solve_triangular
from scipy.sparse import csc_array

from .instances import generator, read, save, upper_triangle
from .work import THREADS, Peer, Work

NONZEROS = 8


def make(shape):
    def write(folder, quick):
        rows, (n, d) = shape
        rows, n = (rows // 4, n // 8) if quick else (rows, n)
        a = generator().standard_normal((n, d))
        save(folder, a=a, rows=np.array([[float(rows)]]), triangle=upper_triangle(a))

    return write


def load(folder):
    return np.ascontiguousarray(read(folder, "a")), int(read(folder, "rows")[0, 0])


def distortion(folder, sketched):
    basis = solve_triangular(read(folder, "triangle"), sketched.T, trans="T")
    singular = np.linalg.svd(basis, compute_uv=False)
    return max(singular[0] - 1.0, 1.0 - singular[-1])


def countsketch(data):
    a, rows = data
    return clarkson_woodruff_transform(a, rows, seed=np.random.default_rng(1))


def sparse_sign(data):
    """One nonzero in each of 8 blocks of rows, so that sampling needs no rejection."""
    a, rows = data
    rng, n, block = np.random.default_rng(1), len(a), rows // NONZEROS
    places = rng.integers(0, block, size=(n, NONZEROS), dtype=np.int32)
    places += block * np.arange(NONZEROS, dtype=np.int32)
    signs = rng.integers(0, 2, size=(n, NONZEROS), dtype=np.int8) * 2.0 - 1.0
    values = signs.ravel() / np.sqrt(NONZEROS)
    offsets = np.arange(0, NONZEROS * n + 1, NONZEROS, dtype=np.int32)
    return csc_array((values, places.ravel(), offsets), shape=(rows, n)) @ a


def gaussian(data):
    a, rows = data
    return np.random.default_rng(1).standard_normal((rows, len(a))) @ a / np.sqrt(rows)


def gaussian_two_generators(data):
    """Rows of S drawn by a generator a thread."""
    a, rows = data
    s = np.empty((rows, len(a)))
    parts = zip(np.random.default_rng(1).spawn(THREADS), np.array_split(s, THREADS))
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda part: part[0].standard_normal(out=part[1]), parts))
    return s @ a / np.sqrt(rows)


def cosine(data):
    a, rows = data
    rng, n = np.random.default_rng(1), len(a)
    signs = rng.integers(0, 2, size=(n, 1), dtype=np.int8) * 2.0 - 1.0
    transformed = scipy.fft.dct(signs * a, axis=0, norm="ortho", overwrite_x=True, workers=THREADS)
    return transformed[rng.choice(n, rows, replace=False)] * np.sqrt(n / rows)


def sketch(name, title, goal, accuracy, shape, peers, variant, **more):
    return Work(
        name=name, title=title, goal=goal, measure="distortion", accuracy=accuracy, make=make(shape), load=load,
        peers=peers, ours="sketching", variants=(variant,), error=distortion, **more,
    )


TALL, TALLER = (2000, (100_000, 200)), (2000, (1 << 20, 64))
WORKS = (
    sketch(
        "srht", "SRHT, m = 2000, 2²⁰×64", 2.0, 0.5, TALLER, {"SciPy signed DCT and rows": Peer(cosine)}, "srht",
        yardstick="copy",
    ),
    sketch(
        "countsketch", "CountSketch, m = 2000, 10⁵×200", 0.5, 0.7, TALL,
        {"SciPy clarkson_woodruff_transform": Peer(countsketch)}, "countsketch",
        profile="of the samples of perf (cpu-clock, runs one after another) 73 % lie in the kernel that adds rows of A to rows"
        " of S A, most of them at its loads of A and the transposes these feed, about a third at its sums; 2 % each in"
        " drawing, sorting and writing back. Reading A once, with nothing done to it, takes over half of the time that runs"
        " one after another take (5.4 ms): see the floor below. Between runs of other programs, as here, it takes longer,"
        " and not as long in every process: pages of 4 KiB lie elsewhere each time.",
    ),
    sketch(
        "sparse_sign", "sparse sign, 8 a column, m = 2000, 10⁵×200", 0.5, 0.7, TALL,
        {"SciPy CSC product": Peer(sparse_sign)}, "sparse-sign:8",
    ),
    sketch(
        "gaussian", "Gaussian, m = 2000, 10⁵×200", 0.35, 0.7, TALL,
        {
            "NumPy sample and product": Peer(gaussian),
            "NumPy, a generator a thread": Peer(gaussian_two_generators),
        },
        "gaussian",
        profile="of the samples of perf (cpu-clock, .69 s a run) 54 % lie in the matrix product, at the rate the machine gives"
        " (see the floor below), 23 % in the ziggurat of rand_distr, 14 % in ChaCha8, 2 % in exp for its tails. The product"
        " alone is a quarter of the time of NumPy with a generator a thread; the goal leaves 0.75 ns a number for sampling,"
        " which takes 1.25 ns. Beside NumPy's plain sampling, in the details, the goal is met.",
    ),
)
