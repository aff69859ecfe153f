//! What a person reads is true: recipes in the documents are read and compiled, commands are taken by the command line,
//! tables are those of the code, and every example compiles and is formatted.
//!
//! `GOBT_DOCS=write cargo test --test plain -- docs/` writes the tables and the page of errors anew.

use crate::support::files::files;
use crate::support::recipe::compile;
use crate::support::suite::Suite;
use crate::support::table::split;
use crate::support::trial::{Trial, trial};
use crate::support::{SHOP, repository};
use clap::Parser as _;
use gobt::analyze;
use gobt::cli::Cli;
use gobt::diagnostic::code::{EXPLANATIONS, Explanation};
use gobt::source::Source;
use gobt::{analyze::verbs, pipeline, plan::format, syntax};
use std::fs;
use std::path::{Path, PathBuf};

/// The documents, from the repository's root.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "docs/errors.md",
    "docs/internals.md",
    "docs/language.md",
    "docs/performance.md",
    "docs/matrix.md",
    "docs/questions.md",
    "docs/running.md",
    "docs/tutorial.md",
];

/// All trials.
pub fn suite() -> Suite {
    let mut trials = Vec::new();
    for document in DOCUMENTS {
        let path = repository().join(document);
        trials.push(of(format!("{document}/recipes"), path.clone(), recipes));
        trials.push(of(format!("{document}/commands"), path.clone(), commands));
        trials.push(of(format!("{document}/links"), path, links));
    }
    let (services, examples): (Vec<_>, Vec<_>) = files(&repository().join("examples"), "gobt")
        .into_iter()
        .partition(|path| path.starts_with(repository().join("examples/services")));
    for example in examples {
        let name = format!("examples/{}", file_name(&example));
        trials.push(of(name, example, example_compiles));
    }
    for example in services {
        let name = format!("examples/services/{}", file_name(&example));
        trials.push(of(name, example, is_formatted));
    }
    trials.push(trial("errors", || kept("docs/errors.md", &errors_page())));
    // One after the other: they may write the same document.
    trials.push(trial("tables", || {
        table("directives", &directives()).and_then(|()| table("formats", &formats()))
    }));
    trials.push(trial("docs/performance.md/tables", measured));
    trials.into()
}

/// The page about cost has a table of each release, in which every verb and tracer has a row, as `benches/cost.rs`
/// writes them.
fn measured() -> Result<(), String> {
    let page = read(&repository().join("docs/performance.md"))?;
    for release in ["0.23", "0.27"] {
        let (_, table, _) = split(&page, &format!("cost {release}"))?;
        for verb in ["count", "latency", "print", "trace"] {
            for tracer in ["floor", "gobt", "go-bpf-gen's way", "naive"] {
                let row = format!("| {verb} | {tracer} | ");
                if !table.contains(&row) {
                    return Err(format!("the table of {release} has no row {row}"));
                }
            }
        }
        if !table.contains("| workload | calls | gobt |") {
            return Err(format!("{release} has no table of wrong results"));
        }
    }
    Ok(())
}

fn of(name: String, path: PathBuf, check: fn(&Path) -> Result<(), String>) -> Trial {
    trial(name, move || check(&path))
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// A fenced block: its line, the words behind the fence, and its text.
struct Block {
    line: usize,
    info: Vec<String>,
    text: String,
}

fn blocks(document: &str) -> Vec<Block> {
    let mut all = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in document.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => all.extend(open.take()),
            (Some(info), None) => {
                open = Some(Block {
                    line: number + 1,
                    info: info.split_whitespace().map(str::to_owned).collect(),
                    text: String::new(),
                });
            }
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    all
}

/// Recipes are read; with the word `shop`, or a target in `examples/`, they are compiled; with a code, they fail with
/// it. Those for the `service` are compiled and run by `tests/root/questions.rs`.
fn recipes(path: &Path) -> Result<(), String> {
    for block in blocks(&read(path)?) {
        if block.info.first().map(String::as_str) != Some("gobt") {
            continue;
        }
        let place = format!("{}:{}", path.display(), block.line);
        let source = Source::new(place.clone(), block.text.clone());
        let word = block.info.get(1).map_or("", String::as_str);
        let code = word.starts_with('E').then_some(word);
        let compiled = match pipeline::read(&source) {
            Ok(recipe) => {
                let target = analyze::target_of(&recipe).ok().flatten();
                if target.is_none() && matches!(word, "" | "service") {
                    continue;
                }
                let program = target.map_or(SHOP.into(), |t| repository().join("examples").join(t.node));
                compile(&source, &program)
            }
            Err(problems) => Err(problems.iter().map(|p| (p.code, p.message.clone())).collect()),
        };
        match (compiled, code) {
            (Ok(()), None) => {}
            (Ok(()), Some(code)) => return Err(format!("{place}: compiles, but {code} was promised")),
            (Err(found), Some(code)) if found.iter().all(|(c, _)| c.0 == code) => {}
            (Err(found), _) => return Err(format!("{place}: {found:?}")),
        }
    }
    Ok(())
}

/// Lines of shell blocks that call gobt are taken by its command line.
fn commands(path: &Path) -> Result<(), String> {
    for block in blocks(&read(path)?) {
        if !matches!(block.info.first().map(String::as_str), Some("sh" | "console")) {
            continue;
        }
        for line in block.text.lines() {
            let command = line.trim_start_matches("$ ");
            let command = command.strip_prefix("sudo ").unwrap_or(command);
            let command = match command.strip_prefix("cargo run --release -- ") {
                Some(rest) => format!("gobt {rest}"),
                None if command.starts_with("gobt ") => command.to_owned(),
                None => continue,
            };
            if let Err(problem) = Cli::try_parse_from(words(&command)) {
                return Err(format!("{}:{}: {line}\n{problem}", path.display(), block.line));
            }
        }
    }
    Ok(())
}

/// A command's words, up to a comment, a pipe or a redirection.
fn words(command: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in command.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '#' | '|' | '>' | ';') if word.is_none() => return all,
            (None, ' ') => all.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    all.extend(word);
    all
}

/// Links to files lead somewhere.
fn links(path: &Path) -> Result<(), String> {
    let text = read(path)?;
    let directory = path.parent().unwrap_or(path);
    for part in text.split("](").skip(1) {
        let link = part.split(')').next().unwrap_or_default();
        let (file, section) = link.split_once('#').unwrap_or((link, ""));
        if link.starts_with("http") {
            continue;
        }
        let target = if file.is_empty() {
            path.to_owned()
        } else {
            directory.join(file)
        };
        if !target.exists() {
            return Err(format!("{}: no file {link}", path.display()));
        }
        if !section.is_empty() && !read(&target)?.lines().any(|line| anchor(line) == section) {
            return Err(format!("{}: no section {link}", path.display()));
        }
    }
    Ok(())
}

/// The anchor that a heading gets.
fn anchor(line: &str) -> String {
    if !line.starts_with('#') {
        return String::new();
    }
    let heading = line.trim_start_matches('#').trim().to_lowercase();
    heading
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-')
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

fn is_formatted(path: &Path) -> Result<(), String> {
    let source = Source::new(path.display().to_string(), read(path)?);
    match syntax::format(&source) {
        Ok(formatted) if formatted == source.text => Ok(()),
        Ok(_) => Err("`gobt fmt` would change it".into()),
        Err(problems) => Err(format!("{problems:?}")),
    }
}

fn example_compiles(path: &Path) -> Result<(), String> {
    is_formatted(path)?;
    let source = Source::new(path.display().to_string(), read(path)?);
    let recipe = pipeline::read(&source).map_err(|problems| format!("{problems:?}"))?;
    let target = analyze::target_of(&recipe)
        .ok()
        .flatten()
        .ok_or("it names no target")?;
    let program = path.parent().unwrap_or(path).join(target.node);
    compile(&source, &program).map_err(|found| format!("{found:?}"))
}

/// Compares a document with what it should be, or writes it.
fn kept(document: &str, wanted: &str) -> Result<(), String> {
    let path = repository().join(document);
    if std::env::var("GOBT_DOCS").is_ok_and(|value| value == "write") {
        return fs::write(&path, wanted).map_err(|error| error.to_string());
    }
    if read(&path)? == wanted {
        Ok(())
    } else {
        Err(format!(
            "{document} is not what the code says; `GOBT_DOCS=write cargo test --test plain -- docs/` writes it"
        ))
    }
}

fn errors_page() -> String {
    let mut page = String::from(
        "# Error codes\n\nWhat `gobt explain CODE` says of each code. Codes keep their meaning in later releases.\n",
    );
    for Explanation {
        code,
        title,
        text,
        example,
    } in EXPLANATIONS
    {
        page.push_str(&format!(
            "\n## {code}\n\n**{title}**\n\n{}\n",
            wrapped(&plain(text))
        ));
        if !example.is_empty() {
            page.push_str(&format!("\n```text\n{}\n```\n", example.trim_end()));
        }
    }
    page
}

/// Text in which the signs of Go and of recipes are no Markdown.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut code = false;
    for c in text.chars() {
        code ^= c == '`';
        if !code && "*_[]<>\\".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Paragraphs in lines of at most 120 columns.
fn wrapped(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let mut lines: Vec<String> = Vec::new();
        for word in paragraph.split_whitespace() {
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + word.chars().count() <= 120 => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines.join("\n")
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn directives() -> Vec<String> {
    let rows = verbs::TABLE.iter().map(|entry| {
        let clauses: Vec<String> = entry.clauses.iter().map(|c| format!("`{c}`")).collect();
        format!(
            "| `{}` | {} | {} | `{}` |",
            entry.verb,
            clauses.join(", "),
            cell(entry.summary),
            cell(entry.example)
        )
    });
    rows.collect()
}

fn formats() -> Vec<String> {
    let with_word = format::TABLE.iter().filter(|entry| !entry.word.is_empty());
    with_word
        .map(|entry| format!("| `{}` | {} |", entry.word, cell(entry.summary)))
        .collect()
}

/// The table `name` in the reference has these rows, behind its head of two lines.
fn table(name: &str, rows: &[String]) -> Result<(), String> {
    let document = "docs/language.md";
    let text = read(&repository().join(document))?;
    let (before, old, after) = split(&text, name)?;
    let head: String = old.lines().take(2).map(|line| format!("{line}\n")).collect();
    let wanted = format!("{before}{head}{}\n{after}", rows.join("\n"));
    kept(document, &wanted)
}
