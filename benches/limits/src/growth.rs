//! Cost against size: fitted exponents, the gain of a second thread, and a picture.

use std::error::Error;
use std::path::Path;

use proofsketch::guarantee::fit_exponent;
use proofsketch_experiments::plot::{Axis, Chart, Drawing};
use serde_json::{Value, json};

use crate::kernels::{KERNELS, Kernel};
use crate::timing::on_threads;

/// Measures every kernel on two threads, at its largest size on one thread too, and draws seconds against size.
pub fn growth(png: &Path) -> Result<Value, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut lines: Vec<(&Kernel, Vec<(f64, f64)>)> = Vec::new();
    for kernel in KERNELS {
        let points: Vec<(f64, f64)> = kernel
            .values
            .iter()
            .map(|&value| (value as f64, on_threads(2, || (kernel.run)(value))))
            .collect();
        let (largest, on_two) = points[points.len() - 1];
        let on_one = on_threads(1, || (kernel.run)(largest as usize));
        let (sizes, seconds): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
        let exponent = fit_exponent(&sizes, &seconds, 0.05)?.exponent;
        eprintln!("{} in {}: {exponent:.2}", kernel.name, kernel.size);
        found.push(json!({
            "method": kernel.name,
            "size": kernel.size,
            "sizes": kernel.values,
            "seconds": seconds,
            "exponent": exponent,
            "predicted": kernel.exponent,
            "second_thread": on_one / on_two,
        }));
        lines.push((kernel, points));
    }
    std::fs::write(png, drawing(&lines).to_png()?)?;
    Ok(Value::Array(found))
}

/// A panel a size, a line a method, all costs beside that of the smallest size.
fn drawing(lines: &[(&Kernel, Vec<(f64, f64)>)]) -> Drawing {
    let mut sizes: Vec<&str> = Vec::new();
    lines.iter().for_each(|(kernel, _)| {
        if !sizes.contains(&kernel.size) {
            sizes.push(kernel.size);
        }
    });
    let panels = sizes.into_iter().map(|size| {
        let axis = Axis::log2(format!("{size}, beside its smallest"));
        let mut chart = Chart::new(format!("in {size}"), axis, Axis::log("seconds, beside the first"));
        for (kernel, points) in lines.iter().filter(|(kernel, _)| kernel.size == size) {
            let (x, y) = points[0];
            let relative = points.iter().map(|point| (point.0 / x, point.1 / y)).collect();
            chart = chart.line(kernel.name, relative);
        }
        chart.slope("slope 1", (1.0, 1.0), 1.0)
    });
    Drawing::panels("Cost against size on two threads", panels)
}
