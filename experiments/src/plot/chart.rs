//! A chart as a description: axes and series, nothing of pixels.

use super::Axis;

/// Series over two axes.
///
/// A series gets its colour, marker and dash by its label: charts of one [`Drawing`](super::Drawing) that use a label
/// twice mean the same thing by it.
///
/// ```
/// use proofsketch_experiments::plot::{Axis, Chart, Drawing};
///
/// let errors = vec![(64.0, 0.31), (256.0, 0.16), (1024.0, 0.08)];
/// let chart = Chart::new("Error of a sketch", Axis::log2("m, rows of the sketch"), Axis::log("ℓ∞ error"))
///     .line("SRHT", errors.clone())
///     .slope("slope −½", errors[0], -0.5)
///     .target("ε = 0.1", 0.1);
/// assert!(Drawing::from(chart).to_svg()?.contains("rows of the sketch"));
/// # Ok::<(), proofsketch_experiments::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub(super) title: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) series: Vec<Series>,
}

/// One series and its line in the legend.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    pub label: String,
    pub mark: Mark,
    pub points: Vec<(f64, f64)>,
    pub band: Vec<(f64, f64, f64)>,
}

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Mark {
    /// Coloured line with markers.
    Line,
    /// Coloured markers.
    Scatter,
    /// Dashed grey line without markers.
    Reference,
    /// Dashed grey power law y = y₀ (x/x₀)ᵏ through the one point, over the whole width.
    Slope(f64),
    /// Dashed grey level at the one point's y, over the whole width.
    Target,
}

impl Mark {
    /// Whether it shows data, not something to compare it with.
    pub fn is_measured(self) -> bool {
        matches!(self, Self::Line | Self::Scatter)
    }
}

impl Chart {
    /// A chart without series. Give the title of a lone chart in full: it heads the drawing.
    #[must_use]
    pub fn new(title: impl Into<String>, x: Axis, y: Axis) -> Self {
        Self { title: title.into(), x, y, series: Vec::new() }
    }

    /// A line with markers through `points` (x, y), in their order.
    #[must_use]
    pub fn line(self, label: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        self.with(label, Mark::Line, points, Vec::new())
    }

    /// A line as [`line`](Self::line) with a shaded band (x, low, high), such as the 10 % and 90 % quantiles.
    #[must_use]
    pub fn line_with_band(
        self,
        label: impl Into<String>,
        points: Vec<(f64, f64)>,
        band: Vec<(f64, f64, f64)>,
    ) -> Self {
        self.with(label, Mark::Line, points, band)
    }

    /// Markers at `points`, not joined.
    #[must_use]
    pub fn scatter(self, label: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        self.with(label, Mark::Scatter, points, Vec::new())
    }

    /// A curve to compare with, dashed and without markers: a theorem's prediction. Give it enough points to look smooth.
    #[must_use]
    pub fn reference(self, label: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        self.with(label, Mark::Reference, points, Vec::new())
    }

    /// The power law y = y₀ (x/x₀)ᵏ through `anchor` = (x₀, y₀), dashed over the whole width: a straight line of slope
    /// k where both axes are logarithmic.
    #[must_use]
    pub fn slope(self, label: impl Into<String>, anchor: (f64, f64), exponent: f64) -> Self {
        self.with(label, Mark::Slope(exponent), vec![anchor], Vec::new())
    }

    /// The level `y`, dashed over the whole width.
    #[must_use]
    pub fn target(self, label: impl Into<String>, y: f64) -> Self {
        self.with(label, Mark::Target, vec![(f64::NAN, y)], Vec::new())
    }

    fn with(
        mut self,
        label: impl Into<String>,
        mark: Mark,
        points: Vec<(f64, f64)>,
        band: Vec<(f64, f64, f64)>,
    ) -> Self {
        self.series.push(Series { label: label.into(), mark, points, band });
        self
    }

    /// The intervals of x and y that the axes show; `None` if no point can be shown. Slopes do not widen them.
    pub(super) fn intervals(&self) -> Option<((f64, f64), (f64, f64))> {
        let shown = |&(x, y): &(f64, f64)| self.x.shows(x) && self.y.shows(y);
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        for series in &self.series {
            match series.mark {
                Mark::Slope(_) => (),
                Mark::Target => ys.extend(series.points.iter().map(|point| point.1)),
                Mark::Line | Mark::Scatter | Mark::Reference => {
                    let edges = series.band.iter().flat_map(|&(x, low, high)| [(x, low), (x, high)]);
                    let points: Vec<(f64, f64)> =
                        series.points.iter().copied().chain(edges).filter(shown).collect();
                    xs.extend(points.iter().map(|point| point.0));
                    ys.extend(points.iter().map(|point| point.1));
                }
            }
        }
        if xs.is_empty() {
            return None;
        }
        Some((self.x.interval(xs.into_iter())?, self.y.interval(ys.into_iter())?))
    }
}
