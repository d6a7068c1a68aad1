//! Axes: from values to positions, and where the ticks stand.

/// Values beyond this, and on logarithmic axes below its inverse, are not drawn.
const LARGEST: f64 = 1e280;

/// One axis of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    pub(super) label: String,
    pub(super) spacing: Spacing,
    pub(super) range: Option<(f64, f64)>,
    pub(super) included: Vec<f64>,
}

/// How values are spaced along an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Spacing {
    Linear,
    /// Equal ratios are equal lengths; ticks at powers of the base, 2 or 10.
    Log(u32),
    /// Value i stands at the i-th name.
    Categories(Vec<String>),
}

/// A tick; minor ones have no label.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub at: f64,
    pub label: Option<String>,
}

impl Axis {
    fn new(label: impl Into<String>, spacing: Spacing) -> Self {
        Self { label: label.into(), spacing, range: None, included: Vec::new() }
    }

    /// Equal differences are equal lengths. The label names the quantity and its unit.
    #[must_use]
    pub fn linear(label: impl Into<String>) -> Self {
        Self::new(label, Spacing::Linear)
    }

    /// Equal ratios are equal lengths, ticks at powers of ten; values that are not positive are not drawn.
    #[must_use]
    pub fn log(label: impl Into<String>) -> Self {
        Self::new(label, Spacing::Log(10))
    }

    /// Equal ratios are equal lengths, ticks at powers of two; values that are not positive are not drawn.
    #[must_use]
    pub fn log2(label: impl Into<String>) -> Self {
        Self::new(label, Spacing::Log(2))
    }

    /// Named places: the value i = 0, 1, … stands at the i-th name.
    #[must_use]
    pub fn categories<S: Into<String>>(label: impl Into<String>, names: impl IntoIterator<Item = S>) -> Self {
        Self::new(label, Spacing::Categories(names.into_iter().map(Into::into).collect()))
    }

    /// Shows exactly `low` < `high`, whatever the data; both positive on a logarithmic axis.
    #[must_use]
    pub fn range(self, low: f64, high: f64) -> Self {
        Self { range: Some((low, high)), ..self }
    }

    /// Shows `value` even if the data does not reach it.
    #[must_use]
    pub fn including(mut self, value: f64) -> Self {
        self.included.push(value);
        self
    }

    pub(super) fn has_categories(&self) -> bool {
        matches!(self.spacing, Spacing::Categories(_))
    }

    /// Whether `value` has a place on an axis of this spacing: finite, positive if logarithmic, and far enough from
    /// overflow that a margin does not reach it.
    pub(super) fn shows(&self, value: f64) -> bool {
        value.abs() <= LARGEST && (value >= LARGEST.recip() || !matches!(self.spacing, Spacing::Log(_)))
    }

    /// The interval to show for data with these values: 4 % wider on either side; `None` without a value to show.
    pub(super) fn interval(&self, values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
        if let Spacing::Categories(names) = &self.spacing {
            return Some((-0.5, names.len().max(1) as f64 - 0.5));
        }
        if let Some((low, high)) = self.range {
            return (self.shows(low) && self.shows(high) && low < high).then_some((low, high));
        }
        let shown = values.chain(self.included.iter().copied()).filter(|&value| self.shows(value));
        let (low, high) = shown.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        if low > high {
            return None;
        }
        let (l, h) = (self.warp(low), self.warp(high));
        let margin = if h > l { 0.04 * (h - l) } else { f64::max(0.5, 0.05 * h.abs()) };
        Some((self.unwarp(l - margin), self.unwarp(h + margin)))
    }

    /// 0 at `interval.0`, 1 at `interval.1`.
    pub(super) fn fraction(&self, value: f64, interval: (f64, f64)) -> f64 {
        let (low, high) = (self.warp(interval.0), self.warp(interval.1));
        (self.warp(value) - low) / (high - low)
    }

    /// Ticks within `interval`, about `wanted` of them labelled.
    pub(super) fn ticks(&self, interval: (f64, f64), wanted: usize) -> Vec<Tick> {
        let slack = 1e-9 * (self.warp(interval.1) - self.warp(interval.0));
        let inside = |tick: &Tick| {
            (self.warp(interval.0) - slack..=self.warp(interval.1) + slack).contains(&self.warp(tick.at))
        };
        let ticks = match &self.spacing {
            Spacing::Linear => linear_ticks(interval, wanted),
            Spacing::Log(base) => log_ticks(f64::from(*base), interval, wanted),
            Spacing::Categories(names) => names
                .iter()
                .enumerate()
                .map(|(i, name)| Tick { at: i as f64, label: Some(name.clone()) })
                .collect(),
        };
        ticks.into_iter().filter(inside).collect()
    }

    fn warp(&self, value: f64) -> f64 {
        if matches!(self.spacing, Spacing::Log(_)) { value.ln() } else { value }
    }

    fn unwarp(&self, position: f64) -> f64 {
        if matches!(self.spacing, Spacing::Log(_)) { position.exp() } else { position }
    }
}

/// Ticks at multiples of 1, 2 or 5 times a power of ten, with the label of the fewest decimals that tells them apart.
fn linear_ticks((low, high): (f64, f64), wanted: usize) -> Vec<Tick> {
    let rough = (high - low) / wanted as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|&s| s >= rough * 0.999).unwrap_or(rough);
    let decimals = (-step.log10().floor()).max(0.0) as usize;
    let scientific = !(1e-3..1e5).contains(&high.abs().max(low.abs()));
    ((low / step).ceil() as i64..=(high / step).floor() as i64)
        .map(|i| i as f64 * step)
        .map(|at| Tick { at, label: Some(if scientific { significant(at) } else { decimal(at, decimals) }) })
        .collect()
}

/// Ticks at powers of the base; at 1, 2, 5 times powers of ten (or linear ones) where fewer than two powers are in sight.
fn log_ticks(base: f64, (low, high): (f64, f64), wanted: usize) -> Vec<Tick> {
    let exponent = |x: f64| x.ln() / base.ln();
    let (first, last) = (exponent(low).floor() as i32, exponent(high).ceil() as i32);
    let powers = exponent(high) - exponent(low);
    if powers < 1.5 {
        return close_log_ticks((low, high), wanted);
    }
    let stride = (powers / wanted as f64).ceil().max(1.0) as i32;
    let mut ticks = Vec::new();
    for e in first..=last {
        let at = base.powi(e);
        let label = (e.rem_euclid(stride) == 0).then(|| format!("{base}{}", superscript(e)));
        ticks.push(Tick { at, label });
        if base > 2.0 && stride == 1 {
            ticks.extend((2..10).map(|m| Tick { at: f64::from(m) * at, label: None }));
        }
    }
    ticks
}

/// Ticks of a logarithmic axis over about one power of its base.
fn close_log_ticks((low, high): (f64, f64), wanted: usize) -> Vec<Tick> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let powers = first..=last;
    let at_steps = |steps: &[i32]| -> Vec<f64> {
        let values = powers.clone().flat_map(|e| steps.iter().map(move |&m| f64::from(m) * 10_f64.powi(e)));
        values.filter(|value| (low..=high).contains(value)).collect()
    };
    let labelled = at_steps(&[1, 2, 5]);
    if labelled.len() < 3 {
        return linear_ticks((low, high), wanted);
    }
    let minor = at_steps(&[3, 4, 6, 7, 8, 9]).into_iter().map(|at| Tick { at, label: None });
    labelled.into_iter().map(|at| Tick { at, label: Some(significant(at)) }).chain(minor).collect()
}

/// A number with a few significant digits: as a decimal near 1, else as 2×10⁻⁵.
fn significant(value: f64) -> String {
    if value == 0.0 || (1e-3..1e5).contains(&value.abs()) {
        let text = format!("{}", (value * 1e6).round() / 1e6);
        return text.replace('-', "−");
    }
    let text = format!("{value:.1e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let power = format!("10{}", superscript(exponent.parse().unwrap_or(0)));
    match digits.strip_suffix(".0").unwrap_or(digits) {
        "1" => power,
        "-1" => format!("−{power}"),
        digits => format!("{}×{power}", digits.replace('-', "−")),
    }
}

fn decimal(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') {
        return text.trim_start_matches('-').to_owned();
    }
    text.replace('-', "−")
}

fn superscript(exponent: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = |c: char| c.to_digit(10).map_or('⁻', |d| DIGITS[d as usize]);
    exponent.to_string().chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis, interval: (f64, f64), wanted: usize) -> Vec<String> {
        axis.ticks(interval, wanted).into_iter().filter_map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_written_as_the_field_writes_them() {
        assert_eq!(labels(&Axis::log(""), (0.009, 11.0), 8), ["10⁻²", "10⁻¹", "10⁰", "10¹"]);
        assert_eq!(labels(&Axis::log2(""), (7.0, 70.0), 8), ["2³", "2⁴", "2⁵", "2⁶"]);
        assert_eq!(labels(&Axis::log(""), (0.09, 0.6), 8), ["0.1", "0.2", "0.5"]);
        assert_eq!(labels(&Axis::linear(""), (-0.11, 0.11), 4), ["−0.1", "0.0", "0.1"]);
        assert_eq!(labels(&Axis::linear(""), (0.0, 4e5), 4), ["0", "10⁵", "2×10⁵", "3×10⁵", "4×10⁵"]);
        assert_eq!(labels(&Axis::categories("", ["a", "b"]), (-0.5, 1.5), 1), ["a", "b"]);
    }

    #[test]
    fn wide_logarithmic_axes_label_some_powers_only() {
        assert_eq!(labels(&Axis::log(""), (1e-13, 1.5), 5), ["10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "10⁰"]);
    }
}
