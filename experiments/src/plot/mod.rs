//! Declarative charts, written as SVG and PNG from one description.
//!
//! | item | what |
//! | --- | --- |
//! | [`Axis`] | linear, logarithmic to base 10 or 2, or categories; label and range |
//! | [`Chart`] | lines with markers and bands, scatters, reference curves and slopes, target levels |
//! | [`Drawing`] | one chart or a row of them under one legend; [`to_svg`](Drawing::to_svg), [`to_png`](Drawing::to_png) |
//!
//! plotters draws; the PNG is the SVG rendered by resvg. The one font is compiled in, so that a picture comes out the
//! same on a machine without fonts. Colours are those of Okabe and Ito, told apart by readers with any colour vision;
//! markers and dashes differ too.

mod axis;
mod chart;
mod drawing;
mod legend;
mod panel;
mod scale;
mod style;

pub use axis::Axis;
pub use chart::Chart;
pub use drawing::Drawing;
