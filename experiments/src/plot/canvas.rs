//! Shapes at positions in pixels: what both file formats draw.

/// Red, green, blue.
pub(super) type Colour = [u8; 3];

/// A picture of `width` × `height` pixels on white, x to the right and y down, drawn in order.
#[derive(Debug, Clone)]
pub(super) struct Canvas {
    pub width: f64,
    pub height: f64,
    pub shapes: Vec<Shape>,
}

#[derive(Debug, Clone)]
pub(super) enum Shape {
    Path { points: Vec<(f64, f64)>, stroke: Stroke },
    Polygon { points: Vec<(f64, f64)>, fill: Colour, opacity: f64 },
    Circle { centre: (f64, f64), radius: f64, fill: Colour, opacity: f64 },
    Text(Text),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Stroke {
    pub colour: Colour,
    pub width: f64,
    /// Lengths drawn and left out in turn; empty for a solid line.
    pub dash: &'static [f64],
}

/// One line of text; `at` is on the line through the middle of its small letters.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub at: (f64, f64),
    pub text: String,
    pub size: f64,
    pub anchor: Anchor,
    /// Reads upwards.
    pub vertical: bool,
    pub colour: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Text {
    /// Horizontal black text.
    pub fn new(text: impl Into<String>, at: (f64, f64), size: f64, anchor: Anchor) -> Self {
        Self { at, text: text.into(), size, anchor, vertical: false, colour: super::palette::INK }
    }

    /// From `at` to the baseline.
    pub fn drop(&self) -> f64 {
        0.35 * self.size
    }
}

impl Stroke {
    pub fn solid(colour: Colour, width: f64) -> Self {
        Self { colour, width, dash: &[] }
    }
}

impl Canvas {
    pub fn path(&mut self, points: Vec<(f64, f64)>, stroke: Stroke) {
        if points.len() > 1 {
            self.shapes.push(Shape::Path { points, stroke });
        }
    }

    pub fn text(&mut self, text: Text) {
        self.shapes.push(Shape::Text(text));
    }
}
