//! Running, plotting and checking figures into a folder of reports.
//!
//! | file under the folder | written by | what |
//! | --- | --- | --- |
//! | `data/<paper>/<figure>.csv` | [`Reports::run`] | the table: the same bits for the same seed and scale |
//! | `data/<paper>/<figure>.manifest.json` | [`Reports::run`] | when, where and with what it was computed |
//! | `figures/<paper>/<figure>.svg`, `.png` | [`Reports::plot`] | the picture |
//! | `guarantees.md` | [`Reports::write_guarantees`] | every theorem held against its code |
//! | `<paper>.md`, `claims.md` | [`Reports::write_pages`] | a page for each paper, and the ledger of all claims |
//! | `README.md`, `index.html` | [`Reports::write_pages`] | all figures with their verdicts; as one file for a browser |
//!
//! A file is written beside its place and then moved there: an interrupted program leaves no half of one.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use proofsketch::io::write_atomically;

use crate::error::Fault;
use crate::guarantees::{self, Examined};
use crate::{
    ClaimCheck, Context, Error, Figure, Manifest, Paper, Progress, Scale, Table, figure, figures, index,
    ledger, report,
};

/// A folder of reports.
#[derive(Debug, Clone)]
pub struct Reports {
    root: PathBuf,
    data: Option<PathBuf>,
}

/// A figure whose data is there: how it was computed and what its claims came to.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The figure.
    pub figure: &'static Figure,
    /// How its data was computed, if the manifest is there.
    pub manifest: Option<Manifest>,
    /// Its claims.
    pub claims: Vec<ClaimCheck>,
}

/// The figures named by `ids`, each once; the name of a paper stands for all its figures.
///
/// # Errors
/// [`Error::UnknownFigure`] for the first name that is neither.
pub fn select(ids: &[String]) -> Result<Vec<&'static Figure>, Error> {
    let mut selected: Vec<&'static Figure> = Vec::new();
    for id in ids {
        let of_paper: Vec<&Figure> = figures().iter().filter(|figure| figure.paper.id == id).collect();
        let named = if of_paper.is_empty() { vec![figure(id)?] } else { of_paper };
        for figure in named {
            if selected.iter().all(|other| other.id != figure.id) {
                selected.push(figure);
            }
        }
    }
    Ok(selected)
}

/// Every paper that has a figure, in the order of the registry.
#[must_use]
pub fn papers() -> Vec<&'static Paper> {
    let mut papers: Vec<&'static Paper> = Vec::new();
    for figure in figures() {
        if papers.iter().all(|paper| paper.id != figure.paper.id) {
            papers.push(figure.paper);
        }
    }
    papers
}

impl Reports {
    /// The reports in the folder `root`, which need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), data: None }
    }

    /// The same reports, with a folder of data that is not shipped.
    #[must_use]
    pub fn with_data(self, data: Option<PathBuf>) -> Self {
        Self { data, ..self }
    }

    /// Why a figure cannot be run, if it runs on data that is not there: [`Error::MissingData`].
    #[must_use]
    pub fn missing_data(&self, figure: &Figure) -> Option<Error> {
        figure.outside_data()?.folder(self.data.as_deref()).err()
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the table of a figure is.
    #[must_use]
    pub fn csv(&self, figure: &Figure) -> PathBuf {
        self.data(figure, "csv")
    }

    /// Where the manifest of a figure is.
    #[must_use]
    pub fn manifest_file(&self, figure: &Figure) -> PathBuf {
        self.data(figure, "manifest.json")
    }

    /// Where the picture of a figure is; `extension` is "svg" or "png".
    #[must_use]
    pub fn picture(&self, figure: &Figure, extension: &str) -> PathBuf {
        self.root.join("figures").join(figure.paper.id).join(format!("{}.{extension}", figure.id))
    }

    fn data(&self, figure: &Figure, extension: &str) -> PathBuf {
        self.root.join("data").join(figure.paper.id).join(format!("{}.{extension}", figure.id))
    }

    /// Computes the table of a figure and writes it with its manifest.
    ///
    /// # Errors
    /// [`Error::MissingData`] if it runs on data that is not there; [`Error::Figure`] if the computation fails or its
    /// table cannot be a CSV file; [`Error::File`].
    pub fn run(
        &self,
        figure: &'static Figure,
        scale: Scale,
        seed: u64,
        progress: Progress,
    ) -> Result<Manifest, Error> {
        if let Some(missing) = self.missing_data(figure) {
            return Err(missing);
        }
        let began = SystemTime::now();
        let context = Context::new(figure, scale, seed, progress).with_data(self.data.clone());
        let table = (figure.run)(&context).map_err(|source| failed(figure, "run", source))?;
        let csv = table.to_csv().map_err(|source| failed(figure, "run", source.into()))?;
        let manifest = Manifest::of(figure, &table, scale, seed, began);
        let json =
            serde_json::to_string_pretty(&manifest).map_err(|source| failed(figure, "run", source.into()))?;
        write(&self.csv(figure), csv.as_bytes())?;
        write(&self.manifest_file(figure), (json + "\n").as_bytes())?;
        Ok(manifest)
    }

    /// The table of a figure as its CSV file has it.
    ///
    /// # Errors
    /// [`Error::NoData`] if there is none yet, [`Error::Data`] if it does not read, [`Error::File`].
    pub fn table(&self, figure: &'static Figure) -> Result<Table, Error> {
        let path = self.csv(figure);
        match fs::read_to_string(&path) {
            Ok(text) => {
                Table::from_csv(&text).map_err(|source| Error::Data { path, source: Box::new(source) })
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::NoData { id: figure.id, path }),
            Err(source) => Err(Error::File { path, source }),
        }
    }

    /// The manifest of a figure, if there is one that reads.
    #[must_use]
    pub fn manifest(&self, figure: &Figure) -> Option<Manifest> {
        serde_json::from_str(&fs::read_to_string(self.manifest_file(figure)).ok()?).ok()
    }

    /// Draws a figure from its CSV file as SVG and PNG.
    ///
    /// # Errors
    /// As [`table`](Self::table); [`Error::Figure`] if the drawing fails; [`Error::File`].
    pub fn plot(&self, figure: &'static Figure) -> Result<(), Error> {
        let table = self.table(figure)?;
        let drawing = (figure.plot)(&table).map_err(|source| failed(figure, "plot", source))?;
        let svg = drawing.to_svg().map_err(|source| failed(figure, "plot", source.into()))?;
        let png = drawing.to_png().map_err(|source| failed(figure, "plot", source.into()))?;
        write(&self.picture(figure, "svg"), svg.as_bytes())?;
        write(&self.picture(figure, "png"), &png)
    }

    /// Holds the CSV file of a figure against its claims.
    ///
    /// # Errors
    /// As [`table`](Self::table); [`Error::Figure`] if the check fails.
    pub fn check(&self, figure: &'static Figure) -> Result<Vec<ClaimCheck>, Error> {
        (figure.check)(&self.table(figure)?).map_err(|source| failed(figure, "check", source))
    }

    /// Holds every theorem of the library against its code and writes `guarantees.md`; `told` hears of each; returns where.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn write_guarantees(
        &self,
        scale: Scale,
        seed: u64,
        told: impl FnMut(&Examined),
    ) -> Result<PathBuf, Error> {
        let all = guarantees::examine(scale, seed, told);
        let path = self.root.join("guarantees.md");
        write(&path, guarantees::page(scale, seed, &all).as_bytes())?;
        Ok(path)
    }

    /// Writes the page of every paper with data, the ledger of all claims and the front pages, from the CSV files; returns what
    /// it wrote.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn write_pages(&self) -> Result<Vec<PathBuf>, Error> {
        let mut checked = Vec::new();
        for figure in figures().iter().filter(|figure| self.csv(figure).exists()) {
            let claims = self.check(figure)?;
            checked.push(Checked { figure, manifest: self.manifest(figure), claims });
        }
        let has_picture = |figure: &Figure| self.picture(figure, "svg").exists();
        let mut pages = vec![(self.root.join("claims.md"), ledger::ledger(&papers(), &checked))];
        for paper in papers() {
            if checked.iter().any(|one| one.figure.paper.id == paper.id) {
                pages.push((
                    self.root.join(format!("{}.md", paper.id)),
                    report::page(paper, &checked, has_picture),
                ));
            }
        }
        pages.iter().try_for_each(|(path, text)| write(path, text.as_bytes()))?;
        let exists = |file: &str| self.root.join(file).exists();
        let svg = |one: &Checked| fs::read_to_string(self.picture(one.figure, "svg")).ok();
        let front = [
            (self.root.join("README.md"), index::readme(&papers(), &checked, exists, has_picture)),
            (self.root.join("index.html"), index::html(&papers(), &checked, svg)),
        ];
        front.iter().try_for_each(|(path, text)| write(path, text.as_bytes()))?;
        pages.extend(front);
        Ok(pages.into_iter().map(|(path, _)| path).collect())
    }
}

fn failed(figure: &Figure, stage: &'static str, source: Fault) -> Error {
    Error::Figure { id: figure.id, stage, source }
}

/// Writes a file whole or not at all, and the folders that it is in.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|source| Error::File { path: path.to_owned(), source })?;
    Ok(write_atomically(path, |out| out.write_all(bytes))?)
}
