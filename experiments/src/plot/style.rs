//! How things look: colours, dashes and markers that any reader tells apart, and the one font.

use std::f64::consts::TAU;
use std::sync::Once;

use plotters::coord::CoordTranslate;
use plotters::element::{Circle, DashedPathElement, EmptyElement, PathElement, Polygon};
use plotters::prelude::{Color, DrawingArea, RGBColor, SVGBackend, WHITE};
use plotters::style::{FontDesc, FontFamily, FontStyle, TextStyle, register_font};

use crate::Error;

pub(super) const INK: RGBColor = RGBColor(30, 30, 30);
pub(super) const FRAME: RGBColor = RGBColor(90, 90, 90);
pub(super) const GRID: RGBColor = RGBColor(222, 222, 222);
pub(super) const MINOR_GRID: RGBColor = RGBColor(241, 241, 241);

pub(super) const LINE_WIDTH: u32 = 7;
pub(super) const REFERENCE_WIDTH: u32 = 5;
pub(super) const MARKER: f64 = 15.0;
pub(super) const BAND_OPACITY: f64 = 0.16;

/// Okabe and Ito's palette without its yellow, which is too pale for a line on white.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(0, 0, 0),
];
const REFERENCE: RGBColor = RGBColor(95, 95, 95);

/// Lengths of a dash and of the gap after it.
const DASHES: [Option<(i32, i32)>; 5] =
    [None, Some((40, 14)), Some((20, 12)), Some((64, 16)), Some((10, 10))];
const REFERENCE_DASHES: [Option<(i32, i32)>; 4] =
    [Some((28, 18)), Some((8, 12)), Some((56, 20)), Some((16, 24))];

/// Stars by their number of points, where the first stands (in turns from the right, clockwise), the radius of the
/// points and that of the corners between them; a circle for none.
const MARKERS: [Option<(u32, f64, f64, f64)>; 8] = [
    None,
    Some((4, 0.125, 1.25, 0.88)),
    Some((3, 0.75, 1.35, 0.675)),
    Some((4, 0.0, 1.3, 0.92)),
    Some((3, 0.25, 1.35, 0.675)),
    Some((5, 0.75, 1.5, 0.62)),
    Some((4, 0.0, 1.5, 0.55)),
    Some((5, 0.75, 1.2, 0.97)),
];

/// The look of a series.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub colour: RGBColor,
    dash: Option<(i32, i32)>,
    marker: usize,
}

impl Style {
    /// The i-th measured series.
    pub fn measured(i: usize) -> Self {
        Self { colour: COLOURS[i % COLOURS.len()], dash: DASHES[i % DASHES.len()], marker: i % MARKERS.len() }
    }

    /// The i-th curve to compare with.
    pub fn reference(i: usize) -> Self {
        Self { colour: REFERENCE, dash: REFERENCE_DASHES[i % REFERENCE_DASHES.len()], marker: 0 }
    }

    pub fn draw_line<C: CoordTranslate>(
        self,
        area: &DrawingArea<SVGBackend<'_>, C>,
        points: Vec<C::From>,
        width: u32,
    ) -> Result<(), Error>
    where
        C::From: Clone,
    {
        let stroke = self.colour.stroke_width(width);
        match self.dash {
            None => area.draw(&PathElement::new(points, stroke))?,
            Some((dash, gap)) => area.draw(&DashedPathElement::new(points, dash, gap, stroke))?,
        }
        Ok(())
    }

    /// Draws the marker; an opaque one with a thin white rim that sets it off from lines below.
    pub fn draw_marker<C: CoordTranslate>(
        self,
        area: &DrawingArea<SVGBackend<'_>, C>,
        at: C::From,
        radius: f64,
        opacity: f64,
    ) -> Result<(), Error>
    where
        C::From: Clone,
    {
        let rim = (opacity == 1.0).then(|| (radius + 4.0, WHITE.to_rgba()));
        for (radius, colour) in rim.into_iter().chain([(radius, self.colour.mix(opacity))]) {
            let place = EmptyElement::at(at.clone());
            match MARKERS[self.marker] {
                None => area.draw(&(place + Circle::new((0, 0), radius, colour.filled())))?,
                Some(star) => area.draw(&(place + Polygon::new(outline(star, radius), colour)))?,
            }
        }
        Ok(())
    }
}

fn outline((points, first, outer, inner): (u32, f64, f64, f64), radius: f64) -> Vec<(i32, i32)> {
    let corner = |i: u32| {
        let reach = radius * if i.is_multiple_of(2) { outer } else { inner };
        let angle = TAU * (first + f64::from(i) / f64::from(2 * points));
        ((reach * angle.cos()).round() as i32, (reach * angle.sin()).round() as i32)
    };
    (0..2 * points).map(corner).collect()
}

/// The one font, compiled in.
pub(super) const FONT: &[u8] = include_bytes!("../../assets/DejaVuSans.ttf");

/// What an SVG viewer is asked for; a viewer without the first takes the next.
const FAMILY: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

/// plotters' SVG back-end divides a font's size by this,
const SVG_SHRINKAGE: f64 = 1.24;
/// and it measures text as if the size were that of ascender and descender together, which for this font are so many em.
const ASCENDER_TO_DESCENDER: f64 = 1.164;

/// Black text of `size` units an em.
pub(super) fn text(size: f64) -> TextStyle<'static> {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        let registered = register_font(FAMILY, FontStyle::Normal, FONT);
        assert!(registered.is_ok(), "the compiled-in file is a font");
    });
    FontDesc::new(FontFamily::Name(FAMILY), SVG_SHRINKAGE * size, FontStyle::Normal).color(&INK)
}

/// About the width of `line` at `size` units an em.
pub(super) fn width(line: &str, size: f64) -> f64 {
    text(size).font.box_size(line).map_or(0.0, |(width, _)| f64::from(width)) * ASCENDER_TO_DESCENDER
        / SVG_SHRINKAGE
}

/// At most `size`, and so small that `line` fits `room`.
pub(super) fn fitted(line: &str, size: f64, room: f64) -> f64 {
    size * (room / width(line, size).max(1.0)).min(1.0)
}
