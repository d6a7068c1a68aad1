//! Memory for what is read over and over.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use memmap2::MmapMut;
use pulp::bytemuck::{self, Pod};

/// Numbers on whole pages, large ones where the system gives them on request (Linux, transparent huge pages).
///
/// A page of 4 KiB ends what a core fetches ahead and wants a translation of its own, so that the rate at which memory is
/// read in order comes to depend on how the pages happen to lie. The request is a hint: values never depend on it.
pub(crate) struct LargePages<T> {
    /// Absent for no numbers, which no page holds.
    pages: Option<MmapMut>,
    numbers: PhantomData<T>,
}

impl<T: Pod> LargePages<T> {
    /// `count` zeros; none where memory does not hold them.
    pub(crate) fn zeros(count: usize) -> Option<Self> {
        let bytes = count.checked_mul(size_of::<T>())?;
        if bytes == 0 {
            return Some(Self { pages: None, numbers: PhantomData });
        }
        let pages = MmapMut::map_anon(bytes).ok()?;
        #[cfg(target_os = "linux")]
        let _only_a_hint = pages.advise(memmap2::Advice::HugePage);
        Some(Self { pages: Some(pages), numbers: PhantomData })
    }
}

impl<T: Pod> Deref for LargePages<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.pages.as_ref().map_or(&[], |pages| bytemuck::cast_slice(pages))
    }
}

impl<T: Pod> DerefMut for LargePages<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        self.pages.as_mut().map_or(&mut [], |pages| bytemuck::cast_slice_mut(pages))
    }
}

impl<T: Pod> Clone for LargePages<T> {
    fn clone(&self) -> Self {
        let mut clone = Self::zeros(self.len()).expect("memory for as much again");
        clone.copy_from_slice(self);
        clone
    }
}

impl<T: Pod + PartialEq> PartialEq for LargePages<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Pod> fmt::Debug for LargePages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LargePages({})", self.len())
    }
}
