//! What the machine allows, how costs grow, and runs at a scale that no memory holds.
//!
//! `limits probe` prints the rates of reading, copying and multiplying; `limits growth FILE.png` the cost of each method
//! over a range of sizes with fitted exponents, and draws them; `limits scale regress|sample|embed|complete` one large
//! run. Each prints one JSON object.
#![allow(clippy::print_stdout)]

mod growth;
mod kernels;
mod probe;
mod rows;
mod scale;
mod timing;

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let found = match words[..] {
        ["probe"] => probe::probe(),
        ["growth", png] => growth::growth(Path::new(png))?,
        ["scale", what] => scale::scale(what)?,
        _ => return Err("usage: limits probe | growth FILE.png | scale regress|sample|embed|complete".into()),
    };
    println!("{found:#}");
    Ok(())
}
