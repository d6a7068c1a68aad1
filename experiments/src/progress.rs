//! A progress bar on a terminal, silence elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Work done out of work expected, shown on standard error if that is a terminal.
#[derive(Debug, Clone)]
pub struct Progress(ProgressBar);

impl Progress {
    /// Shows nothing.
    #[must_use]
    pub fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    /// A bar labelled `label` on a terminal; nothing in a pipe.
    #[must_use]
    pub fn on_terminal(label: &str) -> Self {
        let bar = ProgressBar::no_length().with_message(label.to_owned()).with_style(spinner());
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// Expects `steps` more steps.
    pub fn expect(&self, steps: usize) {
        if self.0.length().is_none() {
            self.0.set_style(steps_bar());
            self.0.set_length(0);
        }
        self.0.inc_length(steps as u64);
    }

    /// One step is done.
    pub fn tick(&self) {
        self.0.inc(1);
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}

fn spinner() -> ProgressStyle {
    template("{spinner} {msg} {elapsed}")
}

fn steps_bar() -> ProgressStyle {
    template("{spinner} {msg} [{bar:32}] {pos}/{len}, {eta} left").progress_chars("=> ")
}

fn template(text: &str) -> ProgressStyle {
    ProgressStyle::with_template(text).unwrap_or_else(|_| ProgressStyle::default_bar())
}
