//! When the accounts of a campaign were active: all together as a histogram, and a lane for each.

use std::fmt::Write;

use maud::{Markup, html};
use stillwatch_core::{Micros, signed};
use stillwatch_detect::{Campaign, Lane, Timeline};

use crate::html::scrolling;
use crate::number::{count, counted};
use crate::phrase::shortened;

/// Units of the drawing, which is scaled to the page.
const WIDTH: usize = 960;
const LABELS: usize = 160;
const PLOT: usize = WIDTH - LABELS - 10;
const BARS: usize = 64;
const AXIS: usize = 18;
const LANE: usize = 13;
/// Lanes that are shown at once; the others can be unfolded.
const SHOWN: usize = 24;
/// Lanes and cells beyond which no drawing is made of a report.
const MOST_LANES: usize = 300;
const MOST_CELLS: usize = 400;
/// Thicknesses of a cell, thin to thick: how much it holds is seen without colour.
const THICKNESS: [usize; 4] = [2, 5, 8, 11];
const LETTERS: usize = 22;
const MOST_TICKS: usize = 9;

pub(super) fn figure(campaign: &Campaign) -> Markup {
    let timeline = &campaign.timeline;
    let cells = timeline.total.len();
    html! {
        h4 { "When" }
        @if cells == 0 {
            p.soft { "The report holds no times by account." }
        } @else if cells > MOST_CELLS {
            p.soft { "The report holds " (count(cells as u64)) " cells of time, which is too many to draw." }
        } @else {
            (drawn(campaign, timeline))
        }
    }
}

fn drawn(campaign: &Campaign, timeline: &Timeline) -> Markup {
    let lanes = timeline.lanes.get(..MOST_LANES).unwrap_or(&timeline.lanes);
    let (shown, folded) = lanes.split_at(lanes.len().min(SHOWN));
    let busiest = lanes.iter().flat_map(|lane| &lane.counts).copied().max().unwrap_or(0);
    let peak = timeline.total.iter().copied().max().unwrap_or(0);
    let left_out = timeline.left_out.saturating_add((timeline.lanes.len() - lanes.len()) as u64);
    let summary = format!(
        "{} of {} in steps of {}; at most {} in a step.",
        counted(campaign.exchanges, "exchange"),
        counted(campaign.accounts.len() as u64, "account"),
        counted(timeline.step_hours, "hour"),
        count(peak)
    );
    html! {
        figure {
            (scrolling("Timeline", &html! {
                (histogram(timeline, peak, shown, busiest, &summary))
            }))
            figcaption {
                (summary)
                " Above all accounts together, below a lane for each, those with most exchanges first. A thicker mark holds "
                "more: thinnest 1, thickest up to " (count(busiest)) "."
                @if left_out > 0 { " " (counted(left_out, "account")) " with fewer exchanges are left out." }
            }
        }
        @if !folded.is_empty() {
            details {
                summary { (counted(folded.len() as u64, "more lane")) }
                (scrolling("More lanes", &lanes_alone(timeline, folded, busiest)))
            }
        }
    }
}

fn histogram(timeline: &Timeline, peak: u64, shown: &[Lane], busiest: u64, summary: &str) -> Markup {
    let cells = timeline.total.len();
    let height = BARS + AXIS + shown.len() * LANE + 4;
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label=(summary) {
            (axis(timeline, height))
            text x=(LABELS - 8) y="10" text-anchor="end" { (count(peak)) }
            text x=(LABELS - 8) y=(BARS) text-anchor="end" { "0" }
            g transform=(plot(cells, 0)) { path.total d=(bars(&timeline.total, peak)) {} }
            (rows(shown, cells, busiest, BARS + AXIS))
        }
    }
}

fn lanes_alone(timeline: &Timeline, lanes: &[Lane], busiest: u64) -> Markup {
    let height = lanes.len() * LANE + 4;
    let label = format!("Lanes of {}", counted(lanes.len() as u64, "more account"));
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label=(label) {
            (rows(lanes, timeline.total.len(), busiest, 0))
        }
    }
}

/// A cell is one unit wide inside.
fn plot(cells: usize, top: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "numbers of cells")]
    let scale = PLOT as f64 / cells.max(1) as f64;
    format!("translate({LABELS} {top}) scale({scale:.4} 1)")
}

fn rows(lanes: &[Lane], cells: usize, busiest: u64, top: usize) -> Markup {
    html! {
        @for (at, lane) in lanes.iter().enumerate() {
            text.name x=(LABELS - 8) y=(top + at * LANE + LANE - 3) text-anchor="end" {
                title { (lane.account.as_str()) }
                (shortened(lane.account.as_str(), LETTERS))
            }
        }
        g transform=(plot(cells, top)) {
            @for (level, thickness) in THICKNESS.iter().enumerate() {
                @let d = marks(lanes, cells, busiest, level);
                @if !d.is_empty() { path.cells d=(d) stroke-width=(thickness) {} }
            }
        }
    }
}

/// Bars beside each other, as one path.
fn bars(total: &[u64], peak: u64) -> String {
    let mut path = String::new();
    for (at, &exchanges) in total.iter().enumerate().filter(|(_, exchanges)| **exchanges > 0) {
        #[expect(clippy::cast_precision_loss, reason = "a height in a drawing")]
        let height = (exchanges as f64 / peak.max(1) as f64 * (BARS - 4) as f64).max(0.5);
        // Writing to a string does not fail.
        let _ = write!(path, "M{at} {BARS}v-{height:.1}h.9v{height:.1}z");
    }
    path
}

/// The cells of one level of all lanes, as one path of horizontal strokes.
fn marks(lanes: &[Lane], cells: usize, busiest: u64, level: usize) -> String {
    let mut path = String::new();
    for (lane, counts) in lanes.iter().enumerate() {
        let counts = counts.counts.get(..cells).unwrap_or(&counts.counts);
        let mut at = 0;
        for run in counts.chunk_by(|a, b| level_of(*a, busiest) == level_of(*b, busiest)) {
            if level_of(run[0], busiest) == Some(level) {
                let _ = write!(path, "M{at} {}.5h{}", lane * LANE + LANE / 2, run.len());
            }
            at += run.len();
        }
    }
    path
}

/// How thick a cell is drawn, by the logarithm of what it holds.
fn level_of(exchanges: u64, busiest: u64) -> Option<usize> {
    if exchanges == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 4")]
    let level = (THICKNESS.len() as f64 * (exchanges as f64).ln() / ((busiest as f64) + 1.0).ln()) as usize;
    Some(level.min(THICKNESS.len() - 1))
}

/// Days below the bars, with lines through the lanes.
fn axis(timeline: &Timeline, height: usize) -> Markup {
    let cells = timeline.total.len();
    let x = |at: usize| LABELS + at * PLOT / cells.max(1);
    html! {
        path.axis d={ "M" (LABELS) " " (BARS) ".5h" (PLOT) } {}
        @for (at, day) in ticks(timeline) {
            path.axis d={ "M" (x(at)) ".5 " (BARS) "V" (height) } {}
            text x=(x(at) + 4) y=(BARS + 12) { (day) }
        }
    }
}

/// Cells that begin a day, so many that their labels have room, with month and day.
fn ticks(timeline: &Timeline) -> Vec<(usize, String)> {
    let Some(start) = Micros::parse(&timeline.start) else {
        return Vec::new();
    };
    let step = signed(timeline.step_hours).saturating_mul(3_600);
    let begins: Vec<(usize, String)> = (0_i64..)
        .zip(0..timeline.total.len())
        .map(|(number, at)| (at, start.seconds().saturating_add(step.saturating_mul(number))))
        .filter(|(at, second)| second.rem_euclid(86_400) < step.max(1) && (*at == 0 || second.rem_euclid(86_400) == 0))
        .filter_map(|(at, second)| {
            let text = Micros::from_seconds(second).to_rfc3339();
            Some((at, text.get(5..10)?.to_owned()))
        })
        .collect();
    let every = begins.len().div_ceil(MOST_TICKS).max(1);
    begins.into_iter().step_by(every).collect()
}

#[cfg(test)]
mod tests {
    use stillwatch_detect::Timeline;

    use super::{level_of, ticks};

    #[test]
    fn levels_grow_with_the_logarithm() {
        assert_eq!([0, 1, 2, 10, 100].map(|count| level_of(count, 100)), [None, Some(0), Some(0), Some(1), Some(3)]);
        assert_eq!(level_of(1, 1), Some(0));
        assert_eq!(level_of(u64::MAX, u64::MAX), Some(3));
    }

    #[test]
    fn days_are_told_where_there_is_room() {
        let of = |start: &str, step_hours, cells| {
            ticks(&Timeline { start: start.into(), step_hours, total: vec![1; cells], ..Timeline::default() })
        };
        let month = of("2026-09-07T18:00:00Z", 6, 112);
        assert_eq!(month.first().map(|tick| (tick.0, tick.1.as_str())), Some((1, "09-08")));
        assert!(month.len() <= 9 && month.windows(2).all(|two| (two[1].0 - two[0].0) % 4 == 0));
        assert!(of("yesterday", 6, 10).is_empty());
        assert!(of("2026-09-07", u64::MAX, 10).len() <= 9);
        assert!(of("2026-09-07", 0, 10).len() <= 9);
    }
}
