//! What the command says about itself.

use crate::sandbox::Sandbox;

/// The help of a command and of all below it. What is printed at another width, or to a terminal, is wrapped otherwise.
fn helps(sandbox: &Sandbox, command: &[&str], all: &mut String) {
    let arguments = [command, &["--help"]].concat();
    let help = sandbox.finish(sandbox.command(&arguments)).ok().out;
    *all += &format!("$ stillwatch {}\n{help}\n", arguments.join(" "));
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    for line in listed.filter(|line| !line.starts_with("   ")) {
        let name = line.split_whitespace().next().unwrap();
        if name != "help" {
            helps(sandbox, &[command, &[name]].concat(), all);
        }
    }
}

#[test]
fn the_help_of_every_command() {
    let mut all = String::new();
    helps(&Sandbox::new(), &[], &mut all);
    assert!(all.matches("$ stillwatch ").count() > 30, "{all}");
    insta::assert_snapshot!(all);
}

#[test]
fn near_names_are_suggested() {
    let sandbox = Sandbox::new();
    let mut all = String::new();
    for arguments in [
        &["detekt"][..],
        &["detect"],
        &["detect", "x", "--acounts", "y"],
        &["simulate", "-o", "x", "--crowd", "clasroom"],
        &["simulate", "-o", "x", "--campaign", "rings"],
        &["schema", "exchange"],
    ] {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, Some(2));
        all += &format!("$ stillwatch {}\n{}\n", arguments.join(" "), run.err);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn columns_are_listed() {
    insta::assert_snapshot!(Sandbox::new().run(&["schema"]).ok().out);
}

/// `stillwatch schema report > schemas/detect.schema.json`, and so for `audit` and `lineage`, bring them up to date.
#[test]
fn the_checked_in_schemas_are_those_of_the_reports() {
    for (what, file) in [("report", "detect"), ("audit", "audit"), ("lineage", "lineage")] {
        let path = format!("{}/../../schemas/{file}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let checked_in = std::fs::read_to_string(path).unwrap_or_default();
        // The schema itself is long: a difference is told by its place.
        let current = Sandbox::new().run(&["schema", what]).ok().out;
        let differs = checked_in.lines().zip(current.lines()).position(|(old, new)| old != new);
        assert!(checked_in == current, "schemas/{file}.schema.json is out of date from line {differs:?} on");
    }
}
