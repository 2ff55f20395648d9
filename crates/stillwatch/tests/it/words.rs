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

/// `stillwatch schema report > schemas/detect.schema.json` brings it up to date.
#[test]
fn the_checked_in_schema_is_the_one_of_the_report() {
    let checked_in = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/detect.schema.json"));
    assert_eq!(checked_in.unwrap(), Place::new().run(&["schema", "report"]).ok().out);
}
