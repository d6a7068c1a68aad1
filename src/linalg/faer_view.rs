//! faer views of nalgebra matrices (both column-major: nothing is copied) and faer's scratch memory.

use faer::dyn_stack::{MemBuffer, StackReq};
use faer::{MatMut, MatRef};
use nalgebra::DMatrix;

/// `a` as faer reads it.
pub(crate) fn view(a: &DMatrix<f64>) -> MatRef<'_, f64> {
    MatRef::from_column_major_slice(a.as_slice(), a.nrows(), a.ncols())
}

/// `a` as faer writes it.
pub(crate) fn view_mut(a: &mut DMatrix<f64>) -> MatMut<'_, f64> {
    let (nrows, ncols) = a.shape();
    MatMut::from_column_major_slice_mut(a.as_mut_slice(), nrows, ncols)
}

/// Scratch memory of the size a faer routine asks for.
pub(crate) fn scratch(request: StackReq) -> MemBuffer {
    MemBuffer::new(request)
}
