//! Normal equations of rows picked out of a tall matrix: AᵀWA and AᵀWb for A = V[S, :], W diagonal, b one value a row.
//!
//! Every sum is taken over the rows in the order of S, products rounded before they are added, so that the bits do not
//! depend on the vector instructions.

use pulp::{Simd, WithSimd};

use super::padded_rows::{LANES, Line, PaddedRows};
use super::vector_kernels::dispatch_simd;

/// Rows of a panel that tiles of a wide Gram matrix pass over together.
const PANEL_LINES: usize = 256;

/// Rows S of a matrix, each with its value and, unless all are 1, its weight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gathered<'a> {
    pub(crate) rows: &'a PaddedRows,
    pub(crate) indices: &'a [u32],
    pub(crate) values: &'a [f64],
    pub(crate) weights: Option<&'a [f64]>,
}

/// AᵀWA and AᵀWb. Of the Gram matrix, row a holds its entries from column 8⌊a/8⌋ on; what is left of that is not used.
#[derive(Clone, Debug)]
pub(crate) struct NormalEquations {
    order: usize,
    width: usize,
    gram: Vec<Line>,
    right: Vec<Line>,
    panel: Vec<Line>,
    panel_values: Vec<f64>,
}

impl NormalEquations {
    /// Zero, for k unknowns.
    pub(crate) fn zeros(order: usize) -> Self {
        let width = order.div_ceil(LANES);
        let (gram, right) = (vec![Line::default(); order * width], vec![Line::default(); width]);
        Self { order, width, gram, right, panel: Vec::new(), panel_values: Vec::new() }
    }

    /// (AᵀWA)_ab for a ≤ b.
    #[inline(always)]
    pub(crate) fn gram(&self, a: usize, b: usize) -> f64 {
        self.gram[a * self.width + b / LANES].0[b % LANES]
    }

    /// (AᵀWb)_a.
    #[inline(always)]
    pub(crate) fn right(&self, a: usize) -> f64 {
        self.right[a / LANES].0[a % LANES]
    }

    /// Sets both to those of `gathered`.
    pub(crate) fn form(&mut self, gathered: &Gathered<'_>) {
        debug_assert_eq!(gathered.rows.ncols(), self.order);
        dispatch_simd(Form { equations: self, gathered });
    }
}

struct Form<'e, 'g> {
    equations: &'e mut NormalEquations,
    gathered: &'g Gathered<'g>,
}

impl WithSimd for Form<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { equations, gathered } = self;
        match S::F64_LANES {
            8 => form::<S, 1>(simd, equations, gathered),
            4 => form::<S, 2>(simd, equations, gathered),
            2 => form::<S, 4>(simd, equations, gathered),
            _ => form::<S, 8>(simd, equations, gathered),
        }
    }
}

macro_rules! by_order {
    ($order:expr, $simd:expr, $equations:expr, $gathered:expr; $($k:literal)*) => {
        match $order {
            $($k => match $gathered.weights {
                None => form_in_registers::<S, PER, $k, { usize::div_ceil($k, LANES) }, false>($simd, $equations, $gathered),
                Some(_) => form_in_registers::<S, PER, $k, { usize::div_ceil($k, LANES) }, true>($simd, $equations, $gathered),
            },)*
            _ => form_by_panels::<S, PER>($simd, $equations, $gathered),
        }
    };
}

/// `PER` registers make a line.
#[inline(always)]
fn form<S: Simd, const PER: usize>(simd: S, equations: &mut NormalEquations, gathered: &Gathered<'_>) {
    by_order!(equations.order, simd, equations, gathered; 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);
}

#[inline(always)]
fn load<S: Simd, const PER: usize>(line: &Line) -> [S::f64s; PER] {
    *S::as_simd_f64s(&line.0).0.first_chunk().expect("a line is whole registers")
}

#[inline(always)]
fn store<S: Simd, const PER: usize>(registers: [S::f64s; PER], line: &mut Line) {
    S::as_mut_simd_f64s(&mut line.0).0.copy_from_slice(&registers);
}

/// sums + factor · line.
#[inline(always)]
fn add_scaled<S: Simd, const PER: usize>(
    simd: S,
    sums: &mut [S::f64s; PER],
    factor: f64,
    line: &[S::f64s; PER],
) {
    let factor = simd.splat_f64s(factor);
    for (sum, &line) in sums.iter_mut().zip(line) {
        *sum = simd.add_f64s(*sum, simd.mul_f64s(factor, line));
    }
}

#[inline(always)]
fn scaled<S: Simd, const PER: usize>(simd: S, factor: f64, line: [S::f64s; PER]) -> [S::f64s; PER] {
    line.map(|register| simd.mul_f64s(simd.splat_f64s(factor), register))
}

/// All sums in registers, rows read where they stand.
#[inline(always)]
fn form_in_registers<S: Simd, const PER: usize, const K: usize, const WIDTH: usize, const WEIGHTED: bool>(
    simd: S,
    equations: &mut NormalEquations,
    gathered: &Gathered<'_>,
) {
    let (rows, _) = gathered.rows.lines().as_chunks::<WIDTH>();
    let weights = gathered.weights.unwrap_or(gathered.values);
    let zero = [simd.splat_f64s(0.0); PER];
    let mut gram = [[zero; WIDTH]; K];
    let mut right = [zero; WIDTH];
    for ((&index, &value), &weight) in gathered.indices.iter().zip(gathered.values).zip(weights) {
        let row = &rows[index as usize];
        for c in 0..WIDTH {
            let line = load::<S, PER>(&row[c]);
            let line = if WEIGHTED { scaled(simd, weight, line) } else { line };
            add_scaled(simd, &mut right[c], value, &line);
            for a in 0..K.min((c + 1) * LANES) {
                add_scaled(simd, &mut gram[a][c], row[a / LANES].0[a % LANES], &line);
            }
        }
    }
    // What lies left of the diagonal's line is zero.
    for (sums, out) in gram.into_iter().flatten().zip(&mut equations.gram) {
        store::<S, PER>(sums, out);
    }
    for (sums, out) in right.into_iter().zip(&mut equations.right) {
        store::<S, PER>(sums, out);
    }
}

/// Tiles of 8 × 16 sums, each over panels of rows that are copied together.
#[inline(always)]
fn form_by_panels<S: Simd, const PER: usize>(
    simd: S,
    equations: &mut NormalEquations,
    gathered: &Gathered<'_>,
) {
    let width = equations.width;
    equations.gram.fill(Line::default());
    equations.right.fill(Line::default());
    let height = (PANEL_LINES / width).max(8);
    let count = gathered.indices.len();
    for start in (0..count).step_by(height) {
        let range = start..count.min(start + height);
        equations.load_panel::<S, PER>(simd, gathered, range);
        equations.add_panel_to_right::<S, PER>(simd);
        for block in 0..width {
            for c in (block..width).step_by(2) {
                let rows = LANES.min(equations.order - block * LANES);
                match (rows, c + 1 < width) {
                    (8, true) => equations.add_tile::<S, PER, 8, 2>(simd, block, c),
                    (8, false) => equations.add_tile::<S, PER, 8, 1>(simd, block, c),
                    (1, _) => equations.add_tile::<S, PER, 1, 1>(simd, block, c),
                    (2, _) => equations.add_tile::<S, PER, 2, 1>(simd, block, c),
                    (3, _) => equations.add_tile::<S, PER, 3, 1>(simd, block, c),
                    (4, _) => equations.add_tile::<S, PER, 4, 1>(simd, block, c),
                    (5, _) => equations.add_tile::<S, PER, 5, 1>(simd, block, c),
                    (6, _) => equations.add_tile::<S, PER, 6, 1>(simd, block, c),
                    _ => equations.add_tile::<S, PER, 7, 1>(simd, block, c),
                }
            }
        }
    }
}

impl NormalEquations {
    /// Rows `range` of A and their values, each times √w.
    #[inline(always)]
    fn load_panel<S: Simd, const PER: usize>(
        &mut self,
        simd: S,
        gathered: &Gathered<'_>,
        range: std::ops::Range<usize>,
    ) {
        self.panel.clear();
        self.panel_values.clear();
        let lines = gathered.rows.lines();
        for t in range {
            let start = gathered.indices[t] as usize * self.width;
            let row = &lines[start..start + self.width];
            match gathered.weights {
                None => {
                    self.panel.extend_from_slice(row);
                    self.panel_values.push(gathered.values[t]);
                }
                Some(weights) => {
                    let root = weights[t].sqrt();
                    for line in row {
                        let mut copy = Line::default();
                        store::<S, PER>(scaled(simd, root, load::<S, PER>(line)), &mut copy);
                        self.panel.push(copy);
                    }
                    self.panel_values.push(root * gathered.values[t]);
                }
            }
        }
    }

    #[inline(always)]
    fn add_panel_to_right<S: Simd, const PER: usize>(&mut self, simd: S) {
        for (row, &value) in self.panel.chunks_exact(self.width).zip(&self.panel_values) {
            for (total, line) in self.right.iter_mut().zip(row) {
                let mut sums = load::<S, PER>(total);
                add_scaled(simd, &mut sums, value, &load::<S, PER>(line));
                store::<S, PER>(sums, total);
            }
        }
    }

    /// Adds the panel's share of rows 8·block.. and lines c.. of the Gram matrix.
    #[inline(always)]
    fn add_tile<S: Simd, const PER: usize, const ROWS: usize, const LINES: usize>(
        &mut self,
        simd: S,
        block: usize,
        c: usize,
    ) {
        let mut sums = [[[simd.splat_f64s(0.0); PER]; LINES]; ROWS];
        for row in self.panel.chunks_exact(self.width) {
            let factors = &row[block].0;
            let lines: &[Line; LINES] = row[c..].first_chunk().expect("a tile lies in the row");
            for (l, line) in lines.iter().enumerate() {
                let line = load::<S, PER>(line);
                for (sums, &factor) in sums.iter_mut().zip(factors) {
                    add_scaled(simd, &mut sums[l], factor, &line);
                }
            }
        }
        for (a, sums) in sums.iter().enumerate() {
            let place = (block * LANES + a) * self.width + c;
            for (total, sums) in self.gram[place..place + LINES].iter_mut().zip(sums) {
                let mut grown = load::<S, PER>(total);
                add_scaled(simd, &mut grown, 1.0, sums);
                store::<S, PER>(grown, total);
            }
        }
    }
}
