//! Draws trees that somebody walks about in: bars that say where the time goes, numbers, and calls.

use super::columns::{self, CURSOR, Cells, Column, MARKS, fixed};
use super::pages::{Page, Placed, Source, Trees};
use crate::run::decode::Clock;
use crate::run::graph::Call;
use crate::run::graph::summary::Path;
use crate::run::report::calls;
use crate::run::report::style::{CUT, Drawn, Look, cut};
use crate::visible::visible;
use unicode_width::UnicodeWidthStr as _;

/// With more columns for calls, roots have their time and goroutine before them.
const ROOMY: usize = 70;

/// A page, in so many columns and lines.
pub(super) fn page(
    page: &mut Page,
    of: (usize, usize),
    clock: Clock,
    room: usize,
    lines: usize,
) -> Vec<Drawn> {
    let mut head = heading(page, of);
    let shown = columns::fitting(columns::all(page), room);
    head.push(heads(page, &shown));
    if lines < head.len() + 3 {
        head.clear();
    }
    let has_details = lines > head.len() + 2;
    let rows = lines.saturating_sub(head.len() + usize::from(has_details));
    let mut out = head;
    let window: Vec<(usize, bool)> = page.walk.window(rows).collect();
    let count = window.len();
    for (at, is_cursor) in window {
        let mut line = row(page, &shown, at, is_cursor, clock, room);
        if is_cursor {
            line.fill(room);
            line = line.cut(room).all(Look::Cursor);
        }
        out.push(line);
    }
    if page.items.len() == 0 {
        out.push(Drawn::default().with(Look::Faint, "  nothing yet"));
    }
    if has_details {
        out.resize(out.len() + rows.saturating_sub(count.max(1)), Drawn::default());
        out.push(details(page, &shown, clock));
    }
    out.into_iter().take(lines).map(|line| line.cut(room)).collect()
}

/// What the page is, and what is missing.
fn heading(page: &Page, (which, count): (usize, usize)) -> Vec<Drawn> {
    let mut warnings = Vec::new();
    let mut line = Drawn::default();
    match &page.source {
        Source::Summary(summary) => {
            line.push(Look::Head, format!("{}: ", visible(&summary.name)));
            let of = format!("{} of {}", calls::trees(summary.trees), visible(&summary.words));
            line.push(Look::Plain, of);
            if summary.with_losses > 0 {
                warnings.push(format!("records of {} of them were lost", summary.with_losses));
            }
            if summary.without_room > 0 {
                let left_out = format!("{} left out for want of room", calls::calls(summary.without_room));
                warnings.push(left_out);
            }
        }
        Source::Trees(trees) => {
            line.push(Look::Head, format!("{}: ", visible(&trees.name)));
            let there = trees.len() as u64;
            let each = match trees.count.max(there) {
                count if count == there => format!("each of {}", calls::trees(count)),
                count => format!("the last {there} of {}", calls::trees(count)),
            };
            line.push(Look::Plain, each);
        }
    }
    let (row, rows) = page.walk.place();
    let place = format!("  (page {which} of {count}, row {row} of {rows})");
    line.push(Look::Faint, place);
    let warnings = warnings.into_iter();
    let warnings = warnings.map(|text| Drawn::default().with(Look::Warning, format!("  {text}")));
    std::iter::once(line).chain(warnings).collect()
}

/// The heads of the columns; that by which it is sorted stands out.
fn heads(page: &Page, columns: &[Column]) -> Drawn {
    let order = page.walk.order().word();
    let mut line = Drawn::default().with(Look::Plain, " ".repeat(CURSOR));
    for column in columns {
        let look = if column.head() == order {
            Look::Head
        } else {
            Look::Faint
        };
        line.push(
            look,
            format!("{:>width$}  ", column.head(), width = column.width()),
        );
    }
    line.push(Look::Faint, format!("{}call", " ".repeat(MARKS)));
    line
}

fn row(page: &Page, columns: &[Column], at: usize, is_cursor: bool, clock: Clock, room: usize) -> Drawn {
    let is_hot = page.items.is_hot(at);
    let cells = Cells::of(page, at);
    let mut line = Drawn::default().with(Look::Plain, if is_cursor { "> " } else { "  " });
    for column in columns {
        cells.draw(&mut line, *column, is_hot);
        line.push(Look::Plain, "  ");
    }
    line.push(Look::Hot, if is_hot { "◆ " } else { "  " });
    let left = room.saturating_sub(fixed(columns));
    let depth = page.items.get(at).map_or(0, |item| item.depth);
    calls::indented(&mut line, depth, left / 5);
    let fold = match (page.items.has_inner(at), page.walk.is_open(&page.items, at)) {
        (true, true) => "▾ ",
        (true, false) => "▸ ",
        (false, _) => "  ",
    };
    line.push(Look::Faint, fold);
    let look = match (page.walk.is_found(at), is_hot) {
        (true, _) => Look::Found,
        (false, true) => Look::Hot,
        (false, false) => Look::Plain,
    };
    match &page.source {
        Source::Summary(_) => of_path(&mut line, page.path(at), look, room),
        Source::Trees(trees) => {
            let Some(placed) = trees.call(at) else { return line };
            if page.items.outer(at).is_none() && left >= ROOMY {
                line.push(Look::Faint, format!("{}  ", begun(placed, clock)));
            }
            of_call(&mut line, placed.call, look, room);
            if page.items.outer(at).is_none() {
                incomplete(&mut line, placed);
            }
        }
    }
    line
}

fn of_path(line: &mut Drawn, path: Option<&Path>, look: Look, room: usize) {
    let Some(path) = path else { return };
    line.push(look, fitting(calls::name(path.function.as_deref()), room, line));
    calls::without_return(line, path);
}

/// A function's name, without the directories of its package where there is no room for them.
fn fitting(name: String, room: usize, line: &Drawn) -> String {
    if line.width() + name.width() <= room {
        return name;
    }
    let end = name.find(['(', '[']).unwrap_or(name.len());
    let package = name.get(..end).and_then(|name| name.rfind('/'));
    match package.and_then(|at| name.get(at..)) {
        Some(rest) => format!("{CUT}{rest}"),
        None => name,
    }
}

fn of_call(line: &mut Drawn, call: &Call, look: Look, room: usize) {
    line.push(look, fitting(calls::name(call.name().as_deref()), room, line));
    calls::arguments(line, call);
    calls::results(line, call);
    if call.deeper > 0 {
        line.push(Look::Faint, format!("  … {} deeper", calls::calls(call.deeper)));
    }
    if let Some(caller) = &call.caller {
        line.push(Look::Faint, format!("  {}", calls::place(caller)));
    }
}

/// When and where a root began: `08:33:30.976282 goroutine 22`.
fn begun(placed: Placed<'_>, clock: Clock) -> String {
    let of_day = clock.of_day(placed.call.begun);
    format!("{of_day} goroutine {}", placed.tree.under.goroutine)
}

fn incomplete(line: &mut Drawn, placed: Placed<'_>) {
    if placed.tree.is_missing_calls {
        line.push(Look::Warning, "  records were lost: calls are missing here");
    }
    if placed.tree.without_room > 0 {
        let left_out = format!("  {} left out", calls::calls(placed.tree.without_room));
        line.push(Look::Warning, left_out);
    }
}

/// What is at the cursor, with what there is no room for above.
fn details(page: &Page, shown: &[Column], clock: Clock) -> Drawn {
    let Some(at) = page.walk.at() else {
        return Drawn::default();
    };
    let cells = Cells::of(page, at);
    let hidden = columns::all(page).iter().filter(|column| !shown.contains(column));
    let told = hidden.filter_map(|column| cells.told(*column));
    let mut line = Drawn::default();
    for text in told {
        line.push(Look::Faint, format!("{text}  "));
    }
    match &page.source {
        Source::Summary(_) => of_path(&mut line, page.path(at), Look::Plain, usize::MAX),
        Source::Trees(trees) => of_place(&mut line, trees, at, clock),
    }
    line
}

fn of_place(line: &mut Drawn, trees: &Trees, at: usize, clock: Clock) {
    let Some(placed) = trees.call(at) else { return };
    let name = calls::name(placed.call.name().as_deref());
    line.push(Look::Plain, name);
    if let Some(caller) = &placed.call.caller {
        // The file's whole name only where it is short.
        let function = visible(&caller.function);
        let from = format!("{}:{}", cut(&visible(&caller.file), 60), caller.line);
        line.push(Look::Faint, format!("  called by {function} at {from}"));
    }
    let process = placed.tree.under.process;
    let begun = begun(placed, clock);
    line.push(Look::Faint, format!("  {begun} of process {process}"));
}
