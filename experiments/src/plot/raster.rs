//! A canvas as a PNG image, each pixel blended by the exact area that a shape covers of it.

use ab_glyph::OutlineCurve;
use ab_glyph_rasterizer::{Point, Rasterizer, point};

use super::canvas::{Anchor, Canvas, Colour, Shape, Stroke, Text};
use super::font;
use crate::Error;

/// Steps of coverage: few enough that the file compresses to half the size, more than an eye sees.
const LEVELS: f64 = 16.0;

/// The bytes of a PNG file, the title among its metadata.
pub(super) fn png(canvas: &Canvas, title: &str) -> Result<Vec<u8>, Error> {
    let (width, height) = (canvas.width.ceil() as usize, canvas.height.ceil() as usize);
    let mut image = Image { width, height, pixels: vec![[255; 3]; width * height] };
    for shape in &canvas.shapes {
        image.draw(shape);
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.add_itxt_chunk("Title".to_owned(), title.to_owned())?;
    encoder.write_header()?.write_image_data(image.pixels.as_flattened())?;
    Ok(bytes)
}

struct Image {
    width: usize,
    height: usize,
    pixels: Vec<Colour>,
}

/// Closed curves of one sense of rotation, so that overlapping ones cover like their union.
#[derive(Default)]
struct Outline {
    curves: Vec<Curve>,
}

/// A line through two points or a quadratic Bézier curve through three.
enum Curve {
    Line([(f64, f64); 2]),
    Quadratic([(f64, f64); 3]),
}

impl Image {
    fn draw(&mut self, shape: &Shape) {
        let mut outline = Outline::default();
        let (fill, opacity) = match shape {
            Shape::Path { points, stroke } => {
                outline.add_stroke(points, stroke);
                (stroke.colour, 1.0)
            }
            Shape::Polygon { points, fill, opacity } => {
                outline.add_polygon(points.clone());
                (*fill, *opacity)
            }
            Shape::Circle { centre, radius, fill, opacity } => {
                outline.add_polygon(disc(*centre, *radius));
                (*fill, *opacity)
            }
            Shape::Text(text) => {
                outline.add_text(text);
                (text.colour, 1.0)
            }
        };
        self.fill(&outline, fill, opacity);
    }

    fn fill(&mut self, outline: &Outline, fill: Colour, opacity: f64) {
        let Some((left, top, width, height)) = outline.bounds() else { return };
        let shifted = |&(x, y): &(f64, f64)| -> Point { point((x - left) as f32, (y - top) as f32) };
        let mut coverage = Rasterizer::new(width, height);
        for curve in &outline.curves {
            match curve {
                Curve::Line([p, q]) => coverage.draw_line(shifted(p), shifted(q)),
                Curve::Quadratic([p, q, r]) => coverage.draw_quad(shifted(p), shifted(q), shifted(r)),
            }
        }
        coverage.for_each_pixel_2d(|x, y, covered| {
            let (column, row) = (left as i64 + i64::from(x), top as i64 + i64::from(y));
            let (Ok(column), Ok(row)) = (usize::try_from(column), usize::try_from(row)) else { return };
            if column < self.width && row < self.height {
                let share = opacity * (LEVELS * f64::from(covered.min(1.0))).round() / LEVELS;
                blend(&mut self.pixels[row * self.width + column], fill, share);
            }
        });
    }
}

fn blend(pixel: &mut Colour, fill: Colour, share: f64) {
    for (below, above) in pixel.iter_mut().zip(fill) {
        *below = (f64::from(*below) * (1.0 - share) + f64::from(above) * share).round() as u8;
    }
}

impl Outline {
    /// Left, top, width and height in whole pixels, with a pixel to spare.
    fn bounds(&self) -> Option<(f64, f64, usize, usize)> {
        let points = self.curves.iter().flat_map(|curve| match curve {
            Curve::Line(points) => &points[..],
            Curve::Quadratic(points) => &points[..],
        });
        let (mut low, mut high) = ((f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, f64::NEG_INFINITY));
        for &(x, y) in points {
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x), high.1.max(y));
        }
        let (left, top) = (low.0.floor() - 1.0, low.1.floor() - 1.0);
        let (width, height) = (high.0.ceil() + 2.0 - left, high.1.ceil() + 2.0 - top);
        (width.is_finite() && height.is_finite()).then_some((left, top, width as usize, height as usize))
    }

    fn add_polygon(&mut self, mut points: Vec<(f64, f64)>) {
        let next = |i: usize| (i + 1) % points.len();
        let doubled_area: f64 = (0..points.len())
            .map(|i| points[i].0 * points[next(i)].1 - points[next(i)].0 * points[i].1)
            .sum();
        if doubled_area < 0.0 {
            points.reverse();
        }
        let closed = points.iter().zip(points.iter().cycle().skip(1));
        self.curves.extend(closed.map(|(&p, &q)| Curve::Line([p, q])));
    }

    fn add_stroke(&mut self, points: &[(f64, f64)], stroke: &Stroke) {
        let half = stroke.width / 2.0;
        for piece in dashes(points, stroke.dash) {
            for pair in piece.windows(2) {
                let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
                let length = (x1 - x0).hypot(y1 - y0);
                if length > 0.0 {
                    let (nx, ny) = (half * (y0 - y1) / length, half * (x1 - x0) / length);
                    self.add_polygon(vec![
                        (x0 + nx, y0 + ny),
                        (x1 + nx, y1 + ny),
                        (x1 - nx, y1 - ny),
                        (x0 - nx, y0 - ny),
                    ]);
                }
            }
            for &joint in piece.iter().skip(1).take(piece.len().saturating_sub(2)) {
                self.add_polygon(disc(joint, half));
            }
        }
    }

    fn add_text(&mut self, text: &Text) {
        let unit = font::unit(text.size);
        let start = match text.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => -0.5 * font::width(&text.text, text.size),
            Anchor::End => -font::width(&text.text, text.size),
        };
        for glyph in font::glyphs(&text.text, text.size) {
            let place = |p: Point| {
                let (along, up) =
                    (start + glyph.advance + unit * f64::from(p.x), unit * f64::from(p.y) - text.drop());
                let (x, y) = text.at;
                if text.vertical { (x - up, y - along) } else { (x + along, y - up) }
            };
            self.curves.extend(glyph.curves.iter().map(|curve| match *curve {
                OutlineCurve::Line(p, q) => Curve::Line([place(p), place(q)]),
                OutlineCurve::Quad(p, q, r) => Curve::Quadratic([place(p), place(q), place(r)]),
                // TrueType outlines are quadratic; a cubic would be flattened to its chord.
                OutlineCurve::Cubic(p, _, _, q) => Curve::Line([place(p), place(q)]),
            }));
        }
    }
}

/// The pieces of a polyline that a dash pattern draws.
fn dashes(points: &[(f64, f64)], pattern: &[f64]) -> Vec<Vec<(f64, f64)>> {
    if pattern.is_empty() {
        return vec![points.to_vec()];
    }
    let mut pieces = Vec::new();
    let mut piece: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    let (mut phase, mut left) = (0, pattern[0]);
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let length = (x1 - x0).hypot(y1 - y0);
        let mut walked = 0.0;
        while length - walked > left {
            walked += left;
            let turn = (x0 + (x1 - x0) * walked / length, y0 + (y1 - y0) * walked / length);
            if phase % 2 == 0 {
                piece.push(turn);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![turn];
            }
            phase = (phase + 1) % pattern.len();
            left = pattern[phase];
        }
        left -= length - walked;
        if phase % 2 == 0 {
            piece.push((x1, y1));
        }
    }
    pieces.push(piece);
    pieces
}

fn disc((x, y): (f64, f64), radius: f64) -> Vec<(f64, f64)> {
    let corners = if radius < 3.0 { 12 } else { 32 };
    (0..corners)
        .map(|i| f64::from(i) * std::f64::consts::TAU / f64::from(corners))
        .map(|angle| (x + radius * angle.cos(), y + radius * angle.sin()))
        .collect()
}
