//! Operations that a sketch of one column takes.

use std::cell::Cell;
use std::ops::{Add, Sub};

use proofsketch::guarantee::fit_exponent;
use proofsketch::linalg::fast_walsh_hadamard;
use proofsketch::random::{StreamKey, uniform_unit};
use proofsketch::sketch::SketchOperator;

use super::PAPER;
use super::families::{Family, GAUSSIAN, SPARSE_SIGN_8};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict};

/// Additions that S x takes against n, at fixed m.
pub const FIGURE: Figure = Figure {
    id: "apply_cost",
    paper: &PAPER,
    title: "What it costs to apply a sketch",
    claim: "The SRHT applies to A ∈ ℝⁿˣᵈ in O(n d log n) operations, whatever the number of rows m. A Gaussian sketch \
        takes m n d and one with s nonzeros a column s n d.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.5, paper: 3.0 },
};

const PLACE: &str = "Theorem 1.1: S A in O(n d log n)";
const OWN: &str = "not in the paper: the same count for other sketches";

/// 16 d at d = 32.
const SKETCH_ROWS: usize = 512;
const BUTTERFLY: &str = "SRHT";
const EXPLICIT: [Family; 2] = [GAUSSIAN, SPARSE_SIGN_8];

/// A number that counts the additions and subtractions it takes part in.
#[derive(Clone, Copy)]
struct Counting<'c> {
    value: f64,
    count: &'c Cell<u64>,
}

impl Counting<'_> {
    fn next(self, value: f64) -> Self {
        self.count.set(self.count.get() + 1);
        Self { value, ..self }
    }
}

impl Add for Counting<'_> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.next(self.value + other.value)
    }
}

impl Sub for Counting<'_> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.next(self.value - other.value)
    }
}

/// x ← H x by the textbook loop over any numbers.
fn walsh_hadamard<T: Copy + Add<Output = T> + Sub<Output = T>>(x: &mut [T]) {
    let mut distance = 1;
    while distance < x.len() {
        for group in x.chunks_exact_mut(2 * distance) {
            let (upper, lower) = group.split_at_mut(distance);
            for (u, v) in upper.iter_mut().zip(lower) {
                (*u, *v) = (*u + *v, *u - *v);
            }
        }
        distance *= 2;
    }
}

fn run(context: &Context) -> Result<Table, Fault> {
    let powers = 10..=context.at(13, 17);
    context.progress().expect(powers.clone().count() * (1 + EXPLICIT.len()));
    let mut table = Table::new(["sketch", "n", "additions", "same_as_library"]);
    for n in powers.map(|power| 1_usize << power) {
        let key = context.key().indexed(n as u64);
        let (additions, same) = butterfly_additions(n, key);
        table.push([BUTTERFLY.into(), n.into(), (additions as f64).into(), f64::from(u8::from(same)).into()]);
        context.progress().tick();
        for family in EXPLICIT {
            let sketch = family.distribution(SKETCH_ROWS, n)?.sample(key.named(family.name));
            table.push([family.name.into(), n.into(), nonzeros(&sketch).into(), f64::NAN.into()]);
            context.progress().tick();
        }
    }
    Ok(table)
}

/// Additions of the transform of n numbers, counted one by one, and whether it gives the bits of the library's.
fn butterfly_additions(n: usize, key: StreamKey) -> (u64, bool) {
    let count = Cell::new(0);
    let mut rng = key.named("x").block(0);
    let mut expected: Vec<f64> = (0..n).map(|_| uniform_unit(&mut rng) - 0.5).collect();
    let mut counting: Vec<Counting<'_>> =
        expected.iter().map(|&value| Counting { value, count: &count }).collect();
    walsh_hadamard(&mut counting);
    fast_walsh_hadamard(&mut expected);
    let same = counting.iter().zip(&expected).all(|(counted, value)| counted.value == *value);
    (count.get(), same)
}

/// Nonzeros of S, each one multiplication and one addition for every column of A.
fn nonzeros(sketch: &dyn SketchOperator) -> usize {
    let width = 1 << 10;
    (0..sketch.ncols())
        .step_by(width)
        .map(|start| {
            let columns = sketch.columns(start..sketch.ncols().min(start + width));
            columns.iter().filter(|&&entry| entry != 0.0).count()
        })
        .sum()
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let title = format!("Operations to sketch one column, m = {SKETCH_ROWS}");
    let mut chart = Chart::new(title, Axis::log2("n, rows of A"), Axis::log("additions a column of A"));
    for (name, rows) in table.groups("sketch")? {
        chart = chart.line(name, rows.points("n", "additions")?);
    }
    let sizes: Vec<f64> = table.number_groups("n")?.into_iter().map(|(n, _)| n).collect();
    let curve = |cost: fn(f64) -> f64| sizes.iter().map(|&n| (n, cost(n))).collect();
    Ok(chart
        .reference("n log₂ n", curve(|n| n * n.log2()))
        .reference("m n", curve(|n| SKETCH_ROWS as f64 * n))
        .reference("8 n", curve(|n| 8.0 * n))
        .into())
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![butterfly(table)?, exponents(table)?, advantage(table)?])
}

fn butterfly(table: &Table) -> Result<ClaimCheck, Fault> {
    let rows = table.only("sketch", BUTTERFLY)?;
    let same = rows.numbers("same_as_library")?;
    let counted = rows.points("n", "additions")?;
    let exact =
        counted.iter().zip(same).filter(|&(&(n, additions), &same)| additions == n * n.log2() && same == 1.0);
    let (holding, cases) = (exact.count(), counted.len());
    Ok(ClaimCheck::new(
        "The Hadamard transform of n = 2^q numbers takes n log₂ n additions, exactly",
        PLACE,
        "numbers that count their additions, in the loop that gives the bits of the library's transform",
    )
    .seen(
        format!("{holding} of {cases} sizes, from n = {}", counted[0].0),
        Verdict::from_cases(holding, cases),
    ))
}

fn exponents(table: &Table) -> Result<ClaimCheck, Fault> {
    let (mut holding, mut seen) = (0, Vec::new());
    for family in EXPLICIT {
        let rows = table.only("sketch", family.name)?;
        let fit = fit_exponent(rows.numbers("n")?, rows.numbers("additions")?, 0.05)?;
        holding += usize::from((fit.exponent - 1.0).abs() <= 1e-3);
        seen.push(format!("{} {:.4}", family.name, fit.exponent));
    }
    let srht = table.only("sketch", BUTTERFLY)?;
    let fit = fit_exponent(srht.numbers("n")?, srht.numbers("additions")?, 0.05)?;
    seen.push(format!("SRHT {:.4}", fit.exponent));
    Ok(ClaimCheck::new(
        "At fixed m the cost of a Gaussian sketch and of one with 8 nonzeros a column grows like n, exponent 1.000 ± 0.001",
        OWN,
        "nonzeros of drawn sketches; least squares of ln cost on ln n",
    )
    .seen(seen.join(", "), Verdict::from_cases(holding, EXPLICIT.len())))
}

fn advantage(table: &Table) -> Result<ClaimCheck, Fault> {
    let largest = table.number_groups("n")?.pop().ok_or("no sizes")?;
    let cost =
        |name: &str| -> Result<f64, Fault> { Ok(largest.1.only("sketch", name)?.numbers("additions")?[0]) };
    let factor = cost(GAUSSIAN.name)? / cost(BUTTERFLY)?;
    Ok(ClaimCheck::new(
        "At m = 512 the SRHT takes at least 30 times fewer additions than a Gaussian sketch, up to n = 2¹⁷",
        PLACE,
        "the two counts at the largest n",
    )
    .seen(format!("{factor:.1} times fewer at n = {}", largest.0), Verdict::from_bool(factor >= 30.0)))
}
