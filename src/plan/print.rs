//! A plan as text, for `--emit plan` and snapshots.

use super::{Column, Plan, Step, TimerAction};
use std::fmt::Write;

/// The plan's functions, sites and steps, one thing per line.
#[must_use]
pub fn plan(plan: &Plan) -> String {
    let mut out = String::new();
    let id = &plan.identity;
    let _ = writeln!(out, "program {} ({})", id.path, id.go_version);
    if let Some(pid) = plan.pid {
        let _ = writeln!(out, "process {pid}");
    }
    for result in &plan.results {
        let _ = writeln!(out, "result @{}: {}", result.name, result.words());
        let _ = writeln!(out, "  {:?} of {:?}", result.shape, result.unit);
        if let Some(value) = &result.value {
            let _ = writeln!(out, "  value {}", column(value));
        }
        for key in &result.columns {
            let _ = writeln!(out, "  key {}", column(key));
        }
    }
    for kept in &plan.kept {
        let _ = writeln!(
            out,
            "keep @{}{}",
            kept.name,
            if kept.text { " (text)" } else { "" }
        );
    }
    for f in &plan.functions {
        let _ = writeln!(
            out,
            "function {} at {:#x}{}",
            f.name,
            f.address,
            if f.paired { ", paired" } else { "" }
        );
        if let Some(entry) = &f.entry {
            let _ = writeln!(
                out,
                "  entry {:#x} {} ({:?})",
                entry.site.address, entry.site.instruction, entry.guard
            );
        }
        steps(&mut out, &f.on_entry, 2);
        for site in &f.returns {
            let _ = writeln!(out, "  return {:#x} {}", site.address, site.instruction);
        }
        steps(&mut out, &f.on_return, 2);
    }
    for timer in &plan.timers {
        let _ = writeln!(out, "every {} ns", timer.period);
        for action in &timer.actions {
            let _ = match action {
                TimerAction::Print(map) => writeln!(out, "  print @{map}"),
                TimerAction::Clear(map) => writeln!(out, "  clear @{map}"),
            };
        }
    }
    if let Some(after) = plan.stop_after {
        let _ = writeln!(out, "stop after {after} ns");
    }
    out
}

fn column(column: &Column) -> String {
    let ty = column.ty.as_deref().unwrap_or("of several types");
    match column.format {
        Some(format) => format!("{}: {ty} as {format:?}", column.name),
        None => format!("{}: {ty}", column.name),
    }
}

fn steps(out: &mut String, list: &[Step], depth: usize) {
    let indent = "  ".repeat(depth);
    for step in list {
        match step {
            Step::If(condition, then, otherwise) => {
                let _ = writeln!(out, "{indent}if {condition:?}");
                steps(out, then, depth + 1);
                if !otherwise.is_empty() {
                    let _ = writeln!(out, "{indent}else");
                    steps(out, otherwise, depth + 1);
                }
            }
            other => {
                let _ = writeln!(out, "{indent}{other:?}");
            }
        }
    }
}
