//! What came of a call of `reproduce`.

use proofsketch_experiments::{Error, Tally, Verdict};
use serde_json::{Value, json};

use crate::failure::Failure;

/// What came of a call.
#[derive(Default)]
pub struct Outcome {
    pub figures: Vec<Value>,
    pub verdicts: Vec<Verdict>,
    pub theorems: Vec<Value>,
    pub pages: Vec<String>,
    pub failures: Vec<Error>,
}

impl Outcome {
    /// The object that `--json` gives.
    pub fn described(&self) -> Value {
        let tally: Tally = self.verdicts.iter().copied().collect();
        let errors: Vec<String> = self.failures.iter().map(ToString::to_string).collect();
        json!({ "figures": self.figures, "theorems": self.theorems, "summary": tally, "reports": self.pages, "errors": errors })
    }

    /// Fails as the first step that failed did, which has been told.
    pub fn into_result(self) -> Result<(), Failure> {
        self.failures.first().map_or(Ok(()), |error| Err(Failure::from(error).told()))
    }
}
