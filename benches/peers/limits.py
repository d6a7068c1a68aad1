"""What bounds the works, how costs grow, and the large runs: measured by the program `limits`."""

import json
import os
import subprocess
from dataclasses import dataclass

RUNS = ("regress", "sample", "embed", "complete")


@dataclass(frozen=True)
class Floor:
    """The least that a work must do: bytes read or written once, operations of products."""

    what: str
    read: float = 0.0
    flops: float = 0.0
    copied: float = 0.0

    def seconds(self, probe):
        """At the rates of the machine on two threads, one after the other."""
        rates = [probe[key][-1] * 1e9 for key in ("read_gb_per_s", "copy_gb_per_s", "product_gflop_per_s")]
        return self.read / rates[0] + self.copied / rates[1] + self.flops / rates[2]


TALL = 8.0 * 100_000 * 200
LONG = 8.0 * 500_000 * 100
FLOORS = {
    "srht": Floor("one copy of A", copied=2 * 8.0 * 2**20 * 64),
    "countsketch": Floor("one read of A", read=TALL),
    "sparse_sign": Floor("one read of A", read=TALL),
    "gaussian": Floor("2mnd operations; sampling is beyond", flops=2.0 * 2000 * 100_000 * 200),
    "least_squares": Floor("QR, 2nd² operations", flops=2.0 * 500_000 * 100**2),
    "least_squares_ill": Floor("QR, 2nd² operations", flops=2.0 * 100_000 * 200**2),
    "leverage": Floor("Gram matrix and row forms, 2nd² operations", flops=2.0 * 500_000 * 100**2),
    "leverage_ill": Floor("a second Gram matrix and product, 4nd² operations", flops=4.0 * 500_000 * 100**2),
    "l1_regression": Floor("one read of [A b]", read=8.0 * 200_000 * 21),
    "fastrp": Floor("vectors of three powers read and written once", read=3 * 2 * 4.0 * 1e5 * 512),
    "randomized_svd": Floor("two products with 60 columns", flops=2 * 2.0 * 5000**2 * 60),
    "sensing_step": Floor("one read of the packed map in single precision", read=4.0 * 5000 * 100 * 101 / 2),
}


def run(binary, arguments, folder, name):
    """Runs `limits` and keeps its answer."""
    found = subprocess.run([binary, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout
    with open(os.path.join(folder, name + ".limits"), "w", encoding="utf-8") as file:
        file.write(found)


def measure(binary, what, folder, png):
    """`limits`, `growth` or `scale`."""
    if what == "limits":
        run(binary, ["probe"], folder, "probe")
    elif what == "growth":
        run(binary, ["growth", png], folder, "growth")
    else:
        for name in RUNS:
            run(binary, ["scale", name], folder, name)


def found(folder, name):
    path = os.path.join(folder, name + ".limits")
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def floors(probe, medians):
    """Rates, and our times over the floors. `medians`: name of a work to its title and our seconds."""
    lines = ["\n## Limits\n", "| rate | one thread | two threads |", "| --- | --- | --- |"]
    for key, name in (("read_gb_per_s", "read, GB/s"), ("copy_gb_per_s", "copy, GB/s, read and written"),
                      ("product_gflop_per_s", "product of dense matrices, Gflop/s")):
        lines.append(f"| {name} | " + " | ".join(f"{rate:.1f}" for rate in probe[key]) + " |")
    lines.append("\nFloor: the least a work must move or multiply, at these rates on two threads. `limits probe`.\n")
    lines += ["| work | what it must do at least | floor | proofsketch | over the floor |", "| --- | --- | --- | --- | --- |"]
    for name, (title, median) in medians.items():
        if name in FLOORS:
            floor = FLOORS[name].seconds(probe)
            lines.append(f"| {title} | {FLOORS[name].what} | {1e3 * floor:.2g} ms | {1e3 * median:.3g} ms |"
                         f" {median / floor:.1f} |")
    return "\n".join(lines) + "\n"


def growth(rows, picture):
    lines = ["\n## Growth\n", "Exponents fitted to the times over the sizes named, two threads; the last column: one thread's"
             " time over two threads', at the largest size. Solves are whole: completion takes fewer iterations the more is"
             " observed. `limits growth`.\n", f"![Cost against size]({picture})\n",
             "| method | in | sizes | exponent | by operations | gain of the second thread |",
             "| --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        sizes = f"{row['sizes'][0]:,} to {row['sizes'][-1]:,}"
        size = row["size"].replace("|", "\\|")
        lines.append(f"| {row['method']} | {size} | {sizes} | {row['exponent']:.2f} | {row['predicted']:g} |"
                     f" {row['second_thread']:.2f} |")
    return "\n".join(lines) + "\n"


def scale(runs):
    lines = ["\n## Beyond memory, or nearly\n", "One run each, the data made as they are read: `limits scale`.\n",
             "| run | input | seconds | peak memory | answer |", "| --- | --- | --- | --- | --- |"]
    texts = {
        "regress": ("least squares from a sparse sign sketch, {passes} pass", "{rows:,} × {columns}, {gb:.1f} GB",
                    "largest error of a coefficient {largest_error_of_a_coefficient:.1e}"),
        "sample": ("ℓ₁ regression on {rows_kept:,} rows by root leverage, {passes} passes",
                   "{rows:,} × {columns}, {gb:.1f} GB",
                   "objective {objective_beside_the_truth:.5f} of the truth's; scores within {leverage_factor:.2f}"),
        "embed": ("FastRP, d = {d}, the graph drawn first", "{nodes:,} nodes, {edges:,} edges",
                  "{seconds_embedding:.0f} s of them embedding"),
        "complete": ("completion, rank {rank}, the instance drawn first", "{rows:,} × {columns:,}, {observed:,} entries",
                     "{seconds_completion:.0f} s of them completing; relative error {relative_error:.0e}"),
    }
    for name, found in runs.items():
        values = dict(found, gb=found.get("bytes", 0) / 1e9)
        method, size, answer = (text.format(**values) for text in texts[name])
        lines.append(f"| {method} | {size} | {found['seconds']:.0f} | {found['peak_bytes'] / 2**30:.2g} GiB | {answer} |")
    return "\n".join(lines) + "\n"
