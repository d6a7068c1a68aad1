"""The report of what was measured: one line a work, then each work in full."""

import json
import os

import limits

HEAD = """# Performance

The same works by other packages and by proofsketch, on the same input in one run: `benches/peers/run`.

Each side runs in a process of its own that is kept for all repetitions; they take turns, and a first round is not
timed. A turn is one run, or of short works up to seven in a row after one that is not timed, of which the median
counts; before it both cores rest for 0.1 s, in which threads of the side before end their spinning. Times are medians
in wall seconds from input in memory to answer in memory, sampling included; reading files is apart. Best peer: the
fastest whose error is at most what the last column of the table asks, which holds for proofsketch too. Ratio:
proofsketch over that peer, smaller is faster. "Large pages": memory of proofsketch in pages of 2 MiB, by
`GLIBC_TUNABLES=glibc.malloc.hugetlb=1` in its environment. NumPy asks for such pages by itself; proofsketch does for
measurement maps and drawn columns of dense sketches only, and the goals are held against it as it comes.
"""
PICTURE = "figures/growth.png"
QUICK = "\n**Small inputs (`--quick`): these times say that all runs, not how fast.**\n"


LARGE_PAGES = ", large pages"


def verdict(work, result, pages=""):
    """The contender and the reference that count, and their ratio; none where no contender is accurate enough."""
    rows = result["rows"]
    fastest = lambda found: min(found, key=lambda row: row["median"], default=None)
    accurate = [row for row in rows if row["side"] != "yardstick" and row["error"] <= work.accuracy]
    as_asked = lambda row: row["name"].endswith(LARGE_PAGES) == bool(pages)
    ours = fastest([row for row in accurate if row["side"] == "ours" and as_asked(row)])
    yardsticks = [row for row in rows if row["side"] == "yardstick" and as_asked(row)]
    reference = fastest(yardsticks or [row for row in accurate if row["side"] == "peer"])
    ratio = ours["median"] / reference["median"] if ours and reference else None
    return ours, reference, ratio


def seconds(value):
    return f"{value:.3g} s" if value >= 0.1 else f"{1e3 * value:.3g} ms"


def described(row):
    return f"{row['name']}: {seconds(row['median'])}" if row else "none accurate enough"


def summary_row(work, result):
    ours, reference, ratio = verdict(work, result)
    if ratio is None:
        ratio, met = "–", "missed" if ours is None else "met"
    else:
        ratio, met = f"{ratio:.2f}", "met" if ratio <= work.goal else "**missed**"
    paged = verdict(work, result, LARGE_PAGES)[2]
    paged = "" if paged is None else f"{paged:.2f}"
    return (
        f"| {work.title} | {described(reference)} | {described(ours)} | {ratio} | ≤ {work.goal:g} | {met} | {paged} |"
        f" {work.measure} ≤ {work.accuracy:.0e} |"
    )


def details(work, result):
    _, reference, ratio = verdict(work, result)
    lines = [
        f"\n### {work.title}\n",
        f"`benches/peers/run --only {work.name}`, {result['date']}, proofsketch {result['machine']['proofsketch']},"
        f" {result['repetitions']} repetitions; proofsketch read the input in {seconds(result['reading'])}.\n",
        f"| by | median | fastest | slowest | {work.measure} | against {reference['name'] if reference else 'none'} |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in sorted(result["rows"], key=lambda row: row["median"]):
        name = f"**proofsketch, {row['name']}**" if row["side"] == "ours" else row["name"]
        error = "" if row["error"] is None else f"{row['error']:.1e}"
        against = f"{row['median'] / reference['median']:.2f}" if reference else ""
        times = " | ".join(seconds(row[key]) for key in ("median", "fastest", "slowest"))
        lines.append(f"| {name} | {times} | {error} | {against} |")
    if ratio is None or ratio > work.goal:
        lines.append(f"\nWhy the goal is missed: {work.profile or 'no profile was taken.'}")
    return "\n".join(lines) + "\n"


def machine(results):
    """What was the same for all of them, and what was not."""
    lines = ["\n## Machine and versions\n"]
    for key in results[0]["machine"]:
        found = sorted({result["machine"][key] for result in results})
        lines.append(f"* {key}: {'; '.join(found)}")
    return "\n".join(lines) + "\n"


def limits_sections(found, folder, picture):
    """What `limits` has measured, as far as it was asked to."""
    ours = {work.name: (work.title, verdict(work, result)[0]) for work, result in found}
    medians = {name: (title, row["median"]) for name, (title, row) in ours.items() if row}
    probe, growth = limits.found(folder, "probe"), limits.found(folder, "growth")
    runs = {name: limits.found(folder, name) for name in limits.RUNS}
    runs = {name: run for name, run in runs.items() if run}
    parts = [limits.floors(probe, medians) if probe else "", limits.growth(growth, picture) if growth else ""]
    return "".join(parts) + (limits.scale(runs) if runs else "")


def write(path, works, folder, quick):
    """From all results in a folder: of this call and of those before."""
    found = []
    for work in works:
        file = os.path.join(folder, work.name + ".json")
        if os.path.exists(file):
            with open(file, encoding="utf-8") as text:
                found.append((work, json.load(text)))
    with open(path, "w", encoding="utf-8") as out:
        out.write(HEAD + (QUICK if quick else "") + machine([result for _, result in found]))
        out.write("\n## Summary\n\n| work | best peer, or yardstick | proofsketch | ratio | goal | | large pages | error asked for |\n")
        out.write("| --- | --- | --- | --- | --- | --- | --- | --- |\n")
        out.writelines(summary_row(*pair) + "\n" for pair in found)
        out.write(limits_sections(found, folder, PICTURE))
        out.write("\n## Works\n")
        out.writelines(details(*pair) for pair in found)
