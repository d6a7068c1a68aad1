//! Pictures: texts as text, pixels where the data is.

use proofsketch_experiments::Error;
use proofsketch_experiments::plot::{Axis, Chart, Drawing};

fn example() -> Chart {
    let errors = vec![(64.0, 0.31), (256.0, 0.16), (1024.0, 0.08)];
    let band = errors.iter().map(|&(m, error)| (m, 0.8 * error, 1.2 * error)).collect();
    Chart::new("Error & <bounds>", Axis::log2("m, rows of the sketch"), Axis::log("ℓ∞ error"))
        .line_with_band("SRHT", errors.clone(), band)
        .scatter("Gaussian", vec![(128.0, 0.2), (512.0, 0.0)])
        .slope("slope −½", errors[0], -0.5)
        .reference("√(2 ln 2d / m)", vec![(64.0, 0.4), (1024.0, 0.1)])
        .target("ε = 0.1", 0.1)
}

/// The pixels of a PNG file.
fn decoded(bytes: &[u8]) -> (u32, u32, Vec<[u8; 3]>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    (frame.width, frame.height, pixels.chunks_exact(3).map(|rgb| [rgb[0], rgb[1], rgb[2]]).collect())
}

#[test]
fn an_svg_holds_every_label_as_text() {
    let svg = Drawing::from(example()).to_svg().unwrap();
    let labels =
        ["m, rows of the sketch", "ℓ∞ error", "SRHT", "Gaussian", "slope −½", "ε = 0.1", "√(2 ln 2d / m)"];
    for label in labels.into_iter().chain(["2⁶", "2¹⁰", "Error &amp; &lt;bounds&gt;"]) {
        assert!(svg.contains(&format!(">\n{label}\n</text>")), "no {label}");
    }
    assert!(svg.contains("font-family=\"DejaVu Sans, Verdana, Arial, sans-serif\""));
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
    assert!(svg.len() < 40_000);
}

#[test]
fn a_png_shows_the_same_series_and_text() {
    let bytes = Drawing::from(example()).to_png().unwrap();
    assert!((10_000..150_000).contains(&bytes.len()), "{} bytes", bytes.len());
    assert!(bytes.windows(5).any(|window| window == b"Title"));
    let (width, height, pixels) = decoded(&bytes);
    assert_eq!((width, pixels.len()), (1600, (width * height) as usize));
    let count = |colour: [u8; 3]| pixels.iter().filter(|&&pixel| pixel == colour).count();
    assert!(count([0, 114, 178]) > 1000, "no line in the first colour");
    assert!(count([213, 94, 0]) > 100, "no markers in the second colour");
    assert!(count([30, 30, 30]) > 1000, "no text");
    assert!(count([255; 3]) > pixels.len() / 2, "no white ground");
}

/// How much ink the title of a picture takes.
fn ink(title: &str) -> f64 {
    let chart = Chart::new(title, Axis::linear(""), Axis::linear("")).line("", vec![(0.0, 0.0), (1.0, 1.0)]);
    let (width, _, pixels) = decoded(&Drawing::from(chart).to_png().unwrap());
    let title_rows = &pixels[..80 * width as usize];
    title_rows.iter().map(|pixel| 255.0 - f64::from(pixel[0])).sum()
}

#[test]
fn text_covers_the_pixels_that_its_letters_do() {
    assert_eq!(ink(" "), 0.0);
    let (one, two) = (ink("ε"), ink("εε"));
    assert!((two / one - 2.0).abs() < 0.05, "{one} for one letter, {two} for two");
}

#[test]
fn the_font_has_the_letters_of_mathematics() {
    let missing = ink("\u{e000}");
    for letter in "ℓ∞εδκμσ‖₀₁₂₃⁻⁰¹²³⁴⁵⁶⁷⁸⁹½−×·√≤≥≈∈ᵀ★Ωαβγη–—".chars()
    {
        let ink = ink(&letter.to_string());
        assert!(ink > 0.0 && ink != missing, "{letter}");
    }
}

#[test]
fn panels_share_one_legend() {
    let svg = Drawing::panels("Both", [example(), example()]).to_svg().unwrap();
    assert_eq!(svg.matches(">\nSRHT\n</text>").count(), 1);
    assert_eq!(svg.matches(">\nℓ∞ error\n</text>").count(), 2);
}

#[test]
fn points_outside_the_axes_are_not_drawn() {
    let chart = |points| {
        Chart::new("t", Axis::linear("x").range(0.0, 1.0), Axis::log("y").range(0.1, 1.0))
            .scatter("s", points)
    };
    let circles = |points| Drawing::from(chart(points)).to_svg().unwrap().matches("<circle").count();
    let within = circles(vec![(0.5, 0.5)]);
    assert_eq!(
        circles(vec![(0.5, 0.5), (0.5, 0.0), (0.5, -1.0), (2.0, 0.5), (f64::NAN, 0.5), (0.5, 7.0)]),
        within
    );
}

#[test]
fn nothing_to_draw_is_an_error() {
    let empty =
        Chart::new("empty", Axis::linear("x"), Axis::log("y")).line("s", vec![(1.0, 0.0), (f64::NAN, 1.0)]);
    match Drawing::from(empty).to_svg() {
        Err(Error::EmptyChart(title)) => assert_eq!(title, "empty"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_range_that_its_axis_cannot_show_is_an_error() {
    for axis in [
        Axis::log("y").range(0.0, 1.0),
        Axis::linear("y").range(1.0, 1.0),
        Axis::linear("y").range(0.0, f64::NAN),
    ] {
        let chart = Chart::new("t", Axis::linear("x"), axis).line("s", vec![(0.0, 0.5), (1.0, 0.7)]);
        assert!(matches!(Drawing::from(chart).to_svg(), Err(Error::EmptyChart(_))));
    }
}

#[test]
fn one_point_and_extreme_values_are_drawn() {
    let one = Chart::new("one", Axis::log2("x"), Axis::linear("y")).line("s", vec![(8.0, 3.0)]);
    assert!(Drawing::from(one).to_svg().unwrap().matches("<circle").count() >= 2);
    let wide = Chart::new("wide", Axis::linear("x"), Axis::log("y"))
        .line("s", vec![(-1e280, 1e-280), (1e280, 1e280)]);
    let svg = Drawing::from(wide).to_svg().unwrap();
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
}
