//! The side of this library in measurements that other programs take part in; see `benches/peers/README.md`.

mod serve;
mod works;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve::serve(),
        ["make", work, folder] => works::make(work, folder.as_ref()),
        _ => Err("usage: proofsketch-peers serve | make WORK DIR".into()),
    }
}
