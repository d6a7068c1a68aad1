//! A canvas as an SVG text.

use std::fmt::Write;

use super::canvas::{Anchor, Canvas, Colour, Shape, Text};
use super::font;

/// The SVG document of a canvas; text stays text.
pub(super) fn svg(canvas: &Canvas, title: &str) -> String {
    let (width, height) = (Number(canvas.width), Number(canvas.height));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"{}\">\n<title>{}</title>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n",
        Number(canvas.width * 0.6),
        Number(canvas.height * 0.6),
        font::FAMILY,
        escaped(title)
    );
    for shape in &canvas.shapes {
        write_shape(&mut out, shape);
        out.push('\n');
    }
    out + "</svg>\n"
}

fn write_shape(out: &mut String, shape: &Shape) {
    // Writing to a String cannot fail.
    let _ = match shape {
        Shape::Path { points, stroke } => {
            let dash: Vec<String> = stroke.dash.iter().map(|length| Number(*length).to_string()).collect();
            let dash = if dash.is_empty() {
                dash.join("")
            } else {
                format!(" stroke-dasharray=\"{}\"", dash.join(" "))
            };
            let (colour, width) = (hex(stroke.colour), Number(stroke.width));
            write!(
                out,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" \
                 stroke-linejoin=\"round\"{dash}/>",
                listed(points)
            )
        }
        Shape::Polygon { points, fill, opacity } => {
            write!(
                out,
                "<polygon points=\"{}\" fill=\"{}\"{}/>",
                listed(points),
                hex(*fill),
                opaque(*opacity)
            )
        }
        Shape::Circle { centre: (x, y), radius, fill, opacity } => {
            let (x, y, r) = (Number(*x), Number(*y), Number(*radius));
            write!(
                out,
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"{}\"{}/>",
                hex(*fill),
                opaque(*opacity)
            )
        }
        Shape::Text(text) => write_text(out, text),
    };
}

fn write_text(out: &mut String, text: &Text) -> std::fmt::Result {
    let anchor = match text.anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    let (x, y) = (Number(text.at.0), Number(text.at.1));
    let place = if text.vertical {
        format!("transform=\"translate({x} {y}) rotate(-90)\" y=\"{}\"", Number(text.drop()))
    } else {
        format!("x=\"{x}\" y=\"{}\"", Number(text.at.1 + text.drop()))
    };
    write!(
        out,
        "<text {place} font-size=\"{}\" text-anchor=\"{anchor}\" fill=\"{}\">{}</text>",
        Number(text.size),
        hex(text.colour),
        escaped(&text.text)
    )
}

/// A length with at most two decimals.
struct Number(f64);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", (self.0 * 100.0).round() / 100.0)
    }
}

fn listed(points: &[(f64, f64)]) -> String {
    let written: Vec<String> = points.iter().map(|&(x, y)| format!("{},{}", Number(x), Number(y))).collect();
    written.join(" ")
}

fn hex([r, g, b]: Colour) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn opaque(opacity: f64) -> String {
    if opacity == 1.0 { String::new() } else { format!(" fill-opacity=\"{}\"", Number(opacity)) }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
