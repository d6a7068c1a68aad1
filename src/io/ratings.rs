use std::path::Path;

use super::listing::{Listing, Piece};
use super::names::Refusal;
use super::{Error, NameTable};

/// Ratings: which user gave which item which value.
///
/// Entries stand in the order of the file, and a pair rated twice stands twice. Users and items that are all integers
/// are numbered in ascending order, others by first appearance.
///
/// ```
/// use proofsketch::io::{read_ratings, read_ratings_after, write_atomically};
///
/// let dir = tempfile::tempdir()?;
/// let (train, test) = (dir.path().join("train.dat"), dir.path().join("test.dat"));
/// write_atomically(&train, |out| out.write_all(b"20::b::5\n3::a::1.5\n"))?;
/// write_atomically(&test, |out| out.write_all(b"3::b::4\n3::c::2\n"))?;
///
/// let train = read_ratings(&train)?;
/// assert_eq!(train.entries, [(1, 0, 5.0), (0, 1, 1.5)]);
/// assert_eq!((train.users.key(0), train.items.name(0).as_str()), (3, "b"));
///
/// let test = read_ratings_after(&test, &train.users, &train.items)?;
/// assert_eq!(test.entries, [(0, 0, 4.0), (0, 2, 2.0)]);
/// assert!(test.entries[1].1 as usize >= train.items.len()); // nobody rated c in training
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ratings {
    /// The users: rows of the matrix of ratings.
    pub users: NameTable,
    /// The items: its columns.
    pub items: NameTable,
    /// (user, item, value).
    pub entries: Vec<(u32, u32, f64)>,
}

/// Reads ratings: lines `user item value [time]`, compressed by gzip or not.
///
/// The first of tab, `::`, semicolon and comma that the first line holds separates the fields, else runs of blanks do.
/// Users and items are integers or any text ([`NameTable`]), which may be quoted; the value is a finite decimal number;
/// the time, which all lines have or none, may be anything and is not kept. A first line that holds no number but a word
/// is a header, and a line that starts with `#` or `%` is a comment.
///
/// # Errors
/// [`Error::Open`], [`Error::Read`], [`Error::Truncated`]; [`Error::Nothing`]; [`Error::Malformed`] and
/// [`Error::Ragged`] for a line with another number of fields; [`Error::Missing`], [`Error::NotFinite`] and
/// [`Error::NotANumber`] for a value, with line and column; [`Error::NameCollision`].
pub fn read_ratings(path: impl AsRef<Path>) -> Result<Ratings, Error> {
    read_ratings_after(path, &NameTable::default(), &NameTable::default())
}

/// Reads ratings as [`read_ratings`] does, with the names of others read before: a test file against its training file.
///
/// A user or item that is known keeps its index. One that is new comes after the known ones, so that an index at or
/// beyond their number tells a user or item of which training says nothing; how to predict for it is the caller's
/// choice, and no line of the file is lost.
///
/// # Errors
/// As [`read_ratings`].
pub fn read_ratings_after(
    path: impl AsRef<Path>,
    users: &NameTable,
    items: &NameTable,
) -> Result<Ratings, Error> {
    let path = path.as_ref();
    let listing = Listing::open(path, "ratings", "user item value [time]", (3, 4))?;
    let has_header = listing.first()?.is_header();
    let mut ratings = Ratings { users: users.clone(), items: items.clone(), entries: Vec::new() };
    let merge = |piece: Ratings| ratings.append(&piece).map_err(|refusal| refusal.at(path));
    listing.parse(!has_header, parse, merge)?;
    if ratings.entries.is_empty() {
        return Err(Error::Nothing { path: path.into(), what: "ratings" });
    }
    ratings.sort_new_integers(users.len(), items.len());
    Ok(ratings)
}

/// The ratings of some lines, with names of their own.
fn parse(piece: Piece<'_>) -> Result<Ratings, Error> {
    let mut ratings = Ratings::default();
    piece.for_each(|entry| {
        let [user, item] = [entry.name(0)?, entry.name(1)?];
        let value = entry.number(2)?;
        let user = ratings.users.intern(&user).map_err(|refusal| refusal.at(entry.path()))?;
        let item = ratings.items.intern(&item).map_err(|refusal| refusal.at(entry.path()))?;
        ratings.entries.push((user, item, value));
        Ok(())
    })?;
    Ok(ratings)
}

impl Ratings {
    fn append(&mut self, piece: &Self) -> Result<(), Refusal> {
        let (users, items) = (self.users.absorb(&piece.users)?, self.items.absorb(&piece.items)?);
        let entries = piece.entries.iter();
        self.entries
            .extend(entries.map(|&(user, item, value)| (users[user as usize], items[item as usize], value)));
        Ok(())
    }

    fn sort_new_integers(&mut self, known_users: usize, known_items: usize) {
        let users = self.users.sort_integers(known_users);
        let items = self.items.sort_integers(known_items);
        let renumber = |index: &mut u32, known: usize, ranks: &Option<Vec<u32>>| {
            if let (Some(ranks), Some(new)) = (ranks, (*index as usize).checked_sub(known)) {
                *index = ranks[new];
            }
        };
        for (user, item, _) in &mut self.entries {
            renumber(user, known_users, &users);
            renumber(item, known_items, &items);
        }
    }
}
