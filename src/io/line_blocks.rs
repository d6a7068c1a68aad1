use super::Error;
use super::gzip::Input;
use super::lines::LONGEST;

/// Bytes of text read at a time, and of the pieces of it that are parsed in parallel.
const BLOCK: usize = 1 << 22;
const PIECE: usize = 1 << 18;

/// The next lines of a file, about [`BLOCK`] bytes, whole but for the last of the file.
pub(super) fn next_block(input: &mut Input, line: usize) -> Result<Vec<u8>, Error> {
    let mut block = Vec::new();
    input.read_up_to(BLOCK, &mut block)?;
    if block.len() == BLOCK
        && block.last() != Some(&b'\n')
        && input.read_until(b'\n', LONGEST, &mut block)? == LONGEST
    {
        let line = line + newlines(&block);
        return Err(Error::LineTooLong { path: input.path().into(), line, limit: LONGEST });
    }
    Ok(block)
}

/// A block cut behind the ends of lines into pieces, each with the number of its first line, that of the block's being
/// `line`.
pub(super) fn pieces(block: &[u8], mut line: usize) -> impl Iterator<Item = (&[u8], usize)> {
    let mut rest = block;
    std::iter::from_fn(move || {
        let least = PIECE.min(rest.len());
        let end =
            rest[least..].iter().position(|&byte| byte == b'\n').map_or(rest.len(), |at| least + at + 1);
        let (piece, after) = rest.split_at(end);
        let first_line = line;
        line += newlines(piece);
        rest = after;
        (!piece.is_empty()).then_some((piece, first_line))
    })
}

/// The number of lines that end in a text.
pub(super) fn newlines(text: &[u8]) -> usize {
    // Sums of bytes over short runs are vectorized.
    text.chunks(128).map(|run| usize::from(run.iter().map(|&byte| u8::from(byte == b'\n')).sum::<u8>())).sum()
}
