//! Every figure at scale smoke, from the computation to the pages.

use std::fs;
use std::path::Path;

use proofsketch_experiments::reproduce::Reports;
use proofsketch_experiments::{DATA_VARIABLE, Error, Figure, Progress, Scale, figures};

fn seed() -> u64 {
    std::env::var("PROOFSKETCH_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0)
}

/// Reports on data that is not shipped too, if the environment names a folder of it.
fn reports(folder: &Path) -> Reports {
    Reports::new(folder).with_data(std::env::var_os(DATA_VARIABLE).map(Into::into))
}

/// The figures whose data is there.
fn runnable(reports: &Reports) -> impl Iterator<Item = &'static Figure> {
    figures().iter().filter(|figure| reports.missing_data(figure).is_none())
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

fn files(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            names.extend(files(&entry.path()));
        } else {
            names.push(entry.file_name().into_string().unwrap());
        }
    }
    names
}

#[test]
fn every_figure_runs_plots_and_checks() {
    let folder = tempfile::tempdir().unwrap();
    let reports = reports(folder.path());
    for figure in runnable(&reports) {
        let manifest = reports.run(figure, Scale::Smoke, seed(), Progress::hidden()).unwrap();
        assert_eq!(reports.manifest(figure).as_ref(), Some(&manifest));
        assert_eq!(manifest.rows, reports.table(figure).unwrap().rows());
        reports.plot(figure).unwrap();
        let picture = fs::metadata(reports.picture(figure, "png")).unwrap().len();
        assert!((5_000..250_000).contains(&picture), "{}.png has {picture} bytes", figure.id);
        let claims = reports.check(figure).unwrap();
        assert!(!claims.is_empty(), "{} checks nothing", figure.id);
        for claim in claims {
            let has_number = claim.sentence.chars().any(|c| c.is_ascii_digit());
            assert!(has_number, "a claim of {} has no number: {}", figure.id, claim.sentence);
            assert!(!claim.place.is_empty() && !claim.test.is_empty() && !claim.seen.is_empty(), "{claim:?}");
        }
    }
    reports.write_pages().unwrap();
    let ledger = fs::read_to_string(folder.path().join("claims.md")).unwrap();
    for figure in runnable(&reports) {
        let page = fs::read_to_string(folder.path().join(format!("{}.md", figure.paper.id))).unwrap();
        assert!(page.contains(&format!("figures/{}/{}.svg", figure.paper.id, figure.id)));
        assert!(page.contains(&format!("reproduce run {}", figure.id)));
        for claim in reports.check(figure).unwrap() {
            let sentence = claim.sentence.replace('|', "\\|");
            assert!(page.contains(&sentence) && ledger.contains(&sentence), "{sentence}");
        }
    }
    assert!(files(folder.path()).iter().all(|name| !name.ends_with(".tmp")));
}

#[test]
fn same_seed_same_data_on_any_number_of_threads() {
    let csv = |threads: usize| -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let reports = reports(folder.path());
        on_threads(threads, || {
            let run = |figure| reports.run(figure, Scale::Smoke, seed(), Progress::hidden()).map(|_| figure);
            runnable(&reports)
                .map(|figure| fs::read_to_string(reports.csv(run(figure).unwrap())).unwrap())
                .collect()
        })
    };
    let one = csv(1);
    for threads in [2, 3, 8] {
        assert!(csv(threads) == one, "{threads} threads computed other data than 1");
    }
}

#[test]
fn the_same_data_makes_the_same_pages() {
    let pages = || {
        let folder = tempfile::tempdir().unwrap();
        let reports = Reports::new(folder.path());
        reports.run(&figures()[0], Scale::Smoke, seed(), Progress::hidden()).unwrap();
        reports.plot(&figures()[0]).unwrap();
        let written = reports.write_pages().unwrap();
        let svg = fs::read_to_string(reports.picture(&figures()[0], "svg")).unwrap();
        (written.iter().map(|page| fs::read_to_string(page).unwrap()).collect::<Vec<_>>(), svg)
    };
    assert_eq!(pages(), pages());
}

#[test]
fn data_that_is_not_there_or_does_not_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let reports = Reports::new(folder.path());
    let figure = &figures()[0];
    let missing = reports.check(figure).unwrap_err();
    assert!(matches!(missing, Error::NoData { .. }) && missing.is_input());
    assert!(missing.to_string().contains(&format!("reproduce run {}", figure.id)));
    fs::create_dir_all(reports.csv(figure).parent().unwrap()).unwrap();
    fs::write(reports.csv(figure), "x,y\n1\n").unwrap();
    let broken = reports.plot(figure).unwrap_err();
    assert!(matches!(broken, Error::Data { .. }) && broken.is_input());
    assert!(broken.to_string().contains("line 2: 1 values where the header names 2 columns"), "{broken}");
    fs::write(reports.csv(figure), "x,y\n1,2\n").unwrap();
    let other = reports.check(figure).unwrap_err();
    assert!(matches!(other, Error::Figure { stage: "check", .. }), "{other}");
}

#[test]
fn data_that_is_not_shipped_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let reports = Reports::new(folder.path());
    let figure = figures().iter().find(|figure| figure.outside_data().is_some()).unwrap();
    let dataset = figure.outside_data().unwrap();
    let unnamed = reports.run(figure, Scale::Smoke, 0, Progress::hidden()).unwrap_err();
    assert!(matches!(unnamed, Error::MissingData { path: None, .. }) && unnamed.is_input());
    for (file, _) in dataset.files {
        assert!(unnamed.to_string().contains(&format!("DIR/{}/{file}", dataset.id)), "{unnamed}");
    }
    assert!(unnamed.to_string().contains(DATA_VARIABLE) && unnamed.to_string().contains(dataset.source));

    let data = tempfile::tempdir().unwrap();
    let first = data.path().join(dataset.id).join(dataset.files[0].0);
    let empty = reports.clone().with_data(Some(data.path().into()));
    let absent = empty.run(figure, Scale::Smoke, 0, Progress::hidden()).unwrap_err();
    assert!(matches!(&absent, Error::MissingData { path: Some(path), .. } if *path == first));

    fs::create_dir_all(first.parent().unwrap()).unwrap();
    dataset.files.iter().for_each(|(file, _)| fs::write(first.with_file_name(file), "1\t2\n").unwrap());
    let other = empty.run(figure, Scale::Smoke, 0, Progress::hidden()).unwrap_err();
    assert!(matches!(other, Error::Figure { stage: "run", .. }), "{other}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

    reports.write_pages().unwrap();
    let ledger = fs::read_to_string(folder.path().join("claims.md")).unwrap();
    assert!(ledger.contains(&format!("reproduce run {} --data DIR`. Runs on {}", figure.id, dataset.title)));
}
