//! A call tree as lines: each call inside of the one that made it.

use super::{
    DEEPEST, TIME, arguments, calls, indented, mark, name, place, results, right, warn, without_room,
};
use crate::run::decode::Clock;
use crate::run::graph::{Call, CallTree};
use crate::run::report::page::{Page, Room};
use crate::run::report::style::{Drawn, Look};
use crate::visible::visible;

/// A block of more lines has its name at its end.
const LONG: usize = 8;

/// A tree, all of it.
pub(in crate::run::report) fn drawn(tree: &CallTree, clock: Clock, room: Room) -> Vec<Drawn> {
    let under = tree.under;
    let mut page = Page::new(Room { lines: None, ..room });
    let head = format!(
        "{}: goroutine {} of process {}, {}",
        visible(&tree.name),
        under.goroutine,
        under.process,
        clock.of_day(tree.root().map_or(0, |root| root.begun))
    );
    page.add(Drawn::default().with(Look::Head, head));
    if tree.is_missing_calls {
        warn(&mut page, "records were lost: calls are missing here");
    }
    without_room(&mut page, tree.without_room);
    let own = tree.own_times();
    // Blocks that are open, with the lines above them.
    let mut open: Vec<(&Call, usize)> = Vec::new();
    for (at, call) in tree.calls.iter().enumerate() {
        close(&mut page, &mut open, call.depth);
        let next = tree.calls.get(at + 1);
        let has_inner = next.is_some_and(|next| next.depth > call.depth);
        let is_block = has_inner || call.deeper > 0;
        let own = own.get(at).copied().flatten().filter(|_| has_inner);
        page.add(begin(call, own, is_block));
        if is_block {
            open.push((call, page.len()));
        }
    }
    close(&mut page, &mut open, 0);
    page.lines()
}

/// The first line of a call.
fn begin(call: &Call, own: Option<u64>, is_block: bool) -> Drawn {
    let mut line = Drawn::default();
    mark(&mut line, call.time());
    line.push(Look::Faint, format!("  {}  ", right(own)));
    indented(&mut line, call.depth, DEEPEST);
    line.push(Look::Plain, name(call.name().as_deref()));
    arguments(&mut line, call);
    if is_block {
        line.push(Look::Plain, " {");
    } else {
        results(&mut line, call);
    }
    if let Some(caller) = &call.caller {
        line.push(Look::Faint, format!("  {}", place(caller)));
    }
    line
}

/// Ends blocks, down to a depth.
fn close(page: &mut Page, open: &mut Vec<(&Call, usize)>, depth: usize) {
    while let Some((call, begun)) = open.pop_if(|(call, _)| call.depth >= depth) {
        if call.deeper > 0 {
            let more = format!("{}… {} deeper", indent(call.depth + 1), calls(call.deeper));
            page.add(Drawn::default().with(Look::Faint, more));
        }
        let mut end = Drawn::default().with(Look::Plain, format!("{}}}", indent(call.depth)));
        results(&mut end, call);
        if page.len() - begun > LONG {
            end.push(Look::Faint, format!("  // {}", name(call.name().as_deref())));
        }
        page.add(end);
    }
}

fn indent(depth: usize) -> String {
    " ".repeat(2 * TIME + 6 + 2 * depth.min(DEEPEST))
}
