//! The registry of figures.

use std::collections::HashSet;
use std::path::Path;

use proofsketch_experiments::reproduce::{papers, select};
use proofsketch_experiments::{Error, figure, figures, near_matches};

#[test]
fn names_are_unique_and_name_the_source_file() {
    let mut seen = HashSet::new();
    for figure in figures() {
        assert!(seen.insert(figure.id), "{} twice", figure.id);
        let file = format!("src/figures/{}/{}.rs", figure.paper.id, figure.id);
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file).exists(), "no {file}");
        assert!(
            figure.seconds.smoke <= 20.0 && figure.seconds.paper <= 180.0,
            "{} takes too long",
            figure.id
        );
    }
    for paper in papers() {
        assert!(seen.insert(paper.id), "{} names a paper and a figure", paper.id);
    }
}

#[test]
fn the_whole_of_it_fits_its_time() {
    assert!(figures().iter().map(|figure| figure.seconds.smoke).sum::<f64>() < 120.0);
    assert!(figures().iter().map(|figure| figure.seconds.paper).sum::<f64>() < 1800.0);
}

#[test]
fn an_unknown_name_is_met_with_near_ones() {
    let first = figures()[0].id;
    assert_eq!(near_matches(&first[..first.len() - 2])[0], first);
    assert_eq!(near_matches(&first.to_uppercase().replace('_', "-"))[0], first);
    assert!(near_matches("qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq").is_empty());
    match figure(&format!("{first}x")) {
        Err(Error::UnknownFigure { id, near }) => {
            assert_eq!(id, format!("{first}x"));
            assert_eq!(near[0], first);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_paper_stands_for_its_figures_once() {
    let paper = papers()[0].id;
    let own = figures().iter().filter(|figure| figure.paper.id == paper).count();
    assert_eq!(select(&[paper.to_owned(), figures()[0].id.to_owned()]).unwrap().len(), own);
    assert!(select(&["no such".to_owned()]).is_err());
}

#[test]
fn figures_on_data_that_is_not_shipped_know_it() {
    let outside: Vec<&str> =
        figures().iter().filter(|figure| figure.outside_data().is_some()).map(|figure| figure.id).collect();
    assert!(outside.contains(&"training_ratio_blogcatalog"), "{outside:?}");
    assert!(outside.len() < figures().len());
}
