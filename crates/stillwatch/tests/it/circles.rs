//! The files of a crate do not import each other in circles.
//!
//! Two files that need each other can be read, tested and moved only together. A file and the files of the folder of its
//! name are parent and child, and may know each other: the parent puts together what its children are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

#[test]
fn files_import_each_other_in_no_circle() {
    let mut found = BTreeMap::new();
    let mut files = 0;
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap() {
        let folder = entry.unwrap().path();
        let mut sources = BTreeMap::new();
        collect(&folder.join("src"), &mut Vec::new(), &mut sources);
        files += sources.len();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        for (circle, edges) in circles(&sources) {
            found.insert((name.clone(), circle), edges);
        }
    }
    assert!(files > 500, "only {files} files were read");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_circle_is_found_through_groups_macros_and_re_exports() {
    let circle = |sources: &[(&str, &str)]| {
        let split = |module: &str| module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let sources = sources.iter().map(|(module, text)| (split(module), (*text).to_owned())).collect();
        circles(&sources).into_keys().map(|files| files.join(" ")).collect::<Vec<_>>()
    };
    let (lib, leaf) = (("", "mod a; mod b; pub use b::B; use a::A;"), ("b", "pub struct B;"));
    assert!(circle(&[lib, ("a", "use crate::b::B; pub struct A;"), leaf]).is_empty());
    for back in [
        "use crate::a::A;",
        "use crate::{a::{self, A}, other};",
        "use super::a;",
        "fn f() -> crate::a::A { crate::a::A }",
        "fn f() { println!(\"{}\", crate::a::A); }",
        "mod inner { use super::super::a::A; }",
        // By way of a name that the parent imports.
        "use crate::A;",
    ] {
        assert_eq!(circle(&[lib, ("a", "use crate::B; pub struct A;"), ("b", back)]), ["a b"], "{back}");
    }
    for harmless in
        ["// use crate::a::A;", "const TEXT: &str = \"crate::a::A\";", "#[cfg(test)] mod tests { use crate::a::A; }"]
    {
        assert!(circle(&[lib, ("a", "use crate::b::B;"), ("b", harmless)]).is_empty(), "{harmless}");
    }
    let family =
        [("", "mod a;"), ("a", "mod c; use self::c::C; pub struct A;"), ("a::c", "use super::A; pub struct C;")];
    assert!(circle(&family).is_empty(), "parent and child");
}

/// Module path and text of each file; a root has no path.
type Sources = BTreeMap<Vec<String>, String>;

fn collect(folder: &Path, module: &mut Vec<String>, sources: &mut Sources) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            module.push(stem);
            collect(&path, module, sources);
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut own = module.clone();
            if !["lib", "main", "mod"].contains(&stem.as_str()) {
                own.push(stem);
            }
            sources.insert(own, fs::read_to_string(&path).unwrap());
        }
    }
}

/// The files of each circle, and who imports whom there.
fn circles(sources: &Sources) -> BTreeMap<Vec<String>, Vec<String>> {
    let files: BTreeMap<&[String], File> =
        sources.iter().map(|(module, text)| (module.as_slice(), File::parse(module, text, sources))).collect();
    let edges: BTreeMap<&[String], BTreeSet<&[String]>> = files
        .iter()
        .map(|(module, file)| {
            let targets = file.paths.iter().map(|path| target(path, &files, 0));
            (*module, targets.filter(|target| !target.starts_with(module) && !module.starts_with(target)).collect())
        })
        .collect();
    let reach: BTreeMap<&[String], BTreeSet<&[String]>> = edges
        .keys()
        .map(|module| {
            let mut reached = BTreeSet::new();
            let mut open: Vec<&[String]> = edges[module].iter().copied().collect();
            while let Some(next) = open.pop() {
                if reached.insert(next) {
                    open.extend(&edges[next]);
                }
            }
            (*module, reached)
        })
        .collect();
    let mut circles = BTreeMap::new();
    for (module, reached) in reach.iter().filter(|(module, reached)| reached.contains(*module)) {
        let circle: Vec<&[String]> = reached.iter().copied().filter(|other| reach[other].contains(module)).collect();
        let among = |from| edges[from].iter().filter(|to| circle.contains(to)).map(move |to| (from, *to));
        let told = circle.iter().flat_map(|from| among(from));
        let told = told.map(|(from, to)| format!("{} -> {}", from.join("::"), to.join("::"))).collect();
        circles.insert(circle.iter().map(|module| module.join("::")).collect(), told);
    }
    circles
}

/// The file in which stands what a path names, also where other files pass the name on.
fn target<'s>(path: &[String], files: &BTreeMap<&'s [String], File>, passed: usize) -> &'s [String] {
    let end = (0..=path.len()).rev().find(|end| files.contains_key(&path[..*end])).unwrap();
    let (module, file) = files.get_key_value(&path[..end]).unwrap();
    let import = path.get(end).and_then(|name| file.imports.get(name)).filter(|import| *import != path);
    match import {
        Some(import) if passed < 8 => target(&[import, &path[end + 1..]].concat(), files, passed + 1),
        _ => module,
    }
}

/// What a file mentions of its own crate, as paths from the root.
#[derive(Default)]
struct File {
    paths: BTreeSet<Vec<String>>,
    /// Of those, what `use` gives a name in the file.
    imports: BTreeMap<String, Vec<String>>,
}

impl File {
    fn parse(module: &[String], text: &str, sources: &Sources) -> Self {
        let mut words = Vec::new();
        flatten(text.parse().unwrap(), &mut words);
        let mut file = Self::default();
        file.read(&words, module, sources);
        file
    }

    fn read(&mut self, words: &[String], module: &[String], sources: &Sources) {
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        let mut at = 0;
        while at < words.len() {
            if word(at) == "mod" && word(at + 2) == "{" {
                let end = at + 3 + closing(&words[at + 3..]);
                if !words[..at].ends_with(&["#", "[", "cfg", "(", "test", ")", "]"].map(str::to_owned)) {
                    self.read(&words[at + 3..end], &[module, &words[at + 1..at + 2]].concat(), sources);
                }
                at = end;
            } else if word(at) == "use" && word(at + 1) != "<" {
                let mut names = Vec::new();
                at = use_tree(words, at + 1, &[], &mut names);
                for (name, path) in names {
                    if let Some(path) = absolute(&path, module, sources) {
                        self.paths.insert(path.clone());
                        self.imports.insert(name, path);
                    }
                }
            } else if word(at + 1) == "::" && (at == 0 || word(at - 1) != "::") {
                let start = at;
                while word(at + 1) == "::" && is_name(word(at + 2)) {
                    at += 2;
                }
                let path: Vec<String> = words[start..=at].iter().step_by(2).cloned().collect();
                self.paths.extend(absolute(&path, module, sources));
                at += 1;
            } else {
                at += 1;
            }
        }
    }
}

/// Reads what stands behind `use` or in one of its groups; gives the place behind it.
fn use_tree(words: &[String], mut at: usize, before: &[String], names: &mut Vec<(String, Vec<String>)>) -> usize {
    let mut path = before.to_vec();
    loop {
        match words[at].as_str() {
            "{" => {
                at += 1;
                while words[at] != "}" {
                    at = use_tree(words, at, &path, names);
                    at += usize::from(words[at] == ",");
                }
                return at + 1;
            }
            "self" if !path.is_empty() => {}
            word => path.push(word.to_owned()),
        }
        at += 1;
        match words[at].as_str() {
            "::" => at += 1,
            "as" => {
                names.push((words[at + 1].clone(), path));
                return at + 2;
            }
            _ => {
                names.extend(path.last().cloned().map(|name| (name, path)));
                return at;
            }
        }
    }
}

/// The same path from the root of the crate, unless it leads out of it.
fn absolute(path: &[String], module: &[String], sources: &Sources) -> Option<Vec<String>> {
    let up = path.iter().take_while(|word| *word == "super").count();
    let child = || sources.contains_key(&[module, &path[..1]].concat());
    match path.first()?.as_str() {
        "crate" => Some(path[1..].to_vec()),
        "self" if path.get(1).is_some_and(|word| word == "super") => absolute(&path[1..], module, sources),
        "self" => Some([module, &path[1..]].concat()),
        "super" => Some([&module[..module.len().checked_sub(up)?], &path[up..]].concat()),
        _ => child().then(|| [module, path].concat()),
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

/// Words, signs and brackets, in which `::` is one word; comments are gone and literals empty.
fn flatten(tokens: TokenStream, words: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    _ => ("[", "]"),
                };
                words.push(open.to_owned());
                flatten(group.stream(), words);
                words.push(close.to_owned());
            }
            TokenTree::Ident(name) => words.push(name.to_string()),
            TokenTree::Punct(sign) if sign.as_char() == ':' && words.last().is_some_and(|last| last == "half ::") => {
                words.pop();
                words.push("::".to_owned());
            }
            TokenTree::Punct(sign) if sign.as_char() == ':' && sign.spacing() == proc_macro2::Spacing::Joint => {
                words.push("half ::".to_owned());
            }
            TokenTree::Punct(sign) => words.push(sign.to_string()),
            TokenTree::Literal(_) => words.push(String::new()),
        }
    }
}

/// The place of the brace that closes what is open at the beginning.
fn closing(words: &[String]) -> usize {
    let mut depth = 1;
    words
        .iter()
        .position(|word| {
            depth += i32::from(word == "{") - i32::from(word == "}");
            depth == 0
        })
        .unwrap()
}
