//! Sketched regression: coefficients within the certified half-widths of the exact ones.

use proofsketch::random::StreamKey;
use proofsketch::regression::{Instance, sketch_and_solve, solve_exact};
use proofsketch::sketch::{Gaussian, SketchDistribution};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = StreamKey::from_seed(1);
    let (n, d, m) = (20_000, 4, 400);
    let instance = Instance::gaussian(n, d, key.named("data"));
    let problem = instance.problem()?;
    let exact = solve_exact(&problem)?;
    let sketch = Gaussian::new(m, n)?.sample(key.named("sketch"));
    let answer = sketch_and_solve(&problem, &sketch, 0.95)?;
    let half_widths = answer.certificate.ok_or("no certificate")?.half_widths;
    println!("coefficient   exact       {m} of {n} rows   off by      95 % half-width");
    for j in 0..d {
        let (x, y) = (exact.coefficients[j], answer.coefficients[j]);
        println!("{j:>11}   {x:>9.5}   {y:>15.5}   {:.6}   {:.6}", (x - y).abs(), half_widths[j]);
    }
    Ok(())
}
