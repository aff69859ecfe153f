//! What benches are asked for on the command line, and the tables that they make.

use super::bpftrace::Release;
use super::table::split;
use super::{Trouble, repository};
use std::fs;

/// The page that has the tables.
const PAGE: &str = "docs/performance.md";

/// The releases that the command line names; without any, those that people have.
pub fn releases() -> Vec<Release> {
    let named: Vec<Release> = std::env::args().filter_map(|a| Release::numbered(&a)).collect();
    if named.is_empty() {
        vec![Release::V0_23, Release::V0_27]
    } else {
        named
    }
}

/// The command line has this word.
pub fn is_asked(word: &str) -> bool {
    std::env::args().any(|argument| argument == word)
}

/// Prints a table, and puts it into the page if that is asked for.
pub fn tell(name: &str, made: Result<String, Trouble>) {
    match made {
        Ok(table) => {
            println!("{table}");
            if is_asked("write") {
                put(name, &table).unwrap();
            }
        }
        Err(Trouble::Lacks(lack)) => println!("{name}: skipped: {lack}"),
        Err(Trouble::Failed(why)) => panic!("{why}"),
    }
}

fn put(name: &str, table: &str) -> Result<(), String> {
    let path = repository().join(PAGE);
    let page = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (before, _, after) = split(&page, name)?;
    fs::write(&path, format!("{before}\n{}\n{after}", table.trim())).map_err(|error| error.to_string())
}

/// `14,310`
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
