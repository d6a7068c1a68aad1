use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use super::Error;
use super::key_hash::key_hash;
use super::name_key::{TEXT, key_of};

/// The names of nodes, users, items or labels: each has an index (0, 1, 2, … without gaps) and a key of 64 bits.
///
/// The key of a name depends on the name alone, whatever else a file holds and in whatever order. A name that spells
/// an integer in 0..2⁶³ the usual way (digits only, no needless zero in front) has that integer as its key. Any other
/// name is text, and its key is the 64-bit FNV-1a hash of its bytes with the top bit set: 63 bits, so that among 10⁶
/// texts two share a key with probability 5·10⁻⁸. That is an [`Error::NameCollision`], never a confusion of the two.
///
/// ```
/// use proofsketch::io::NameTable;
///
/// let names = NameTable::from_names(["7", "ada", "007"])?;
/// assert_eq!(names.index_of("ada"), Some(1));
/// assert_eq!(names.key(0), 7);
/// assert!(names.key(2) >= 1 << 63); // text: not the way 7 is spelled
/// # Ok::<(), proofsketch::io::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct NameTable {
    keys: Vec<u64>,
    /// The texts, one after the other, and where each ends; an integer has none. Names beyond `ends` are integers.
    text: Vec<u8>,
    ends: Vec<usize>,
    /// A hash table of indices, by a hash of the key that no file can know: linear probing, at most half full.
    slots: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl NameTable {
    /// These names, each once, in order of first appearance.
    ///
    /// # Errors
    /// [`Error::NameCollision`].
    pub fn from_names<S: AsRef<[u8]>>(names: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        let mut table = Self::default();
        for name in names {
            table.intern(name.as_ref()).map_err(|refusal| refusal.at(Path::new("names")))?;
        }
        Ok(table)
    }

    /// The integers 0..`count`, each at its own index.
    #[must_use]
    pub fn numbered(count: u32) -> Self {
        let mut table = Self { keys: (0..u64::from(count)).collect(), ..Self::default() };
        table.rehash();
        table
    }

    /// The number of names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether every name is an integer.
    #[must_use]
    pub fn is_integral(&self) -> bool {
        self.ends.is_empty()
    }

    /// The keys, by index.
    #[must_use]
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// The key of the name at `index`.
    ///
    /// # Panics
    /// If there is no such index.
    #[must_use]
    pub fn key(&self, index: u32) -> u64 {
        self.keys[index as usize]
    }

    /// The bytes of the name at `index`, as the file spells it.
    ///
    /// # Panics
    /// If there is no such index.
    #[must_use]
    pub fn bytes(&self, index: u32) -> Cow<'_, [u8]> {
        let key = self.key(index);
        if key < TEXT { Cow::Owned(key.to_string().into_bytes()) } else { Cow::Borrowed(self.text_of(index)) }
    }

    /// The name at `index`; bytes that are not UTF-8 are replaced.
    ///
    /// # Panics
    /// If there is no such index.
    #[must_use]
    pub fn name(&self, index: u32) -> String {
        String::from_utf8_lossy(&self.bytes(index)).into_owned()
    }

    /// The index of a name.
    #[must_use]
    pub fn index_of(&self, name: impl AsRef<[u8]>) -> Option<u32> {
        let name = name.as_ref();
        let key = key_of(name);
        self.find(key).filter(|&index| key < TEXT || self.text_of(index) == name)
    }

    /// The index of a name that is added unless it is there.
    pub(super) fn intern(&mut self, name: &[u8]) -> Result<u32, Refusal> {
        let key = key_of(name);
        self.intern_keyed(key, if key < TEXT { b"" } else { name })
    }

    /// Adds the names of another table, in their order; the index here of each of them.
    pub(super) fn absorb(&mut self, other: &Self) -> Result<Vec<u32>, Refusal> {
        let indices = 0..other.keys.len() as u32;
        indices.map(|index| self.intern_keyed(other.key(index), other.text_of(index))).collect()
    }

    /// Puts the names from index `start` on into ascending order if all of them are integers; the new index of each
    /// name that was moved, by its old one less `start`.
    pub(super) fn sort_integers(&mut self, start: usize) -> Option<Vec<u32>> {
        let tail = &self.keys[start..];
        if self.ends.len() > start || tail.is_sorted() {
            return None;
        }
        let mut order: Vec<u32> = (0..tail.len() as u32).collect();
        order.sort_unstable_by_key(|&old| tail[old as usize]);
        let sorted: Vec<u64> = order.iter().map(|&old| tail[old as usize]).collect();
        let mut ranks = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            ranks[old as usize] = (start + new) as u32;
        }
        self.keys.truncate(start);
        self.keys.extend(sorted);
        self.rehash();
        Some(ranks)
    }

    /// Whether the first `count` names are the only ones that are texts, if any is.
    pub(super) fn is_integral_after(&self, count: usize) -> bool {
        self.ends.len() <= count
    }

    /// Drops the first `count` names.
    pub(super) fn drop_first(&mut self, count: usize) {
        let texts = count.min(self.ends.len());
        let bytes = texts.checked_sub(1).map_or(0, |last| self.ends[last]);
        self.keys.drain(..count);
        self.text.drain(..bytes);
        self.ends.drain(..texts);
        self.ends.iter_mut().for_each(|end| *end -= bytes);
        self.rehash();
    }

    fn intern_keyed(&mut self, key: u64, text: &[u8]) -> Result<u32, Refusal> {
        if let Some(index) = self.find(key) {
            if key >= TEXT && self.text_of(index) != text {
                let [first, second] =
                    [self.text_of(index), text].map(|text| String::from_utf8_lossy(text).into());
                return Err(Refusal::Collision { first, second });
            }
            return Ok(index);
        }
        let index = self.keys.len() as u32;
        if self.keys.len() == FREE as usize {
            return Err(Refusal::Full);
        }
        self.keys.push(key);
        if !text.is_empty() || key >= TEXT {
            self.ends.resize(index as usize, self.text.len());
            self.text.extend_from_slice(text);
            self.ends.push(self.text.len());
        }
        if 2 * self.keys.len() > self.slots.len() {
            self.rehash();
        } else {
            self.occupy(index);
        }
        Ok(index)
    }

    fn text_of(&self, index: u32) -> &[u8] {
        let index = index as usize;
        match self.ends.get(index) {
            Some(&end) => &self.text[index.checked_sub(1).map_or(0, |before| self.ends[before])..end],
            None => b"",
        }
    }

    /// The slot at which the search for a key starts.
    fn slot(&self, key: u64) -> usize {
        key_hash(key) as usize & (self.slots.len() - 1)
    }

    fn find(&self, key: u64) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut slot = self.slot(key);
        loop {
            match self.slots[slot] {
                FREE => return None,
                index if self.keys[index as usize] == key => return Some(index),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn occupy(&mut self, index: u32) {
        let mask = self.slots.len() - 1;
        let mut slot = self.slot(self.keys[index as usize]);
        while self.slots[slot] != FREE {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = index;
    }

    fn rehash(&mut self) {
        self.slots = vec![FREE; (4 * self.keys.len()).next_power_of_two().max(16)];
        (0..self.keys.len() as u32).for_each(|index| self.occupy(index));
    }
}

/// Equal names at equal indices.
impl PartialEq for NameTable {
    fn eq(&self, other: &Self) -> bool {
        let indices = || 0..self.len() as u32;
        self.keys == other.keys && indices().all(|index| self.text_of(index) == other.text_of(index))
    }
}

impl Eq for NameTable {}

impl fmt::Debug for NameTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..self.len() as u32).map(|index| self.name(index))).finish()
    }
}

/// Why a name cannot be added.
#[derive(Debug)]
pub(super) enum Refusal {
    Collision { first: String, second: String },
    Full,
}

impl Refusal {
    #[cold]
    pub(super) fn at(self, path: &Path) -> Error {
        let path = path.into();
        match self {
            Self::Collision { first, second } => Error::NameCollision { path, first, second },
            Self::Full => Error::Unsupported { path, what: format!("more than {FREE} different names") },
        }
    }
}
