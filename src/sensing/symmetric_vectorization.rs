use nalgebra::DMatrix;

/// Entries of svec(X) for d×d matrices.
pub(super) fn length(dim: usize) -> usize {
    dim * (dim + 1) / 2
}

/// svec of the symmetric part of X: x_jj and (x_jk + x_kj)/√2, upper triangle column after column; an isometry on symmetric
/// matrices.
pub(super) fn vectorize(x: &DMatrix<f64>) -> Vec<f64> {
    let upper = (0..x.ncols()).flat_map(|j| (0..=j).map(move |i| (i, j)));
    let entry = |(i, j)| {
        if i == j { x[(i, j)] } else { (x[(i, j)] + x[(j, i)]) * std::f64::consts::FRAC_1_SQRT_2 }
    };
    upper.map(entry).collect()
}

/// The symmetric X with svec(X) = v.
pub(super) fn matrix(dim: usize, v: &[f64]) -> DMatrix<f64> {
    let mut x = DMatrix::zeros(dim, dim);
    let upper = (0..dim).flat_map(|j| (0..=j).map(move |i| (i, j)));
    for ((i, j), &value) in upper.zip(v) {
        let entry = if i == j { value } else { value * std::f64::consts::FRAC_1_SQRT_2 };
        x[(i, j)] = entry;
        x[(j, i)] = entry;
    }
    x
}
