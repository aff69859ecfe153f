//! A plan as text, for `--emit plan` and snapshots.

use super::{Column, Event, Plan, Step};
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
    for state in &plan.state {
        let _ = writeln!(
            out,
            "state @{}: {:?} by {:?}, {:?}",
            state.name, state.holds, state.keyed_by, state.bound
        );
    }
    for tree in &plan.trees {
        let _ = writeln!(out, "tree {}: {}", tree.name, tree.words);
    }
    for f in &plan.functions {
        let paired = if f.paired { ", paired" } else { "" };
        let _ = writeln!(out, "function {} at {:#x}{paired}", f.name, f.address);
    }
    for probe in &plan.probes {
        let function = plan.function_of(probe).map_or("", |function| &function.name);
        let _ = match probe.event {
            Event::Entry(_) => writeln!(out, "entry of {function} ({:?})", probe.guard),
            Event::Return(_) => writeln!(out, "return of {function}"),
            Event::Timer(period) => writeln!(out, "every {period} ns"),
        };
        for site in &probe.sites {
            let _ = writeln!(out, "  at {:#x} {}", site.address, site.instruction);
        }
        steps(&mut out, &probe.steps, 1);
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
