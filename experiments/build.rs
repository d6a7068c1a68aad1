//! Tells the manifests which compiler built them.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    if let Ok(output) = Command::new(rustc).arg("--version").output() {
        println!("cargo:rustc-env=PROOFSKETCH_RUSTC={}", String::from_utf8_lossy(&output.stdout).trim());
    }
}
