//! `proofsketch embed`: vectors of the nodes of a graph, and how well they tell labels apart.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use proofsketch::embedding::{Graph, Settings};
use proofsketch::random::StreamKey;
use proofsketch_experiments::evaluation::{Labels, LogisticSettings, Protocol, Scores, node_classification};

use crate::failure::Failure;
use crate::numbers::counting;
use crate::output::assert_writable;
use crate::screen::Screen;

mod answer;
mod choices;
mod input;
mod outcome;
mod output;

use answer::{Answer, Seconds};
use choices::{Choices, fraction, positive, ratio};
use input::{Input, Nodes};
use outcome::Outcome;

/// Arguments of `embed`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  proofsketch embed friends.tsv.gz --dim 128 --out vectors.npy
  proofsketch embed edges.csv --labels labels.csv --train 0.1 --shuffles 5 --json
  proofsketch embed citations.txt --directed both --nodes papers.txt --out vectors.csv
  proofsketch embed roads.tsv --mode gds --iteration-weights 0,1,1 --node-self-influence 0.5 --quiet

Files are plain or gzipped, their fields separated by tabs, commas, semicolons or blanks; a line that starts with # or %
is a comment. The vector of a node depends on its id, the graph and --seed, not on the order of nodes or edges.")]
pub struct Embed {
    /// Edge list: `u v` or `u v weight` a line, ids integers or any text
    edges: PathBuf,
    /// Follow edges from u to v (out), from v to u (in), or half of the coordinates each way (both) [default: edges have
    /// no direction]
    #[arg(long, value_name = "WAY")]
    directed: Option<choices::Direction>,
    /// Refuse a file without a third column [default: weights are read where there are any]
    #[arg(long, conflicts_with = "unweighted")]
    weighted: bool,
    /// Give every edge the weight 1, whatever the file says
    #[arg(long)]
    unweighted: bool,
    /// Nodes that there are, with or without edges: a file of ids, one a line, or a number N for the ids 0..N-1; any other
    /// id is refused then [default: those of the edges]
    #[arg(long, value_name = "FILE|N")]
    nodes: Option<Nodes>,
    /// Features of the nodes in their order (of --nodes; ascending ids; or first appearance): a table, .npy or Matrix
    /// Market file of one row a node
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,
    /// Part of the coordinates that start from the features, not from random numbers
    #[arg(
        long,
        visible_alias = "property-ratio",
        value_name = "R",
        default_value_t = 0.5,
        requires = "features",
        value_parser = ratio,
        allow_negative_numbers = true
    )]
    feature_ratio: f64,
    /// Score the vectors: `node label` a line, any number of lines a node
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// Share of the labelled nodes to learn from
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, requires = "labels", value_parser = fraction,
          allow_negative_numbers = true)]
    train: f64,
    /// Random splits to average the scores over
    #[arg(long, value_name = "COUNT", default_value = "5", requires = "labels", value_parser = counting,
          allow_negative_numbers = true)]
    shuffles: std::num::NonZeroUsize,
    /// Weight of the losses against the penalty in the logistic regression that is scored
    #[arg(long, value_name = "C", default_value_t = 0.1, requires = "labels", value_parser = positive,
          allow_negative_numbers = true)]
    c: f64,
    /// Write the vectors here: .npy (f4, one row a node, their ids in FILE.nodes.txt), else CSV or TSV, ids first
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    choices: Choices,
}

impl Embed {
    /// Reads, embeds, writes, scores and tells.
    pub fn answer(&self, seed: u64, screen: Screen) -> Result<(), Failure> {
        self.assert_outputs_writable()?;
        let start = Instant::now();
        let input = Input::read(self)?;
        let read = start.elapsed();
        let key = StreamKey::from_seed(seed);
        let graph = self.graph(&input)?;
        let settings = self.choices.settings(self.directed);
        let outcome = match self.stream(&graph, &settings)? {
            Some(out) => self.embed_into(out, &graph, input.features.as_ref(), &settings, key)?,
            None => self.embed(&graph, input.features.as_ref(), &settings, key)?,
        };
        let embedded = start.elapsed();
        if let Some(out) = &self.out {
            output::write(out, &input.edges.nodes, outcome.vectors.as_ref())?;
        }
        let written = start.elapsed();
        let scores = self.score(&input, &outcome, key)?;
        let seconds = Seconds {
            read,
            embed: embedded - read,
            write: self.out.is_some().then(|| written - embedded),
            score: scores.is_some().then(|| start.elapsed() - written),
            total: start.elapsed(),
        };
        let (command, input) = (self, &input);
        Answer {
            command,
            input,
            graph: &graph,
            settings: &settings,
            outcome: &outcome,
            scores,
            seconds,
            seed,
        }
        .tell(screen);
        if let Some(out) = &self.out {
            screen.announce(format!("\nvectors: {}", out.display()));
        }
        Ok(())
    }

    /// Files that are read.
    fn inputs(&self) -> impl Iterator<Item = &Path> {
        let more =
            [self.nodes.as_ref().and_then(Nodes::file), self.features.as_deref(), self.labels.as_deref()];
        std::iter::once(self.edges.as_path()).chain(more.into_iter().flatten())
    }

    fn assert_outputs_writable(&self) -> Result<(), Failure> {
        let Some(out) = &self.out else { return Ok(()) };
        for file in std::iter::once(out.clone()).chain(output::node_file(out)) {
            self.inputs().try_for_each(|input| assert_writable(&file, input))?;
        }
        Ok(())
    }

    fn graph(&self, input: &Input) -> Result<Graph, Failure> {
        let list = &input.edges;
        let build = if self.directed.is_some() { Graph::directed } else { Graph::undirected };
        build(list.nodes.keys().to_vec(), &list.edges, list.weights.as_deref())
            .map_err(|error| self.failure(&error))
    }

    /// The file that the vectors go to in blocks, if they take more than half of the memory that may be used.
    fn stream(&self, graph: &Graph, settings: &Settings) -> Result<Option<&Path>, Failure> {
        let bytes = 4 * graph.node_count() * settings.dim;
        if settings.memory_budget.is_none_or(|budget| bytes <= budget / 2) {
            return Ok(None);
        }
        match &self.out {
            Some(out) if output::node_file(out).is_some() && self.labels.is_none() => Ok(Some(out)),
            _ => Err(Failure::input(format!(
                "the vectors take {bytes} bytes, more than half of --memory-budget: only --out FILE.npy without --labels \
                 is written in blocks"
            ))),
        }
    }

    fn score(&self, input: &Input, outcome: &Outcome, key: StreamKey) -> Result<Option<Scores>, Failure> {
        let (Some(path), Some(labels), Some(vectors)) = (&self.labels, &input.labels, &outcome.vectors)
        else {
            return Ok(None);
        };
        let protocol = Protocol {
            train_fraction: self.train,
            shuffles: self.shuffles.get(),
            logistic: LogisticSettings { c: self.c, ..LogisticSettings::default() },
        };
        let scores = Labels::new(vectors.ncols(), &labels.assignments)
            .and_then(|labels| node_classification(vectors, &labels, &protocol, key.named("scores")));
        scores.map(Some).map_err(|error| Failure::input(format!("{}: {error}", path.display())))
    }
}
