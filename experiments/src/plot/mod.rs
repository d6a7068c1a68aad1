//! Declarative charts, written as SVG and PNG from one description.
//!
//! | item | what |
//! | --- | --- |
//! | [`Axis`] | linear, logarithmic to base 10 or 2, or categories; label and range |
//! | [`Chart`] | lines with markers and bands, scatters, reference curves and slopes, target levels |
//! | [`Drawing`] | one chart or a row of them under one legend; [`to_svg`](Drawing::to_svg), [`to_png`](Drawing::to_png) |
//!
//! Everything is drawn with one font that is compiled in, so that a picture comes out the same on a machine without
//! fonts. Colours are those of Okabe and Ito, told apart by readers with any colour vision; markers and dashes differ
//! too.

mod axes;
mod axis;
mod canvas;
mod chart;
mod drawing;
mod font;
mod frame;
mod layout;
mod legend;
mod palette;
mod panel;
mod raster;
mod svg;

pub use axis::Axis;
pub use chart::Chart;
pub use drawing::Drawing;
