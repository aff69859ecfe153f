//! Call trees as lines: the time first, a mark for the slow ones, and each call inside of the one that made it.

use super::draw::Room;
use super::style::{Drawn, Look, cut};
use crate::run::decode::{Clock, call::Shown};
use crate::run::graph::summary::{Path, Summary};
use crate::run::graph::{Call, CallTree, Ending};
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
const TIME: usize = 9;
/// A block of more lines has its name at its end.
const LONG: usize = 8;
/// Columns of an argument or result.
const LONGEST_VALUE: usize = 80;
/// What a function is called whose name was lost.
const LOST: &str = "(lost)";

/// Calls that lie in more others than this are not drawn further to the right.
const DEEPEST: usize = 60;

/// A tree.
pub(super) fn tree(tree: &CallTree, clock: Clock, room: Room) -> Vec<Drawn> {
    let under = tree.under;
    let mut page = Page {
        lines: Vec::new(),
        room,
    };
    let head = format!(
        "{}: goroutine {} of process {}, {}",
        visible(&tree.name),
        under.goroutine,
        under.process,
        clock.of_day(tree.root().map_or(0, |root| root.begun))
    );
    page.add(Drawn::default().with(Look::Head, head));
    if tree.is_missing_calls {
        page.warn("records were lost: calls are missing here");
    }
    page.without_room(tree.without_room);
    let own = tree.own_times();
    // Blocks that are open, with the lines above them.
    let mut open: Vec<(&Call, usize)> = Vec::new();
    for (at, call) in tree.calls.iter().enumerate() {
        page.close(&mut open, call.depth);
        let next = tree.calls.get(at + 1);
        let has_inner = next.is_some_and(|next| next.depth > call.depth);
        let is_block = has_inner || call.deeper > 0;
        let own = own.get(at).copied().flatten().filter(|_| has_inner);
        page.call(call, own, is_block);
        if is_block {
            open.push((call, page.lines.len()));
        }
    }
    page.close(&mut open, 0);
    page.lines
}

struct Page {
    lines: Vec<Drawn>,
    room: Room,
}

impl Page {
    fn add(&mut self, line: Drawn) {
        self.lines.push(match self.room.columns {
            Some(columns) => line.cut(columns),
            None => line,
        });
    }

    fn warn(&mut self, text: &str) {
        self.add(Drawn::default().with(Look::Warning, format!("{}{text}", indent(0))));
    }

    fn without_room(&mut self, calls: u64) {
        if calls > 0 {
            self.warn(&format!("{calls} calls are left out: there was no room for them"));
        }
    }

    fn call(&mut self, call: &Call, own: Option<u64>, is_block: bool) {
        let mut line = mark(call.time());
        line.push(Look::Faint, format!("  {}  ", right(own)));
        line.push(Look::Plain, "  ".repeat(call.depth.min(DEEPEST)));
        if call.depth > DEEPEST {
            line.push(Look::Faint, format!("[{}] ", call.depth));
        }
        line.push(Look::Plain, name(call.function.as_deref()));
        line.push(Look::Plain, "(");
        line.push(Look::Plain, Self::values(&call.arguments));
        line.push(Look::Plain, ")");
        if is_block {
            line.push(Look::Plain, " {");
        } else {
            Self::results(&mut line, call);
        }
        if let Some(caller) = &call.caller {
            let file = FilePath::new(&caller.file).file_name().unwrap_or_default();
            let place = format!("  {}:{}", visible(&file.to_string_lossy()), caller.line);
            line.push(Look::Faint, place);
        }
        self.add(line);
    }

    /// Ends blocks, down to a depth.
    fn close(&mut self, open: &mut Vec<(&Call, usize)>, depth: usize) {
        while let Some((call, begun)) = open.pop_if(|(call, _)| call.depth >= depth) {
            if call.deeper > 0 {
                let more = format!("{}… {} deeper", indent(call.depth + 1), calls(call.deeper));
                self.add(Drawn::default().with(Look::Faint, more));
            }
            let mut end = Drawn::default().with(Look::Plain, format!("{}}}", indent(call.depth)));
            Self::results(&mut end, call);
            if self.lines.len() - begun > LONG {
                end.push(Look::Faint, format!("  // {}", name(call.function.as_deref())));
            }
            self.add(end);
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

    /// What it gave back, or why it did not.
    fn results(line: &mut Drawn, call: &Call) {
        let why = match call.ending {
            Ending::Returned => {
                if !call.results.values.is_empty() {
                    line.push(Look::Plain, " = ");
                    line.push(Look::Plain, Self::values(&call.results));
                }
                return;
            }
            Ending::Jumped => "  went on in its last call",
            Ending::Left => "  did not return",
            Ending::Open => "  has not returned yet",
            Ending::Lost => "  its end was lost",
        };
        line.push(Look::Warning, why);
    }
}

fn indent(depth: usize) -> String {
    " ".repeat(2 * TIME + 6 + 2 * depth.min(DEEPEST))
}

fn calls(count: u64) -> String {
    match count {
        1 => "1 call".to_owned(),
        n => format!("{n} calls"),
    }
}

fn name(function: Option<&str>) -> String {
    visible(function.unwrap_or(LOST)).into_owned()
}

/// A time with its mark before it.
fn mark(time: Option<u64>) -> Drawn {
    let nanoseconds = time.unwrap_or(0);
    let mark = MARKS.iter().find(|(least, _)| nanoseconds > *least);
    let mark = mark.map_or(' ', |(_, mark)| *mark);
    let look = if nanoseconds > SLOW {
        Look::Warning
    } else {
        Look::Plain
    };
    Drawn::default().with(look, format!("{mark} {}", right(time)))
}

fn right(time: Option<u64>) -> String {
    let text = time.map(measured).unwrap_or_default();
    format!("{}{text}", " ".repeat(TIME.saturating_sub(text.width())))
}

/// What all trees came to.
pub(super) fn summary(summary: &Summary, room: Room) -> Vec<Drawn> {
    let mut page = Page {
        lines: Vec::new(),
        room,
    };
    let trees = match summary.trees {
        1 => "1 tree".to_owned(),
        n => format!("{n} trees"),
    };
    let head = Drawn::default().with(Look::Head, format!("{}: ", visible(&summary.name)));
    page.add(head.with(Look::Plain, format!("{trees} of {}", visible(&summary.words))));
    if summary.paths.is_empty() {
        page.add(Drawn::default().with(Look::Faint, "  nothing"));
        return page.lines;
    }
    let head = format!(
        "  {:>TIME$}  {:>TIME$}  {:>8}  {:>TIME$}  {:>TIME$}  call",
        "total", "self", "calls", "min", "max"
    );
    page.add(Drawn::default().with(Look::Faint, head));
    for (at, path) in summary.paths.iter().enumerate() {
        if room
            .lines
            .is_some_and(|lines| at + 1 == lines && lines < summary.paths.len())
        {
            let more = format!("  … and {} more", summary.paths.len() - at);
            page.add(Drawn::default().with(Look::Faint, more));
            break;
        }
        let has_inner = summary
            .paths
            .get(at + 1)
            .is_some_and(|next| next.depth > path.depth);
        page.path(path, has_inner);
    }
    if summary.with_losses > 0 {
        page.warn(&format!(
            "records of {} of the trees were lost: calls are missing",
            summary.with_losses
        ));
    }
    page.without_room(summary.without_room);
    page.lines
}

impl Page {
    fn path(&mut self, path: &Path, has_inner: bool) {
        let has_times = path.returned > 0;
        let mut line = mark(has_times.then_some(path.total));
        let own = (has_times && has_inner).then_some(path.own);
        line.push(Look::Plain, format!("  {}  {:>8}", right(own), path.calls));
        line.push(
            Look::Faint,
            format!("  {}  {}  ", right(path.min), right(path.max)),
        );
        line.push(Look::Plain, "  ".repeat(path.depth.min(DEEPEST)));
        if path.depth > DEEPEST {
            line.push(Look::Faint, format!("[{}] ", path.depth));
        }
        line.push(Look::Plain, name(path.function.as_deref()));
        if path.returned < path.calls {
            let left = format!("  {} without a return", path.calls - path.returned);
            line.push(Look::Warning, left);
        }
        self.add(line);
    }
}
