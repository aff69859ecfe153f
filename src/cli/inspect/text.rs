//! The report for people.

use super::{Line, PlainSite, Report, Value};
use crate::gotype::abi::Slot;
use crate::target::Abi;
use crate::visible::visible;
use std::fmt::Write as _;

/// The report as text, one thing per line.
pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_report(&mut out, report);
    out
}

fn write_report(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "{}", visible(&report.name))?;
    if let Some(signature) = &report.signature {
        writeln!(out, "    {}", visible(signature))?;
    }
    if let (Some(file), Some(line)) = (&report.file, report.line) {
        writeln!(out, "    {}:{line}", visible(file))?;
    }
    let mut kind = vec![format!("{} bytes at {}", report.size, report.address)];
    if report.abi == Abi::Abi0 {
        kind.push("arguments on the stack (ABI0)".to_owned());
    }
    if report.assembly {
        kind.push("assembly".to_owned());
    }
    if let Some(wraps) = &report.wraps {
        kind.push(visible(&super::super::funcs::made_to_call(wraps)).to_string());
    } else if report.wrapper {
        kind.push("made by the compiler".to_owned());
    }
    writeln!(out, "    {}", kind.join(", "))?;
    write_values(out, "arguments", report.arguments.as_deref())?;
    write_values(out, "results", report.results.as_deref())?;
    if let Some(unknown) = &report.unknown {
        writeln!(out, "\n    {}", visible(unknown))?;
    }
    if !report.captured.is_empty() {
        writeln!(out, "\ncaptured by the closure that DX points to")?;
        for variable in &report.captured {
            writeln!(
                out,
                "    {}  {}  +{}",
                visible(&variable.name),
                visible(&variable.ty),
                variable.offset
            )?;
        }
    }
    write_sites(out, report)?;
    if let Some(inlined) = &report.inlined
        && inlined.count > 0
    {
        writeln!(
            out,
            "\ninlined at {} places, where no probe sees it",
            inlined.count
        )?;
        for call in &inlined.calls {
            writeln!(
                out,
                "    {}:{} in {}",
                visible(&call.file),
                call.line,
                visible(&call.caller)
            )?;
        }
        let more = inlined.count.saturating_sub(inlined.calls.len());
        if more > 0 {
            writeln!(out, "    and {more} more")?;
        }
    }
    if report.code.is_empty() {
        return Ok(());
    }
    writeln!(out, "\ncode")?;
    write_code(out, &report.code)
}

fn write_values(out: &mut String, title: &str, values: Option<&[Value]>) -> std::fmt::Result {
    let Some(values) = values.filter(|values| !values.is_empty()) else {
        return Ok(());
    };
    writeln!(out, "\n{title}")?;
    let widest = |of: fn(&Value) -> &str| {
        let widths = values.iter().map(|v| visible(of(v)).chars().count());
        widths.max().unwrap_or(0).min(60)
    };
    let (name_width, type_width) = (widest(|v| &v.name), widest(|v| &v.ty));
    for value in values {
        let places: Vec<String> = value
            .places
            .iter()
            .map(|piece| match piece.slot {
                Slot::Register(register) => register.name().to_uppercase(),
                Slot::Vector(number) => format!("X{number}"),
                Slot::Stack(offset) => format!("[SP+{offset}]"),
            })
            .collect();
        let place = match &value.unreadable {
            Some(why) => format!("- ({})", visible(why)),
            None if places.is_empty() => "- (no bytes)".to_owned(),
            None => places.join(" "),
        };
        writeln!(
            out,
            "    {:name_width$}  {:type_width$}  {place}",
            visible(&value.name),
            visible(&value.ty)
        )?;
    }
    Ok(())
}

fn write_sites(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "\nsites")?;
    match (&report.entry, &report.no_entry) {
        (Some(entry), _) => {
            let note = match (entry.checked, entry.needs_flags) {
                (_, true) => ", the stack check's jump: an entry when it is not taken",
                (true, false) => ", after the stack check",
                (false, false) => ", no stack check",
            };
            write_site(out, "entry", &entry.site, note)?;
        }
        (None, Some(why)) => writeln!(out, "    entry      none: {}", visible(why))?,
        (None, None) => {}
    }
    for site in &report.returns {
        write_site(out, "return", site, "")?;
    }
    for jump in &report.tail_jumps {
        let note = jump
            .target
            .as_ref()
            .map_or_else(String::new, |target| format!(", to {}", visible(target)));
        write_site(out, "tail jump", &jump.site, &note)?;
    }
    if report.returns.is_empty() {
        writeln!(out, "    return     none")?;
    }
    Ok(())
}

fn write_site(out: &mut String, kind: &str, site: &PlainSite, note: &str) -> std::fmt::Result {
    let cost = if site.emulated {
        "emulated"
    } else {
        "single-stepped"
    };
    writeln!(
        out,
        "    {kind:<9}  {}  {:<6}  {}  ({cost}{note})",
        site.address,
        format!("+{}", site.offset),
        site.instruction
    )
}

fn write_code(out: &mut String, code: &[Line]) -> std::fmt::Result {
    let mut position = None;
    for line in code {
        let here = line.file.as_deref().zip(line.line);
        if here != position
            && let Some((file, number)) = here
        {
            writeln!(out, "  {}:{number}", visible(file))?;
        }
        position = here;
        let mark = line.site.map_or_else(String::new, |site| format!("{site} >"));
        write!(
            out,
            "{mark:>11} {}  {:<6}  {}",
            line.address,
            format!("+{}", line.offset),
            line.instruction
        )?;
        match &line.target {
            Some(target) => writeln!(out, "  ; {}", visible(target))?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}
