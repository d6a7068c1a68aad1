//! The one font, compiled in: DejaVu Sans.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, GlyphId, OutlineCurve};

/// What an SVG viewer is asked for; a viewer without the first takes the next.
pub(super) const FAMILY: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

static FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| {
    FontRef::try_from_slice(include_bytes!("../../assets/DejaVuSans.ttf"))
        .expect("the compiled-in file is a font")
});

/// A glyph of a line of text: its curves in font units, and how far along the baseline it stands, in pixels.
pub(super) struct Placed {
    pub advance: f64,
    pub curves: Vec<OutlineCurve>,
}

/// Pixels a font unit at `size` pixels an em.
pub(super) fn unit(size: f64) -> f64 {
    size / f64::from(FONT.units_per_em().expect("a TrueType font states its em"))
}

/// Width of `text` in pixels at `size` pixels an em.
pub(super) fn width(text: &str, size: f64) -> f64 {
    walk(text, size, |_, _| ())
}

/// The glyphs of `text`, kerned.
pub(super) fn glyphs(text: &str, size: f64) -> Vec<Placed> {
    let mut placed = Vec::new();
    walk(text, size, |advance, glyph| {
        if let Some(outline) = FONT.outline(glyph) {
            placed.push(Placed { advance, curves: outline.curves });
        }
    });
    placed
}

/// Visits each glyph with its distance along the baseline; returns the whole length.
fn walk(text: &str, size: f64, mut visit: impl FnMut(f64, GlyphId)) -> f64 {
    let unit = unit(size);
    let mut advance = 0.0;
    let mut previous = None;
    for character in text.chars() {
        let glyph = FONT.glyph_id(character);
        if let Some(previous) = previous {
            advance += unit * f64::from(FONT.kern_unscaled(previous, glyph));
        }
        visit(advance, glyph);
        advance += unit * f64::from(FONT.h_advance_unscaled(glyph));
        previous = Some(glyph);
    }
    advance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_letters_of_mathematics() {
        for character in "ℓ∞εδκμσ‖₀₁₂₃⁻⁰¹²³⁴⁵⁶⁷⁸⁹½−×·√≤≥≈∈ᵀ★Ωαβγη–—".chars()
        {
            assert_ne!(FONT.glyph_id(character), GlyphId(0), "{character}");
        }
    }
}
