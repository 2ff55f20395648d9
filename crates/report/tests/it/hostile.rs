//! Strangers write names, and whoever edits a report writes all of it: no string becomes markup.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};
use pulldown_cmark::{Event, Options, Parser};
use serde_json::Value;
use stillwatch_detect::DetectionReport;
use stillwatch_report::detection::FORMS;
use stillwatch_report::{Explanation, Terminal, html, markdown, ocsf};

use crate::full::full;

/// What a page, a ticket or a terminal could obey.
pub(crate) fn hostile() -> Vec<String> {
    let mut all: Vec<String> = [
        "<script>alert(1)</script>",
        "\" onload=\"alert(1)",
        "' onmouseover='alert(1)' x='",
        "</style><img src=x onerror=alert(1)>",
        "</title></svg></details><iframe src=//evil.example>",
        "]]><!--<svg onload=alert(1)>-->",
        "</script ><base href=//evil.example><a href=javascript:alert(1)>",
        "&lt;b&gt;&#60;script&#62;",
        "gpj.\u{202e}exe \u{2066}x\u{2069} \u{200b}",
        "a\u{0}b\u{1b}[31mred\u{7}\u{9b}31m\r\n\t",
        "| a | b |\n|---|---|\n[x](javascript:alert(1)) ![x](http://evil.example/x.png) <http://evil.example>",
        "`code` ``` *b* _i_ **s** ~~d~~ $x$ @everyone #1 GH-1 https://evil.example www.evil.example a@evil.example",
        "# heading\n\n- list\n\n    code\n\n---\n<details>",
        "1. one",
        "- one",
        "``` `` `",
        "\\",
        "\\`\\|",
        "[x]: http://evil.example\n\n[x]",
    ]
    .map(String::from)
    .to_vec();
    all.push("<b x=\"".repeat(1_500));
    all
}

/// The report with every string replaced, where the report allows it (it allows a few words only for tiers and kinds).
fn replaced(text: &str) -> DetectionReport {
    let mut value = serde_json::to_value(full()).unwrap();
    let mut paths = Vec::new();
    collect(&value, String::new(), &mut paths);
    let mut count = 0;
    for path in paths {
        let old = value.pointer(&path).unwrap().clone();
        *value.pointer_mut(&path).unwrap() = Value::from(text);
        if serde_json::from_value::<DetectionReport>(value.clone()).is_ok() {
            count += 1;
        } else {
            *value.pointer_mut(&path).unwrap() = old;
        }
    }
    assert!(count > 100, "{count}");
    let mut report: DetectionReport = serde_json::from_value(value).unwrap();
    report.inputs.rejected_by = [(text.to_owned(), 1)].into();
    report.inputs.field_coverage = [(text.to_owned(), 0.5)].into();
    report.inputs.field_errors = [(text.to_owned(), 1)].into();
    report
}

fn collect(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::String(_) => paths.push(path),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| collect(item, format!("{path}/{at}"), paths));
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                collect(field, format!("{path}/{}", name.replace('~', "~0").replace('/', "~1")), paths);
            }
        }
        _ => {}
    }
}

/// Elements and the names of their attributes, in order; and all text in them and in the values of attributes.
fn structure(page: &str) -> (Vec<String>, String, Vec<String>) {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let (mut tags, mut text, mut code, mut raw) = (Vec::new(), String::new(), Vec::new(), false);
    for token in Tokenizer::new_with_emitter(page, emitter) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                let name = word(&tag.name);
                raw = matches!(name.as_str(), "script" | "style");
                let names: Vec<String> = tag.attributes.keys().map(|name| word(name)).collect();
                tags.push(format!("{name} {}", names.join(" ")));
                for value in tag.attributes.values() {
                    text += &word(value);
                    text.push('\n');
                }
            }
            Token::EndTag(tag) => tags.push(format!("/{}", word(&tag.name))),
            Token::String(part) if raw => code.push(word(&part)),
            Token::String(part) => text += &word(&part),
            Token::Comment(_) => tags.push("comment".into()),
            Token::Doctype(_) => tags.push("doctype".into()),
            Token::Error(error) => panic!("{error:?} in {page}"),
        }
    }
    (tags, text, code)
}

fn word(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).unwrap().to_owned()
}

#[test]
fn no_string_becomes_an_element_or_an_attribute_of_the_page() {
    let (tags, _, code) = structure(&html(&replaced("plain")));
    assert!(tags.len() > 500);
    for text in hostile() {
        let page = html(&replaced(&text));
        let (hostile_tags, shown, hostile_code) = structure(&page);
        assert_eq!(hostile_tags, tags, "{text:.80}");
        assert_eq!(hostile_code, code, "{text:.80}");
        if !text.contains(char::is_control) && text.is_ascii() {
            assert!(shown.contains(&text), "{text:.80} is not shown as it is");
        }
        let strange: Vec<char> = page.chars().filter(|c| (c.is_control() && *c != '\n') || is_bidi(*c)).collect();
        assert!(strange.is_empty(), "{strange:?}");
    }
}

fn is_bidi(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

#[test]
fn the_page_allows_nothing_but_its_own_style_and_script() {
    let page = html(&full());
    let (tags, text, code) = structure(&page);
    let of = |name: &str| tags.iter().filter(|tag| tag.split(' ').next() == Some(name)).count();
    assert_eq!((of("script"), of("style"), code.len()), (1, 1, 2));
    for never in ["img", "iframe", "object", "embed", "link", "base", "form", "audio", "video"] {
        assert_eq!(of(never), 0, "{never}");
    }
    let attributes: Vec<&str> = tags.iter().flat_map(|tag| tag.split(' ').skip(1)).collect();
    assert!(!attributes.iter().any(|name| name.starts_with("on") || matches!(*name, "style" | "src" | "srcset")));
    assert!(text.contains("default-src 'none'; style-src 'sha256-"));
    assert!(!["=\"http", "=http", "url("].iter().any(|load| page.contains(load)));
    // Every table is told what it is, and every part of the page that is pointed to is there.
    assert_eq!(of("table"), of("caption"));
    for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
    }
}

/// What a reader of the Markdown gets to see: everything but words.
fn shape(text: &str) -> Vec<String> {
    let parser =
        Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS);
    parser
        .filter_map(|event| match event {
            Event::Text(_) | Event::Code(_) | Event::SoftBreak => None,
            other => Some(format!("{other:?}")),
        })
        .collect()
}

#[test]
fn no_string_becomes_markup_of_a_ticket() {
    let cells = |ticket: &str| -> Vec<usize> {
        // A cell too many is dropped by the reader, and what it says with it.
        ticket.lines().map(|line| line.replace("\\|", "").matches('|').count()).collect()
    };
    let ticket = markdown(&replaced("plain"));
    let (plain, plain_cells) = (shape(&ticket), cells(&ticket));
    assert!(plain.len() > 100);
    for text in hostile() {
        let ticket = markdown(&replaced(&text));
        assert_eq!(shape(&ticket), plain, "{text:.80}");
        assert_eq!(cells(&ticket), plain_cells, "{text:.80}");
        assert_is_inert(&ticket);
        for name in ["c-4f1a90b2", "acct-100", "acct-9", "nobody"] {
            let mut report = full();
            report.not_evaluated[0].what = text.clone();
            report.campaigns[0].evidence[0].statement = text.clone();
            report.campaigns[0].evidence[0].subjects = vec!["acct-100".into()];
            report.campaigns[0].predecessors[0].statement = text.clone();
            assert_is_inert(&Explanation::new(&report, name).unwrap().markdown());
        }
    }
}

fn assert_is_inert(ticket: &str) {
    for event in shape(ticket) {
        assert!(
            !["Html", "Link", "Image", "Footnote", "CodeBlock", "Strikethrough", "Math"]
                .iter()
                .any(|it| event.contains(it)),
            "{event}"
        );
    }
    let prose: String = Parser::new_ext(ticket, Options::ENABLE_TABLES)
        .filter_map(|event| if let Event::Text(text) = event { Some(text.to_string()) } else { None })
        .collect();
    // Trackers make links and mentions of these wherever they are not in a code span.
    for start in ["://", "www.", "@", "GH-1", "#1", "javascript:a"] {
        assert!(!prose.contains(start), "{start}");
    }
    assert!(!ticket.chars().any(|c| (c.is_control() && c != '\n') || is_bidi(c)));
}

#[test]
fn every_form_takes_every_report() {
    for text in hostile() {
        let report = replaced(&text);
        assert_eq!(ocsf(&report).unwrap().lines().count(), report.campaigns.len());
        for form in FORMS {
            let written = form.render(&report, Terminal { width: 80, colour: false }).unwrap();
            assert!(!written.is_empty() && !written.contains('\x1b'), "{}", form.name());
        }
        assert!(!Explanation::new(&report, &text).unwrap().table(80, false).contains('\x1b'));
    }
}

/// Numbers and lists that no detector writes.
#[test]
fn no_number_makes_a_form_panic() {
    let numbers = [Value::from(0), Value::from(u64::MAX), Value::from(i64::MIN), Value::from(1e308), Value::from(-1.0)];
    for number in numbers {
        let mut value = serde_json::to_value(full()).unwrap();
        let mut paths = Vec::new();
        leaves(&value, String::new(), &mut paths);
        for path in paths {
            let old = std::mem::replace(value.pointer_mut(&path).unwrap(), number.clone());
            if serde_json::from_value::<DetectionReport>(value.clone()).is_err() {
                *value.pointer_mut(&path).unwrap() = old;
            }
        }
        render(&serde_json::from_value(value).unwrap());
    }
    let mut many = full();
    many.campaigns[0].timeline.total = vec![u64::MAX; 5_000];
    many.campaigns[0].graph.nodes = vec![many.campaigns[0].graph.nodes[0].clone(); 1_000];
    many.campaigns[1].timeline = many.campaigns[2].timeline.clone();
    many.campaigns[1].timeline.lanes.iter_mut().for_each(|lane| lane.counts = vec![1; 5_000]);
    many.campaigns[1].graph = many.campaigns[2].graph.clone();
    many.campaigns[1].graph.edges.iter_mut().for_each(|edge| edge.to = edge.from);
    many.campaigns[2].timeline.lanes.clear();
    many.campaigns[2].graph.edges.clear();
    render(&many);
    let empty =
        DetectionReport { campaigns: vec![], categories: vec![], permitted: vec![], not_evaluated: vec![], ..full() };
    render(&empty);
}

fn leaves(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Number(_) => paths.push(path),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, it)| leaves(it, format!("{path}/{at}"), paths)),
        Value::Object(fields) => fields.iter().for_each(|(name, it)| leaves(it, format!("{path}/{name}"), paths)),
        _ => {}
    }
}

fn render(report: &DetectionReport) {
    structure(&html(report));
    shape(&markdown(report));
    for form in FORMS {
        form.render(report, Terminal { width: 80, colour: true }).unwrap();
    }
    for name in ["c-4f1a90b2", "c-0000aaaa", "acct-100", "acct-9", "nobody"] {
        if let Ok(explanation) = Explanation::new(report, name) {
            explanation.markdown();
            explanation.table(80, true);
            explanation.json().unwrap();
        }
    }
}
