//! What all trees of a directive came to, as lines.

use super::{DEEPEST, TIME, indented, mark, name, right, trees, warn, without_return, without_room};
use crate::run::graph::summary::{Path, Summary};
use crate::run::report::page::{Page, Room};
use crate::run::report::style::{Drawn, Look};
use crate::visible::visible;

/// A summary, in no more lines than there is room for.
pub(in crate::run::report) fn drawn(summary: &Summary, room: Room) -> Vec<Drawn> {
    let mut page = Page::new(room);
    let head = Drawn::default().with(Look::Head, format!("{}: ", visible(&summary.name)));
    let of = format!("{} of {}", trees(summary.trees), visible(&summary.words));
    page.add(head.with(Look::Plain, of));
    if summary.paths.is_empty() {
        page.add(Drawn::default().with(Look::Faint, "  nothing"));
        return page.lines();
    }
    if summary.with_losses > 0 {
        let lost = format!(
            "records of {} of the trees were lost: calls are missing",
            summary.with_losses
        );
        warn(&mut page, &lost);
    }
    without_room(&mut page, summary.without_room);
    let head = format!(
        "  {:>TIME$}  {:>TIME$}  {:>8}  {:>TIME$}  {:>TIME$}  call",
        "total", "self", "calls", "min", "max"
    );
    page.add(Drawn::default().with(Look::Faint, head));
    let paths = summary.paths.iter().enumerate();
    let lines = paths.map(|(at, path)| {
        let next = summary.paths.get(at + 1);
        vec![line(path, next.is_some_and(|next| next.depth > path.depth))]
    });
    page.groups(lines, summary.paths.len());
    page.lines()
}

fn line(path: &Path, has_inner: bool) -> Drawn {
    let has_times = path.returned > 0;
    let mut line = Drawn::default();
    mark(&mut line, has_times.then_some(path.total));
    let own = (has_times && has_inner).then_some(path.own);
    line.push(Look::Plain, format!("  {}  {:>8}", right(own), path.calls));
    line.push(
        Look::Faint,
        format!("  {}  {}  ", right(path.min), right(path.max)),
    );
    indented(&mut line, path.depth, DEEPEST);
    line.push(Look::Plain, name(path.function.as_deref()));
    without_return(&mut line, path);
    line
}
