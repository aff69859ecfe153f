//! One trial for each recipe in `tests/syntax/`: what is read from it, or what is said about it, and its canonical
//! form.
//!
//! A recipe whose name begins with `bad_` must be refused, the others must not. Snapshots are in `snapshots/syntax/`.

use crate::support::files::files;
use crate::support::suite::Suite;
use crate::support::trial::{Trial, trial};
use crate::support::{SHOP, repository, snapshot};
use gobt::analyze::{Options, analyze};
use gobt::diagnostic::Diagnostic;
use gobt::diagnostic::render::{render_json, render_text};
use gobt::source::Source;
use gobt::syntax::{dump, parse, printer};
use gobt::target::Target;
use gobt::target::load::Loaded;
use libtest_mimic::Failed;
use std::path::{Path, PathBuf};

/// All trials.
pub fn suite() -> Suite {
    let mut trials: Vec<Trial> = cases()
        .into_iter()
        .map(|path| trial(name(&path), move || case(&path)))
        .collect();
    trials.push(trial("no_orphan_snapshots", no_orphans));
    trials.push(trial(
        "what_is_read_can_be_analyzed",
        what_is_read_can_be_analyzed,
    ));
    trials.into()
}

fn directory() -> PathBuf {
    repository().join("tests/syntax")
}

fn snapshots() -> PathBuf {
    repository().join("snapshots/syntax")
}

fn cases() -> Vec<PathBuf> {
    files(&directory(), "gobt")
}

fn name(path: &Path) -> String {
    snapshot::name(&directory(), path)
}

fn source_of(path: &Path) -> Result<Source, Failed> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(Source::new(name, std::fs::read_to_string(path)?))
}

fn case(path: &Path) -> Result<(), Failed> {
    let name = name(path);
    let source = source_of(path)?;
    let (recipe, problems) = parse(&source);
    let refused = name.starts_with("bad_");
    let mut out = format!("---- recipe\n{}\n", source.text.trim_end());
    let problems = problems.sorted();
    if problems.is_empty() {
        let printed = printer::print(&recipe, &source.text);
        let tree = dump::dump(&recipe);
        out.push_str(&format!("---- tree\n{tree}"));
        if printed == source.text {
            out.push_str("---- formatted: the same\n");
        } else {
            out.push_str(&format!("---- formatted\n{printed}"));
        }
        again(&printed, &tree)?;
        comments_kept(&source.text, &printed)?;
    }
    if refused == problems.is_empty() {
        let said = render_text(&source, &problems, false);
        return Err(format!("its name says it is refused: {refused}; but:\n{said}").into());
    }
    if !problems.is_empty() {
        out.push_str("---- problems\n");
        out.push_str(&render_text(&source, &problems, false));
        out.push_str(&render_json(&source, &problems));
    }
    snapshot::assert(&snapshots(), &name, &out);
    Ok(())
}

/// What is printed means the same and is printed the same.
fn again(printed: &str, tree: &str) -> Result<(), Failed> {
    let source = Source::new("printed.gobt", printed);
    let (recipe, problems) = parse(&source);
    if problems.has_errors() {
        let said = render_text(&source, &problems.sorted(), false);
        return Err(format!("what is printed cannot be read:\n{printed}\n{said}").into());
    }
    let second = dump::dump(&recipe);
    if second != tree {
        return Err(format!("what is printed means something else:\n{tree}\n{second}\n{printed}").into());
    }
    let twice = printer::print(&recipe, printed);
    if twice != printed {
        return Err(format!("printed twice:\n{printed}\n{twice}").into());
    }
    Ok(())
}

/// Every comment of the recipe is in what is printed.
fn comments_kept(text: &str, printed: &str) -> Result<(), Failed> {
    for line in text.lines().filter_map(|line| line.split_once("// ")) {
        if !printed.contains(line.1.trim_end()) {
            return Err(format!("the comment is lost: {}", line.1).into());
        }
    }
    Ok(())
}

/// An editor shows what is wrong with the items that can be read, while another is being typed.
fn what_is_read_can_be_analyzed() -> Result<(), Failed> {
    let text = "count main.charge\ncount main.nope\non main.half {\nlatency main.charge by nothing\n";
    let source = Source::new("typed.gobt", text);
    let (recipe, problems) = parse(&source);
    let codes = |problems: Vec<Diagnostic>| -> Vec<&str> { problems.iter().map(|p| p.code.0).collect() };
    let read = (recipe.items.len(), codes(problems.sorted()));
    let told = |problem: Diagnostic| problem.message;
    let loaded = Loaded::open(SHOP.as_ref()).map_err(told)?;
    let target = Target::open(&loaded).map_err(told)?;
    let (_, wrong) = analyze(&recipe, &source, &target, &Options::default());
    let found = (read, codes(wrong));
    if found != ((3, vec!["E0109"]), vec!["E0301", "E0306"]) {
        return Err(format!("{found:?}").into());
    }
    Ok(())
}

fn no_orphans() -> Result<(), Failed> {
    let known = cases().iter().map(|path| name(path)).collect();
    snapshot::no_orphans(&snapshots(), &known)
}
