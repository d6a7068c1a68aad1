//! AᵀWA p for rows picked out of a tall matrix, the Gram matrix not formed.

use pulp::NullaryFnOnce;

use super::gathered_gram::Gathered;
use super::gathered_products::product;
use super::padded_rows::{LANES, Line};
use super::vector_kernels::dispatch;

/// Sets `out` to AᵀWA p, each row read once for both products.
pub(crate) fn gathered_normal_product(gathered: &Gathered<'_>, p: &[Line], out: &mut [Line]) {
    out.fill(Line::default());
    dispatch(NormalProduct { gathered, p, out });
}

struct NormalProduct<'a> {
    gathered: &'a Gathered<'a>,
    p: &'a [Line],
    out: &'a mut [Line],
}

impl NullaryFnOnce for NormalProduct<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { gathered, p, out } = self;
        let width = gathered.rows.width();
        for (t, &index) in gathered.indices.iter().enumerate() {
            let row = &gathered.rows.lines()[index as usize * width..][..width];
            let image = product(p, row) * gathered.weights.map_or(1.0, |weights| weights[t]);
            for (sum, line) in out.iter_mut().zip(row) {
                for lane in 0..LANES {
                    sum.0[lane] += image * line.0[lane];
                }
            }
        }
    }
}
