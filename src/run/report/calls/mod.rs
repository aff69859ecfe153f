//! Calls as lines: the time first, with a mark for the slow ones, and the call with its arguments.

pub(super) mod summary;
pub(super) mod tree;

use super::page::Page;
use super::style::{Drawn, Look, cut};
use crate::run::decode::call::Shown;
use crate::run::graph::summary::Path;
use crate::run::graph::{Call, CallSite, Ending};
use crate::run::show::duration::measured;
use crate::visible::{visible, visible_bytes};
use std::path::Path as FilePath;
use unicode_width::UnicodeWidthStr as _;

/// Marks of times, and from how many nanoseconds on they are set: those of the kernel's function graph.
const MARKS: [(u64, char); 6] = [
    (1_000_000_000, '$'),
    (100_000_000, '@'),
    (10_000_000, '*'),
    (1_000_000, '#'),
    (100_000, '!'),
    (10_000, '+'),
];
/// From this mark on times are drawn as slow.
const SLOW: u64 = 1_000_000;
/// Columns of a time.
pub(super) const TIME: usize = 9;
/// Columns of an argument or result.
const LONGEST_VALUE: usize = 80;
/// What a function is called whose name was lost.
const LOST: &str = "(lost)";
/// Calls that lie in more others than this are not drawn further to the right.
const DEEPEST: usize = 60;

/// Spaces for as many calls as this one lies in, and their number where there are more.
pub(super) fn indented(line: &mut Drawn, depth: usize, deepest: usize) {
    line.push(Look::Plain, "  ".repeat(depth.min(deepest)));
    if depth > deepest {
        line.push(Look::Faint, format!("[{depth}] "));
    }
}

fn warn(page: &mut Page, text: &str) {
    let line = format!("{}{text}", " ".repeat(2 * TIME + 6));
    page.add(Drawn::default().with(Look::Warning, line));
}

fn without_room(page: &mut Page, calls: u64) {
    if calls > 0 {
        warn(
            page,
            &format!("{calls} calls are left out: there was no room for them"),
        );
    }
}

/// `n=3, name=apple`
fn values(shown: &Shown) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, cell) in &shown.values {
        if !out.is_empty() {
            out.extend_from_slice(b", ");
        }
        // Results without a name are numbered.
        if name.parse::<usize>().is_err() {
            out.extend_from_slice(visible(name).as_bytes());
            out.push(b'=');
        }
        out.extend_from_slice(cut(&visible_bytes(&cell.text), LONGEST_VALUE).as_bytes());
    }
    out
}

/// What is behind a call's name: its arguments; of a goroutine that was started, its number.
pub(super) fn arguments(line: &mut Drawn, call: &Call) {
    if let Some(started) = call.starts {
        line.push(Look::Faint, format!(" as goroutine {}", started.goroutine));
        return;
    }
    line.push(Look::Plain, "(");
    line.push(Look::Plain, values(&call.arguments));
    line.push(Look::Plain, ")");
}

/// What a call gave back, or why it did not.
pub(super) fn results(line: &mut Drawn, call: &Call) {
    let why = match call.ending {
        Ending::Returned => {
            if !call.results.values.is_empty() {
                line.push(Look::Plain, " = ");
                line.push(Look::Plain, values(&call.results));
            }
            return;
        }
        Ending::Inlined => return line.push(Look::Faint, "  inlined"),
        Ending::Jumped => "  went on in its last call",
        Ending::Left if call.starts.is_some() => "  ended by runtime.Goexit",
        Ending::Open if call.starts.is_some() => "  still runs",
        Ending::Left => "  did not return",
        Ending::Open => "  has not returned yet",
        Ending::Lost => "  its end was lost",
    };
    line.push(Look::Warning, why);
}

/// Some of the calls did not return.
pub(super) fn without_return(line: &mut Drawn, path: &Path) {
    if path.inlined > 0 {
        line.push(Look::Faint, format!("  {} inlined", path.inlined));
    }
    let left = path.calls - path.returned - path.inlined;
    if left > 0 {
        line.push(Look::Warning, format!("  {left} without a return"));
    }
}

/// Where a call was made: `log.go:30`.
pub(super) fn place(site: &CallSite) -> String {
    let file = FilePath::new(&site.file).file_name().unwrap_or_default();
    format!("{}:{}", visible(&file.to_string_lossy()), site.line)
}

pub(super) fn calls(count: u64) -> String {
    match count {
        1 => "1 call".to_owned(),
        n => format!("{n} calls"),
    }
}

pub(super) fn trees(count: u64) -> String {
    match count {
        1 => "1 tree".to_owned(),
        n => format!("{n} trees"),
    }
}

pub(super) fn name(function: Option<&str>) -> String {
    visible(function.unwrap_or(LOST)).into_owned()
}

/// A time with its mark before it.
pub(super) fn mark(line: &mut Drawn, time: Option<u64>) {
    let nanoseconds = time.unwrap_or(0);
    let mark = MARKS.iter().find(|(least, _)| nanoseconds > *least);
    let mark = mark.map_or(' ', |(_, mark)| *mark);
    let look = if nanoseconds > SLOW {
        Look::Warning
    } else {
        Look::Plain
    };
    line.push(look, format!("{mark} {}", right(time)));
}

pub(super) fn right(time: Option<u64>) -> String {
    let text = time.map(measured).unwrap_or_default();
    format!("{}{text}", " ".repeat(TIME.saturating_sub(text.width())))
}
