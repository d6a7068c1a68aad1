//! Colours, markers and dashes that any reader tells apart.

use super::canvas::{Canvas, Colour, Shape};

pub(super) const INK: Colour = [30, 30, 30];
pub(super) const FRAME: Colour = [90, 90, 90];
pub(super) const GRID: Colour = [222, 222, 222];
pub(super) const MINOR_GRID: Colour = [241, 241, 241];
pub(super) const REFERENCE: Colour = [95, 95, 95];

/// Okabe and Ito's palette without its yellow, which is too pale for a line on white.
const COLOURS: [Colour; 7] =
    [[0, 114, 178], [213, 94, 0], [0, 158, 115], [204, 121, 167], [230, 159, 0], [86, 180, 233], [0, 0, 0]];

const DASHES: [&[f64]; 5] = [&[], &[20.0, 7.0], &[10.0, 6.0], &[20.0, 6.0, 5.0, 6.0], &[5.0, 5.0]];
const REFERENCE_DASHES: [&[f64]; 4] = [&[14.0, 9.0], &[4.0, 7.0], &[22.0, 7.0, 4.0, 7.0], &[28.0, 10.0]];

/// How the i-th series looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub colour: Colour,
    pub dash: &'static [f64],
    marker: usize,
}

/// The look of the i-th measured series.
pub(super) fn series_style(i: usize) -> Style {
    Style { colour: COLOURS[i % COLOURS.len()], dash: DASHES[i % DASHES.len()], marker: i % MARKERS.len() }
}

/// The look of the i-th curve to compare with.
pub(super) fn reference_style(i: usize) -> Style {
    Style { colour: REFERENCE, dash: REFERENCE_DASHES[i % REFERENCE_DASHES.len()], marker: 0 }
}

/// A marker's outline around the origin, of radius about 1; a circle for none.
const MARKERS: [Option<&[(f64, f64)]>; 8] = [
    None,
    Some(&[(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)]),
    Some(&[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)]),
    Some(&[(0.0, -1.25), (1.05, 0.0), (0.0, 1.25), (-1.05, 0.0)]),
    Some(&[(0.0, 1.2), (1.1, -0.8), (-1.1, -0.8)]),
    Some(&PLUS),
    Some(&CROSS),
    Some(&[(0.0, -1.15), (1.09, -0.36), (0.68, 0.93), (-0.68, 0.93), (-1.09, -0.36)]),
];

const PLUS: [(f64, f64); 12] = [
    (-0.36, -1.2),
    (0.36, -1.2),
    (0.36, -0.36),
    (1.2, -0.36),
    (1.2, 0.36),
    (0.36, 0.36),
    (0.36, 1.2),
    (-0.36, 1.2),
    (-0.36, 0.36),
    (-1.2, 0.36),
    (-1.2, -0.36),
    (-0.36, -0.36),
];

const CROSS: [(f64, f64); 12] = [
    (0.0, -0.51),
    (0.6, -1.1),
    (1.1, -0.6),
    (0.51, 0.0),
    (1.1, 0.6),
    (0.6, 1.1),
    (0.0, 0.51),
    (-0.6, 1.1),
    (-1.1, 0.6),
    (-0.51, 0.0),
    (-1.1, -0.6),
    (-0.6, -1.1),
];

impl Style {
    /// Draws the marker with a thin white rim that sets it off from lines below.
    pub fn draw_marker(self, canvas: &mut Canvas, at: (f64, f64), radius: f64, opacity: f64) {
        if opacity == 1.0 {
            canvas.shapes.push(self.marker(at, radius + 1.8, [255; 3], 1.0));
        }
        canvas.shapes.push(self.marker(at, radius, self.colour, opacity));
    }

    fn marker(self, (x, y): (f64, f64), radius: f64, fill: Colour, opacity: f64) -> Shape {
        match MARKERS[self.marker] {
            None => Shape::Circle { centre: (x, y), radius, fill, opacity },
            Some(outline) => {
                let points = outline.iter().map(|(dx, dy)| (x + radius * dx, y + radius * dy)).collect();
                Shape::Polygon { points, fill, opacity }
            }
        }
    }
}
