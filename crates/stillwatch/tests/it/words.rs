//! What the command says about itself.

use crate::place::Place;

#[test]
fn help_is_plain_and_exact() {
    let place = Place::new();
    let mut all = String::new();
    for arguments in [
        &["--help"][..],
        &["detect", "--help"],
        &["digest", "--help"],
        &["doctor", "--help"],
        &["explain", "--help"],
        &["simulate", "--help"],
    ] {
        all += &format!("$ stillwatch {}\n{}\n", arguments.join(" "), place.run(arguments).ok().out);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn near_names_are_suggested() {
    let place = Place::new();
    let mut all = String::new();
    for arguments in [
        &["detekt"][..],
        &["detect"],
        &["detect", "x", "--acounts", "y"],
        &["simulate", "-o", "x", "--crowd", "clasroom"],
        &["simulate", "-o", "x", "--campaign", "rings"],
        &["schema", "exchange"],
    ] {
        let run = place.run(arguments);
        assert_eq!(run.code, Some(2));
        all += &format!("$ stillwatch {}\n{}\n", arguments.join(" "), run.err);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn columns_are_listed() {
    insta::assert_snapshot!(Place::new().run(&["schema"]).ok().out);
}

/// `stillwatch schema report > schemas/detect.schema.json`, and so for `audit` and `lineage`, bring them up to date.
#[test]
fn the_checked_in_schemas_are_those_of_the_reports() {
    for (what, file) in [("report", "detect"), ("audit", "audit"), ("lineage", "lineage")] {
        let path = format!("{}/../../schemas/{file}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let checked_in = std::fs::read_to_string(path).unwrap_or_default();
        // The schema itself is long: a difference is told by its place.
        let current = Place::new().run(&["schema", what]).ok().out;
        let differs = checked_in.lines().zip(current.lines()).position(|(old, new)| old != new);
        assert!(checked_in == current, "schemas/{file}.schema.json is out of date from line {differs:?} on");
    }
}
