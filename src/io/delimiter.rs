/// What stands between the fields of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delimiter {
    /// One byte: two in a row enclose an empty field.
    Byte(u8),
    /// Any run of white space.
    Blanks,
}

impl Delimiter {
    /// The delimiter of a table, by its first line: the first of tab, semicolon and comma that occurs outside of
    /// quotes, else blanks; the comma if a quote stays open, as its field must be longer than the line.
    pub(super) fn sniff(line: &[u8]) -> Self {
        let mut is_quoted = false;
        let mut seen = [false; 3];
        for &byte in line {
            match byte {
                b'"' => is_quoted = !is_quoted,
                b'\t' if !is_quoted => seen[0] = true,
                b';' if !is_quoted => seen[1] = true,
                b',' if !is_quoted => seen[2] = true,
                _ => {}
            }
        }
        match seen {
            [true, ..] => Self::Byte(b'\t'),
            [_, true, _] => Self::Byte(b';'),
            [.., true] => Self::Byte(b','),
            _ if is_quoted => Self::Byte(b','),
            _ => Self::Blanks,
        }
    }

    /// The byte that separates fields once blanks are [squeezed](squeeze).
    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Byte(byte) => byte,
            Self::Blanks => b'\t',
        }
    }
}

/// Makes every run of blanks outside of quotes one tab, and the end of the line one newline.
pub(super) fn squeeze(line: &mut Vec<u8>) {
    line.truncate(line.trim_ascii_end().len());
    let mut is_quoted = false;
    let mut kept = 0_usize;
    for i in 0..line.len() {
        let is_blank = !is_quoted && line[i].is_ascii_whitespace();
        let before = kept.checked_sub(1).map_or(b'\t', |last| line[last]);
        if is_blank && before == b'\t' {
            continue;
        }
        if line[i] == b'"' && (is_quoted || matches!(before, b'\t' | b'"')) {
            is_quoted = !is_quoted;
        }
        line[kept] = if is_blank { b'\t' } else { line[i] };
        kept += 1;
    }
    line.truncate(kept);
    line.push(b'\n');
}
