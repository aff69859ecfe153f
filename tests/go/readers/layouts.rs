//! Types as gobt reads them against Go's own `debug/dwarf`, which `tests/go/readers/layouts` prints.

use super::report::Report;
use crate::support::{Trouble, go, repository};
use gobt::gotype::{Kind, TypeRef};
use gobt::target::{Runtime, RuntimeFacts as _, Target, Types as _};
use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Questions of the report.
pub const STRUCTS: &str = "Structs, with Go's debug/dwarf";
pub const TYPES: &str = "Other types, with Go's debug/dwarf";
pub const RUN_TIME: &str = "Fields of the run time, with Go's debug/dwarf";

/// The Go release whose `debug/dwarf` is asked.
const READER: &str = "1.27.3";

/// A line of the other reader.
struct Line {
    name: String,
    size: i64,
    kind: String,
    parts: Vec<String>,
}

/// Compares every type of the program; where names are looked up, that the type is found by its name.
pub fn compare(path: &Path, target: &Target<'_>, report: &mut Report) -> Result<(), Trouble> {
    let sources = repository().join("tests/go/readers/layouts");
    let reader = go::build_at(&sources, "layouts", READER, go::Mode::Default)?;
    let mut child = Command::new(reader).arg(path).stdout(Stdio::piped()).spawn()?;
    let output = child
        .stdout
        .take()
        .ok_or_else(|| Trouble::Failed("no output".into()))?;
    let mut run_time: HashMap<String, Line> = HashMap::new();
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default().to_owned();
        let offset: u64 = next().parse().map_err(|_| format!("layouts says {line}"))?;
        let line = Line {
            name: next(),
            size: next().parse().map_err(|_| format!("layouts says {line}"))?,
            kind: next(),
            parts: fields
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
        };
        one(target, TypeRef(offset), &line, report);
        if RUN_TIME_TYPES.contains(&line.name.as_str()) && line.kind == "struct" {
            run_time.insert(line.name.clone(), line);
        }
    }
    let status = child.wait()?;
    if !status.success() {
        return Err(Trouble::Failed(format!("layouts: {status}")));
    }
    let facts = target.runtime().map_err(|problem| problem.message)?;
    compare_run_time(&facts, &run_time, report);
    Ok(())
}

fn one(target: &Target<'_>, ty: TypeRef, line: &Line, report: &mut Report) {
    let tally = report.of(if line.kind == "struct" { STRUCTS } else { TYPES });
    let ours = match target.type_of(ty) {
        Ok(ours) => ours,
        Err(problem) => {
            return tally.unexplained("gobt cannot read it", || {
                format!("{}: {}", line.name, problem.message)
            });
        }
    };
    let (kind, parts) = described(target, &ours.kind);
    let ours_size = i64::try_from(ours.size).unwrap_or(-2);
    let example = || {
        format!(
            "{}: {} bytes, {kind} {parts:?}; debug/dwarf: {}, {} bytes, {} {:?}",
            ours.name, ours.size, line.name, line.size, line.kind, line.parts
        )
    };
    if kind != line.kind || parts != line.parts {
        return tally.unexplained("made of something else", example);
    }
    if ours_size != line.size {
        return tally.unexplained("of another size", example);
    }
    if !same_name(&line.name, &ours.name) {
        if line.name.starts_with(".param") {
            tally.differ(
                "the name of a type parameter, where gobt shows what it stands for",
                example,
            );
        } else {
            tally.unexplained("of another name", example);
        }
        return;
    }
    match target.type_named(&ours.name) {
        Ok(Some(found)) => {
            let same = found == ty
                || target
                    .type_of(found)
                    .is_ok_and(|found| found.kind == ours.kind && found.size == ours.size);
            if same {
                tally.agree();
            } else {
                tally.unexplained("another type is found by its name", example);
            }
        }
        Ok(None) => tally.unexplained("not found by its name", example),
        Err(problem) => tally.unexplained("not found by its name", || problem.message.clone()),
    }
}

fn same_name(linker: &str, ours: &str) -> bool {
    linker == ours || linker.contains('%') && linker.replace("%2e", ".").replace("%22", "\"") == ours
}

/// A shape as the other reader writes it.
fn described(target: &Target<'_>, kind: &Kind) -> (&'static str, Vec<String>) {
    let number = |ty: &TypeRef| ty.0.to_string();
    match kind {
        Kind::Bool => ("bool", Vec::new()),
        Kind::Int => ("int", Vec::new()),
        Kind::Uint => ("uint", Vec::new()),
        Kind::Uintptr => ("uintptr", Vec::new()),
        Kind::Float => ("float", Vec::new()),
        Kind::Complex => ("complex", Vec::new()),
        Kind::String => ("string", Vec::new()),
        Kind::UnsafePointer => ("unsafe", Vec::new()),
        Kind::Pointer(to) => ("pointer", vec![number(to)]),
        Kind::Slice(of) => ("slice", vec![number(of)]),
        Kind::Array(of, count) => ("array", vec![number(of), count.to_string()]),
        Kind::Interface { .. } => ("interface", Vec::new()),
        Kind::Map { key, element } => ("map", vec![number(key), number(element)]),
        Kind::Chan(of) => ("chan", vec![number(of)]),
        Kind::Func => ("func", Vec::new()),
        Kind::Opaque(_) => ("none", Vec::new()),
        Kind::Struct(fields) => {
            let fields = fields.iter().map(|field| {
                let size = target.type_of(field.ty).map_or(-1, |ty| ty.size.cast_signed());
                let embedded = field.embedded;
                format!("{}:{size}:{}:{embedded}:{}", field.offset, field.ty.0, field.name)
            });
            ("struct", fields.collect())
        }
    }
}

const RUN_TIME_TYPES: [&str; 7] = [
    "runtime.g",
    "runtime.m",
    "runtime.stack",
    "runtime.gobuf",
    "runtime.hchan",
    "runtime.hmap",
    "internal/runtime/maps.Map",
];

fn compare_run_time(facts: &Runtime, types: &HashMap<String, Line>, report: &mut Report) {
    let field = |ty: &str, name: &str| -> Option<(u64, u64)> {
        types.get(ty)?.parts.iter().find_map(|part| {
            let mut words = part.splitn(5, ':');
            let offset = words.next()?.parse().ok()?;
            let size = words.next()?.parse().ok()?;
            (words.nth(2)? == name).then_some((offset, size))
        })
    };
    let offset = |ty: &str, name: &str| field(ty, name).map(|(offset, _)| offset);
    let stack_hi = offset("runtime.g", "stack").zip(offset("runtime.stack", "hi"));
    let map_count = field("internal/runtime/maps.Map", "used").or_else(|| field("runtime.hmap", "count"));
    let known = [
        ("g.stack.hi", Some(facts.g_stack_hi), stack_hi.map(|(a, b)| a + b)),
        ("g.m", Some(facts.g_m), offset("runtime.g", "m")),
        ("g.goid", Some(facts.g_goid), offset("runtime.g", "goid")),
        (
            "g.parentGoid",
            facts.g_parent_goid,
            offset("runtime.g", "parentGoid"),
        ),
        ("g.gopc", facts.g_gopc, offset("runtime.g", "gopc")),
        (
            "g.sched",
            facts.g_sched.map(|(sched, _)| sched),
            offset("runtime.g", "sched"),
        ),
        (
            "gobuf.bp",
            facts.g_sched.map(|(_, frame)| frame),
            offset("runtime.gobuf", "bp"),
        ),
        ("m.curg", Some(facts.m_curg), offset("runtime.m", "curg")),
        (
            "hchan.qcount",
            Some(facts.chan_count),
            offset("runtime.hchan", "qcount"),
        ),
        (
            "hchan.dataqsiz",
            Some(facts.chan_size),
            offset("runtime.hchan", "dataqsiz"),
        ),
        (
            "map count",
            Some(facts.map_count.0),
            map_count.map(|(offset, _)| offset),
        ),
        (
            "map count's size",
            Some(facts.map_count.1),
            map_count.map(|(_, size)| size),
        ),
    ];
    let tally = report.of(RUN_TIME);
    for (what, ours, theirs) in known {
        if ours == theirs {
            tally.agree();
        } else {
            tally.unexplained("another offset", || format!("{what}: {ours:?}, not {theirs:?}"));
        }
    }
}
