//! A plot of times as an SVG, drawn by hand: a few lines need no library.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

const LEFT: u64 = 90;
const RIGHT: u64 = 690;
const TOP: u64 = 60;
const BOTTOM: u64 = 380;

/// The scale is logarithmic, from one microsecond to a second.
const SCALE: [(u64, &str); 7] = [
    (1_000, "1 µs"),
    (10_000, "10 µs"),
    (100_000, "100 µs"),
    (1_000_000, "1 ms"),
    (10_000_000, "10 ms"),
    (100_000_000, "100 ms"),
    (1_000_000_000, "1 s"),
];

/// Apart on paper and for those who see colours differently.
const COLOURS: [&str; 2] = ["#0b6e99", "#b4490f"];

/// Medians, and the ninety-ninth percentile above them.
pub(crate) struct Curve {
    pub(crate) name: &'static str,
    pub(crate) points: Vec<Duration>,
    pub(crate) above: Vec<Duration>,
}

/// Times by a number that grows from left to right.
pub(crate) struct Plot {
    pub(crate) title: &'static str,
    pub(crate) across: Vec<&'static str>,
    pub(crate) curves: Vec<Curve>,
}

impl Plot {
    /// Writes the file, and its folder where there is none.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let svg = self.svg()?;
        std::fs::write(path, svg).with_context(|| format!("could not write {}", path.display()))
    }

    fn svg(&self) -> Result<String> {
        let mut svg = String::from(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 440\" \
             font-family=\"sans-serif\" font-size=\"13\">\n\
             <rect width=\"760\" height=\"440\" fill=\"#fff\"/>\n",
        );
        writeln!(
            svg,
            "<text x=\"{LEFT}\" y=\"28\" font-size=\"16\">{}</text>",
            self.title
        )?;
        for (nanos, name) in SCALE {
            let y = height(nanos);
            writeln!(
                svg,
                "<path d=\"M{LEFT} {y}H{RIGHT}\" stroke=\"#ddd\"/>\
                 <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{name}</text>",
                LEFT - 8,
                y + 4
            )?;
        }
        for (place, name) in self.across.iter().enumerate() {
            let x = self.place(place)?;
            writeln!(
                svg,
                "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{name}</text>",
                BOTTOM + 20
            )?;
        }
        writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">active promotions</text>",
            u64::midpoint(LEFT, RIGHT),
            BOTTOM + 44
        )?;
        for (index, curve) in self.curves.iter().enumerate() {
            let colour = COLOURS.iter().cycle().nth(index).unwrap_or(&"#000");
            self.curve(&mut svg, curve, colour)?;
        }
        svg.push_str("</svg>\n");
        Ok(svg)
    }

    fn curve(&self, svg: &mut String, curve: &Curve, colour: &str) -> Result<()> {
        for (what, times, dashes) in [("p50", &curve.points, "none"), ("p99", &curve.above, "5 4")]
        {
            let mut points = Vec::with_capacity(times.len());
            for (place, time) in times.iter().enumerate() {
                let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
                points.push((self.place(place)?, height(nanos)));
            }
            let line: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
            writeln!(
                svg,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" \
                 stroke-dasharray=\"{dashes}\"/>",
                line.join(" ")
            )?;
            // The curves rise, so that above is free to the left and below to the right.
            let (anchor, down) = if what == "p50" {
                ("start", 20)
            } else {
                ("end", -8)
            };
            if let Some((x, y)) = points.get(points.len() / 2) {
                writeln!(
                    svg,
                    "<text x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{} {what}</text>",
                    y.saturating_add_signed(down),
                    curve.name
                )?;
            }
        }
        Ok(())
    }

    fn place(&self, index: usize) -> Result<u64> {
        let steps = u64::try_from(self.across.len())?.saturating_sub(1).max(1);
        Ok(LEFT + 30 + (RIGHT - LEFT - 60) * u64::try_from(index)? / steps)
    }
}

/// Where a time stands between bottom and top.
fn height(nanos: u64) -> u64 {
    let [low, high] =
        [SCALE.first(), SCALE.last()].map(|end| end.map_or(0, |(nanos, _)| logarithm(*nanos)));
    let value = logarithm(nanos).clamp(low, high);
    BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low).max(1)
}

/// 256 times the logarithm to base 2, a straight line between powers: near enough for the eye.
fn logarithm(value: u64) -> u64 {
    let power = value.max(1).ilog2();
    let part = u128::from(value.max(1)) * 256 / (1 << power) - 256;
    u64::from(power) * 256 + u64::try_from(part).unwrap_or(0)
}
