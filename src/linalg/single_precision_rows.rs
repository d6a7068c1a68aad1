//! A wide matrix stored in single precision by rows, whose products are taken in double precision.

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::large_pages::LargePages;
use super::vector_kernels::{dispatch_simd, pairwise};

/// Entries of a cache line, the unit of storage.
const LANES: usize = 16;
/// Rows that one task passes over, and whose weighted sum is one partial sum.
const TASK_ROWS: usize = 128;
/// Rows that are multiplied, and then added up, while they are in cache. Read side by side, for more memory is on its way
/// then.
const GROUP: usize = 8;
/// Bytes from which tasks run in parallel: below, a pass takes less time than waking a thread.
const PARALLEL_BYTES: usize = 2 << 20;

type SingleLine = [f32; LANES];

#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
struct DoubleLine([f64; LANES]);

/// A ∈ ℝᵐˣᴺ with entries that are exactly the stored `f32`; rows are padded with zeros to whole cache lines.
///
/// Sums are over `f64`. Each has one order, whatever the instruction set and the number of threads: an inner product
/// runs in 16 sums over the entries of equal index modulo 16; a weighted sum of rows is added up in order of index over
/// 128 rows at a time, and then over these.
#[derive(Clone, PartialEq)]
pub(crate) struct SinglePrecisionRows {
    nrows: usize,
    ncols: usize,
    lines: LargePages<SingleLine>,
}

impl SinglePrecisionRows {
    /// The matrix whose row i is written by `draw(i, row)`; none where memory does not hold it.
    pub(crate) fn generate(
        (nrows, ncols): (usize, usize),
        draw: impl Fn(usize, &mut [f32]) + Sync,
    ) -> Option<Self> {
        let width = ncols.div_ceil(LANES);
        let count = nrows.checked_mul(width)?;
        let mut lines = LargePages::<SingleLine>::zeros(count)?;
        lines.par_chunks_mut(width.max(1)).enumerate().for_each(|(i, lines)| {
            draw(i, &mut lines.as_flattened_mut()[..ncols]);
        });
        Some(Self { nrows, ncols, lines })
    }

    /// m.
    pub(crate) fn nrows(&self) -> usize {
        self.nrows
    }

    /// Row i.
    pub(crate) fn row(&self, i: usize) -> impl Iterator<Item = f64> + '_ {
        self.lines_of(i).as_flattened()[..self.ncols].iter().copied().map(f64::from)
    }

    /// A x.
    pub(crate) fn product(&self, x: &[f64]) -> Vec<f64> {
        let x = self.padded(x);
        let task = |start: usize| {
            let mut products = vec![0.0; TASK_ROWS.min(self.nrows - start)];
            for (offset, group) in products.chunks_mut(GROUP).enumerate() {
                self.multiply(start + offset * GROUP, &x, group);
            }
            products
        };
        self.over_tasks(task).concat()
    }

    /// Aᵀ w.
    pub(crate) fn weighted_sum(&self, w: &[f64]) -> Vec<f64> {
        let task = |start: usize| {
            let mut sum = self.zero();
            let weights = &w[start..self.nrows.min(start + TASK_ROWS)];
            for (offset, group) in weights.chunks(GROUP).enumerate() {
                self.add(start + offset * GROUP, group, &mut sum);
            }
            sum
        };
        self.added(self.over_tasks(task))
    }

    /// A x and Aᵀ w for wᵢ = `weight`(i, (A x)ᵢ), in one pass over A: the bits of the two products one after the other.
    pub(crate) fn fused(
        &self,
        x: &[f64],
        weight: &(dyn Fn(usize, f64) -> f64 + Sync),
    ) -> (Vec<f64>, Vec<f64>) {
        let x = self.padded(x);
        let task = |start: usize| {
            let mut sum = self.zero();
            let mut products = vec![0.0; TASK_ROWS.min(self.nrows - start)];
            for (offset, group) in products.chunks_mut(GROUP).enumerate() {
                let first = start + offset * GROUP;
                self.multiply(first, &x, group);
                let mut weights = [0.0; GROUP];
                for (k, (w, &product)) in weights.iter_mut().zip(&*group).enumerate() {
                    *w = weight(first + k, product);
                }
                self.add(first, &weights[..group.len()], &mut sum);
            }
            (products, sum)
        };
        let (products, sums): (Vec<_>, Vec<_>) = self.over_tasks(task).into_iter().unzip();
        (products.concat(), self.added(sums))
    }

    fn width(&self) -> usize {
        self.ncols.div_ceil(LANES)
    }

    fn lines_of(&self, i: usize) -> &[SingleLine] {
        &self.lines[i * self.width()..(i + 1) * self.width()]
    }

    fn zero(&self) -> Vec<DoubleLine> {
        vec![DoubleLine([0.0; LANES]); self.width()]
    }

    fn padded(&self, x: &[f64]) -> Vec<DoubleLine> {
        let mut lines = self.zero();
        lines.iter_mut().flat_map(|line| &mut line.0).zip(x).for_each(|(entry, x)| *entry = *x);
        lines
    }

    /// `task(start)` for every task, by its first row, in order.
    fn over_tasks<T: Send>(&self, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
        let tasks = self.nrows.div_ceil(TASK_ROWS);
        if size_of_val(&*self.lines) < PARALLEL_BYTES {
            return (0..tasks).map(|index| task(index * TASK_ROWS)).collect();
        }
        (0..tasks).into_par_iter().map(|index| task(index * TASK_ROWS)).collect()
    }

    /// The sum of partial sums, in order.
    fn added(&self, parts: Vec<Vec<DoubleLine>>) -> Vec<f64> {
        let mut parts = parts.into_iter();
        let mut sum = parts.next().unwrap_or_else(|| self.zero());
        for part in parts {
            for (sum, part) in sum.iter_mut().zip(&part) {
                sum.0.iter_mut().zip(part.0).for_each(|(sum, part)| *sum += part);
            }
        }
        sum.into_iter().flat_map(|line| line.0).take(self.ncols).collect()
    }

    /// Inner products of x with rows `first`, `first` + 1, …
    fn multiply(&self, first: usize, x: &[DoubleLine], products: &mut [f64]) {
        if let Ok(products) = <&mut [f64; GROUP]>::try_from(&mut *products) {
            let rows = std::array::from_fn(|k| self.lines_of(first + k));
            *products = dispatch_simd(InnerProducts { rows, x });
            return;
        }
        for (k, product) in products.iter_mut().enumerate() {
            [*product] = dispatch_simd(InnerProducts { rows: [self.lines_of(first + k)], x });
        }
    }

    /// sum += Σₖ wₖ (row `first` + k).
    fn add(&self, first: usize, weights: &[f64], sum: &mut [DoubleLine]) {
        if let Ok(&weights) = <&[f64; GROUP]>::try_from(weights) {
            let rows = std::array::from_fn(|k| self.lines_of(first + k));
            dispatch_simd(AddRows { weights, rows, sum });
            return;
        }
        for (k, &weight) in weights.iter().enumerate() {
            dispatch_simd(AddRows { weights: [weight], rows: [self.lines_of(first + k)], sum: &mut *sum });
        }
    }
}

/// Inner products of x with R rows.
struct InnerProducts<'a, const R: usize> {
    rows: [&'a [SingleLine]; R],
    x: &'a [DoubleLine],
}

impl<const R: usize> WithSimd for InnerProducts<'_, R> {
    type Output = [f64; R];

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> [f64; R] {
        match S::F64_LANES {
            8 => inner_products::<S, 2, R>(simd, self),
            4 => inner_products::<S, 4, R>(simd, self),
            2 => inner_products::<S, 8, R>(simd, self),
            _ => inner_products::<S, LANES, R>(simd, self),
        }
    }
}

/// `PER` registers hold a line.
#[inline(always)]
fn inner_products<S: Simd, const PER: usize, const R: usize>(
    simd: S,
    InnerProducts { rows, x }: InnerProducts<'_, R>,
) -> [f64; R] {
    let rows = rows.map(|row| &row[..x.len()]);
    let mut sums = [[simd.splat_f64s(0.0); PER]; R];
    for (index, x) in x.iter().enumerate() {
        let x = load::<S, PER>(x);
        for (sums, row) in sums.iter_mut().zip(&rows) {
            add_products(simd, sums, &widened::<S, PER>(&row[index]), &x);
        }
    }
    sums.map(|registers| {
        let mut lanes = DoubleLine([0.0; LANES]);
        store::<S, PER>(registers, &mut lanes);
        pairwise(lanes.0)
    })
}

/// sum += Σₖ wₖ rowₖ, row after row.
struct AddRows<'a, const R: usize> {
    weights: [f64; R],
    rows: [&'a [SingleLine]; R],
    sum: &'a mut [DoubleLine],
}

impl<const R: usize> WithSimd for AddRows<'_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match S::F64_LANES {
            8 => add_rows::<S, 2, R>(simd, self),
            4 => add_rows::<S, 4, R>(simd, self),
            2 => add_rows::<S, 8, R>(simd, self),
            _ => add_rows::<S, LANES, R>(simd, self),
        }
    }
}

/// `PER` registers hold a line.
#[inline(always)]
fn add_rows<S: Simd, const PER: usize, const R: usize>(
    simd: S,
    AddRows { weights, rows, sum }: AddRows<'_, R>,
) {
    let rows = rows.map(|row| &row[..sum.len()]);
    let weights = weights.map(|weight| [simd.splat_f64s(weight); PER]);
    for (index, sum) in sum.iter_mut().enumerate() {
        let mut total = load::<S, PER>(sum);
        for (weight, row) in weights.iter().zip(&rows) {
            add_products(simd, &mut total, &widened::<S, PER>(&row[index]), weight);
        }
        store::<S, PER>(total, sum);
    }
}

/// sums + a · b, the products rounded before they are added.
#[inline(always)]
fn add_products<S: Simd, const PER: usize>(
    simd: S,
    sums: &mut [S::f64s; PER],
    a: &[S::f64s; PER],
    b: &[S::f64s; PER],
) {
    for ((sum, &a), &b) in sums.iter_mut().zip(a).zip(b) {
        *sum = simd.add_f64s(*sum, simd.mul_f64s(a, b));
    }
}

#[inline(always)]
fn widened<S: Simd, const PER: usize>(line: &SingleLine) -> [S::f64s; PER] {
    load::<S, PER>(&DoubleLine(line.map(f64::from)))
}

#[inline(always)]
fn load<S: Simd, const PER: usize>(line: &DoubleLine) -> [S::f64s; PER] {
    *S::as_simd_f64s(&line.0).0.first_chunk().expect("a line is whole registers")
}

#[inline(always)]
fn store<S: Simd, const PER: usize>(registers: [S::f64s; PER], line: &mut DoubleLine) {
    S::as_mut_simd_f64s(&mut line.0).0.copy_from_slice(&registers);
}

impl std::fmt::Debug for SinglePrecisionRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SinglePrecisionRows({}×{})", self.nrows, self.ncols)
    }
}
