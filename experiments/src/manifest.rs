//! What a rerun does not reproduce: when, where and with what a table was computed.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::{Figure, Scale, Table};

/// How a table came about; written as JSON beside its CSV file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The figure.
    pub figure: String,
    /// Its paper.
    pub paper: String,
    /// The seed of all its randomness.
    pub seed: u64,
    /// How much work was done.
    pub scale: Scale,
    /// Rows of the table.
    pub rows: usize,
    /// When the run began, UTC, ISO 8601.
    pub date: String,
    /// How long it took.
    pub seconds: f64,
    /// Threads it ran on.
    pub threads: usize,
    /// Processor, if the system tells.
    pub cpu: Option<String>,
    /// Operating system and architecture.
    pub platform: String,
    /// Version of this program.
    pub version: String,
    /// Commit of its source, if it is in a git repository that is still there.
    pub commit: Option<String>,
    /// The compiler, if it was asked.
    pub rustc: Option<String>,
}

impl Manifest {
    pub(crate) fn of(figure: &Figure, table: &Table, scale: Scale, seed: u64, began: SystemTime) -> Self {
        Self {
            figure: figure.id.to_owned(),
            paper: figure.paper.id.to_owned(),
            seed,
            scale,
            rows: table.rows(),
            date: iso_8601(began),
            seconds: began.elapsed().map_or(0.0, |elapsed| elapsed.as_millis() as f64 / 1e3),
            threads: rayon::current_num_threads(),
            cpu: cpu_model(),
            platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: commit(),
            rustc: option_env!("PROOFSKETCH_RUSTC").map(str::to_owned),
        }
    }
}

/// "2026-11-24T02:39:00Z".
fn iso_8601(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (year, month, day) = civil_date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Gregorian date of a day counted from 1970-01-01, by whole 400-year eras of years that begin in March
/// (H. Hinnant, *chrono-compatible low-level date algorithms*, `civil_from_days`).
fn civil_date(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

fn cpu_model() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// HEAD, "-dirty" where tracked files differ from it other than in `reports/`, which change as they are regenerated.
fn commit() -> Option<String> {
    let head = git(&["rev-parse", "--short=12", "HEAD"])?;
    let changes =
        git(&["status", "--porcelain", "--untracked-files=no", "--", ":/", ":(top,exclude)reports"])?;
    Some(if changes.is_empty() { head } else { format!("{head}-dirty") })
}

/// What git prints of this repository; none without git or where the source is no repository.
fn git(arguments: &[&str]) -> Option<String> {
    let output =
        Command::new("git").args(["-C", env!("CARGO_MANIFEST_DIR")]).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn dates_at_the_turns_of_months_and_leap_years() {
        let written = |seconds| iso_8601(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(written(0), "1970-01-01T00:00:00Z");
        assert_eq!(written(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(written(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(written(1_709_251_199), "2024-02-29T23:59:59Z");
        assert_eq!(written(4_107_542_400), "2100-03-01T00:00:00Z");
    }
}
