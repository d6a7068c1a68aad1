use std::time::Duration;

use clap::ValueEnum;
use proofsketch::embedding::{Graph, Settings};
use proofsketch_experiments::evaluation::Scores;
use serde_json::{Value, json};

use super::{Embed, Input, Outcome};
use crate::output::significant;
use crate::screen::Screen;
use proofsketch_experiments::{Summary, peak_bytes};

/// What `embed` found.
#[derive(Debug)]
pub struct Answer<'a> {
    pub command: &'a Embed,
    pub input: &'a Input,
    pub graph: &'a Graph,
    pub settings: &'a Settings,
    pub outcome: &'a Outcome,
    pub scores: Option<Scores>,
    pub seconds: Seconds,
    pub seed: u64,
}

/// Where the time went.
#[derive(Debug)]
pub struct Seconds {
    pub read: Duration,
    pub embed: Duration,
    pub write: Option<Duration>,
    pub score: Option<Duration>,
    pub total: Duration,
}

/// What is counted in the list of edges.
struct Counts {
    self_loops: usize,
    repeated: usize,
}

impl Answer<'_> {
    /// Prints the answer, warnings on standard error.
    pub fn tell(&self, screen: Screen) {
        for warning in self.warnings() {
            eprintln!("warning: {warning}");
        }
        let counts = Counts {
            self_loops: self.input.edges.self_loops(),
            repeated: self.input.edges.repeated(self.graph.is_directed()),
        };
        screen.answer(self.facts(&counts));
        screen.json(&self.described(&counts));
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings: Vec<String> = self.outcome.warnings.iter().map(ToString::to_string).collect();
        if let Some(scores) = self.scores.as_ref().filter(|scores| scores.unconverged > 0) {
            let (some, all) = (scores.unconverged, scores.shuffles.len());
            warnings.push(format!(
                "the logistic regression of {some} of {all} shuffles ended before it converged"
            ));
        }
        warnings
    }

    fn described(&self, counts: &Counts) -> Value {
        let (settings, seconds) = (self.settings, &self.seconds);
        let scores = self.scores.as_ref();
        let deviation = |f1: &Summary| Some(f1.standard_deviation).filter(|value| value.is_finite());
        json!({
            "nodes": self.graph.node_count(),
            "edges": self.graph.edge_count(),
            "isolated": self.outcome.isolated,
            "self_loops": counts.self_loops,
            "duplicates": counts.repeated,
            "directed": self.command.directed.map(name),
            "weighted": self.graph.is_weighted(),
            "mode": name(self.command.choices.mode),
            "dim": settings.dim,
            "weights": settings.weights,
            "self_influence": settings.self_influence,
            "beta": settings.beta,
            "seed": self.seed,
            "zero_vectors": self.outcome.zero_vectors,
            "micro_f1": scores.map(|scores| scores.micro.mean),
            "micro_f1_sd": scores.and_then(|scores| deviation(&scores.micro)),
            "macro_f1": scores.map(|scores| scores.macro_.mean),
            "macro_f1_sd": scores.and_then(|scores| deviation(&scores.macro_)),
            "shuffles": scores.map(|scores| scores.shuffles.len()),
            "training": scores.map(|scores| scores.training),
            "testing": scores.map(|scores| scores.testing),
            "classes": scores.and_then(|_| self.classes()),
            "warnings": self.warnings(),
            "seconds": seconds.total.as_secs_f64(),
            "seconds_read": seconds.read.as_secs_f64(),
            "seconds_embed": seconds.embed.as_secs_f64(),
            "seconds_write": seconds.write.map(|time| time.as_secs_f64()),
            "seconds_score": seconds.score.map(|time| time.as_secs_f64()),
            "peak_bytes": peak_bytes(),
        })
    }

    fn classes(&self) -> Option<usize> {
        self.input.labels.as_ref().map(|labels| labels.names.len())
    }

    /// One fact a line.
    fn facts(&self, counts: &Counts) -> String {
        let mut facts = vec![
            ("nodes", format!("{}, {} of them isolated", self.graph.node_count(), self.outcome.isolated)),
            ("edges", self.edge_fact(counts)),
            ("vectors", self.vector_fact()),
        ];
        if let Some(scores) = &self.scores {
            let deviation =
                |value: f64| if value.is_finite() { format!(" ± {value:.4}") } else { String::new() };
            let (micro, macro_) = (&scores.micro, &scores.macro_);
            let shuffles = format!("mean of {} shuffles", scores.shuffles.len());
            facts.push((
                "labels",
                format!(
                    "{} classes, {} nodes to learn from, {} to test on",
                    self.classes().unwrap_or(0),
                    scores.training,
                    scores.testing
                ),
            ));
            facts.push((
                "micro-F1",
                format!("{:.4}{}, {shuffles}", micro.mean, deviation(micro.standard_deviation)),
            ));
            facts.push(("macro-F1", format!("{:.4}{}", macro_.mean, deviation(macro_.standard_deviation))));
        }
        facts.push(("seconds", self.seconds.worded()));
        if let Some(peak) = peak_bytes() {
            facts.push(("memory", format!("{} MiB at most", peak.div_ceil(1 << 20))));
        }
        let lines: Vec<String> = facts.iter().map(|(what, value)| format!("{what:<10}{value}")).collect();
        lines.join("\n")
    }

    fn edge_fact(&self, counts: &Counts) -> String {
        let direction =
            self.command.directed.map_or("undirected".to_owned(), |way| format!("directed ({})", name(way)));
        let weights = if self.graph.is_weighted() { "weighted" } else { "unweighted" };
        let mut fact = format!("{}, {direction}, {weights}", self.graph.edge_count());
        if counts.self_loops > 0 {
            fact += &format!(", {} self-loops", counts.self_loops);
        }
        if counts.repeated > 0 {
            fact += &format!(", {} repeated: their weights add up", counts.repeated);
        }
        fact
    }

    fn vector_fact(&self) -> String {
        let settings = self.settings;
        let weights: Vec<String> = settings.weights.iter().map(|&weight| plain(weight)).collect();
        let own = match settings.self_influence {
            0.0 => String::new(),
            weight => format!(", self-influence {}", plain(weight)),
        };
        let (mode, weights, beta) =
            (name(self.command.choices.mode), weights.join(","), plain(settings.beta));
        format!(
            "{} coordinates, {mode}, weights {weights}{own}, beta {beta}, seed {}",
            settings.dim, self.seed
        )
    }
}

impl Seconds {
    fn worded(&self) -> String {
        let show = |time: Duration| significant(time.as_secs_f64(), 2);
        let mut parts =
            vec![format!("reading {}", show(self.read)), format!("embedding {}", show(self.embed))];
        parts.extend(self.write.map(|time| format!("writing {}", show(time))));
        parts.extend(self.score.map(|time| format!("scoring {}", show(time))));
        format!("{}: {}", show(self.total), parts.join(", "))
    }
}

/// A number in the fewest digits.
fn plain(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-4..1e7).contains(&size) { value.to_string() } else { format!("{value:e}") }
}

/// What a choice is called on the command line.
fn name(choice: impl ValueEnum) -> String {
    choice.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}
