mod campaign;
mod categories;
mod sightings;

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width};
use stillwatch_core::{Tier, at_most_u16};
use stillwatch_detect::{Campaign, DetectionReport};

use super::questions::{self, SHORT, questions};
use super::sentences::days;
use super::summary::{input, nulls, verdict};
use super::vocabulary::kind;
use crate::escape;
use crate::number::{count, counted, probability};
use crate::prose::{Page, Style, more};
use crate::render::{Render, Terminal};

pub(super) struct TextTable;

impl Render<DetectionReport> for TextTable {
    fn name(&self) -> &'static str {
        "table"
    }

    fn purpose(&self) -> &'static str {
        "For a terminal"
    }

    fn render(&self, report: &DetectionReport, terminal: Terminal) -> Result<String, serde_json::Error> {
        Ok(table(report, terminal.width, terminal.colour))
    }
}

/// The report for people, in lines of at most `width` columns where words allow it.
pub fn table(report: &DetectionReport, width: usize, colour: bool) -> String {
    let mut page = Page::new(width, colour);
    page.heading(Style::Bold, &verdict(report));
    page.item("", &input(report));
    if !report.campaigns.is_empty() {
        page.blank();
        page.block(&overview(report, &page));
        page.blank();
        page.item("", &nulls(report));
    }
    let (told, watched): (Vec<&Campaign>, Vec<&Campaign>) =
        report.campaigns.iter().partition(|campaign| campaign.tier >= Tier::Review);
    for campaign in told {
        campaign::write(&mut page, campaign);
    }
    if !watched.is_empty() {
        page.blank();
        page.item("", &watch_note(watched.len()));
    }
    crowds(&mut page, report);
    permitted(&mut page, report);
    categories::write(&mut page, report);
    sightings::write(&mut page, report);
    not_evaluated(&mut page, report);
    page.into_text()
}

fn watch_note(watched: usize) -> String {
    let more = match watched.checked_sub(WATCHED_ROWS).filter(|more| *more > 0) {
        Some(more) => format!("{} of tier watch not shown. ", counted(more as u64, "more campaign")),
        None => String::new(),
    };
    format!("{more}Tier watch says nothing about anyone; the JSON report holds its evidence.")
}

fn overview(report: &DetectionReport, page: &Page) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(at_most_u16(page.width()));
    if page.colour() {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let number = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    let columns = if page.width() < WIDE { &COLUMNS[..NARROW_COLUMNS] } else { COLUMNS };
    table.set_header(columns.iter().map(|name| Cell::new(name).add_attribute(Attribute::Bold)));
    let watched = |campaign: &&Campaign| campaign.tier == Tier::Watch;
    let told = report.campaigns.iter().filter(|campaign| !watched(campaign));
    for campaign in told.chain(report.campaigns.iter().filter(watched).take(WATCHED_ROWS)) {
        let [coordination, extraction, concealment] = questions(campaign).map(|question| Cell::new(question.cell()));
        let cells = vec![
            Cell::new(campaign.tier).fg(tier_colour(campaign.tier)),
            Cell::new(escape(campaign.id.as_str())),
            number(count(campaign.accounts.len() as u64)),
            coordination,
            extraction,
            concealment,
            Cell::new(kind(campaign.kind)),
            number(count(campaign.exchanges)),
            number(probability(campaign.q_value)),
            Cell::new(escape(&days(&campaign.first_seen, &campaign.last_seen))),
        ];
        table.add_row(cells.into_iter().take(columns.len()));
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        if index < NARROW_COLUMNS {
            column.set_constraint(ColumnConstraint::ContentWidth);
        } else if index == NARROW_COLUMNS {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(LONGEST_KIND)));
        }
    }
    table.trim_fmt()
}

const COLUMNS: &[&str] =
    &["tier", "campaign", "accounts", SHORT[0], SHORT[1], SHORT[2], "kind", "exchanges", "q", "days"];
/// How many of them a narrow terminal gets.
const NARROW_COLUMNS: usize = 6;
const WIDE: usize = 100;
/// The longest kind with a space on either side, so that no name is broken.
const LONGEST_KIND: u16 = 11;
/// Crowds that are shown.
const CROWDS: usize = 10;
/// Campaigns of tier watch in the table.
const WATCHED_ROWS: usize = 10;

fn tier_colour(tier: Tier) -> Color {
    match tier {
        Tier::Act => Color::Red,
        Tier::Review => Color::Yellow,
        Tier::Watch => Color::Grey,
    }
}

fn crowds(page: &mut Page, report: &DetectionReport) {
    if report.crowds.is_empty() {
        return;
    }
    page.heading(Style::Bold, "Innocent crowds (no campaigns)");
    for crowd in report.crowds.iter().take(CROWDS) {
        page.item("  - ", &questions::crowd(crowd));
    }
    more(page, "  - ", report.crowds.len(), CROWDS);
}

fn permitted(page: &mut Page, report: &DetectionReport) {
    if report.permitted.is_empty() {
        return;
    }
    page.heading(Style::Bold, "Permitted (set aside)");
    for permit in &report.permitted {
        let organization = permit.organization.as_ref().map_or_else(String::new, |id| format!(", organisation {id}"));
        let text = format!(
            "{}{organization}: {}, {}, permit valid from {} to {}",
            permit.holder,
            counted(permit.accounts.len() as u64, "account"),
            counted(permit.exchanges, "exchange"),
            permit.valid_from,
            permit.valid_until
        );
        page.item("  - ", &text);
    }
}

fn not_evaluated(page: &mut Page, report: &DetectionReport) {
    if report.not_evaluated.is_empty() {
        return;
    }
    page.heading(Style::Bold, "Not evaluated (which is no sign of innocence)");
    for gap in &report.not_evaluated {
        let help = if gap.help.is_empty() { String::new() } else { format!("; {}", gap.help) };
        page.item("  - ", &format!("{}: {}{help}", gap.what, gap.why));
    }
}
