//! Writes a [`Program`] as text: the same bytes for the same program, one trailing newline.

use super::dialect::Dialect;
use super::{Expr, Item, Probe, Program, Stmt, Struct, text, visit};
use std::fmt::Write;

/// The macro that turns the rest of a line behind [`ONLY_SINCE_0_24`] into a comment for releases before 0.24.
///
/// Only they replace the name of a macro by its text anywhere (`src/lexer.l`); for later ones a macro is an expression,
/// and the name of a field is no such place (`c_macro_expansion.cpp`). So 0.23 reads
/// `offsetof(struct bpftrace__, any); //**/`. The names have two underscores side by side, as no name has that is made
/// from Go's.
const SINCE_0_24: &str = "
// What `delete` yields has to be used since bpftrace 0.25, and cannot be used in 0.23. There a macro is text, and what
// stands behind this one in a line becomes a comment.
struct bpftrace__ { char any; char since__0_24; };
#define since__0_24 any); /
";

/// The beginning of a line whose rest only releases since 0.24 read.
const ONLY_SINCE_0_24: &str = "$release = offsetof(struct bpftrace__, since__0_24/**/);";

/// How a script is written.
#[derive(Clone, Copy)]
struct Style {
    dialect: Dialect,
    /// For nobody to read: as many short statements as fit are in one line.
    is_dense: bool,
}

/// How long lines of several statements are.
const WIDTH: usize = 120;
/// What a tab takes of that.
const TAB: usize = 4;

/// The script's text.
#[must_use]
pub(crate) fn program(program: &Program, dialect: Dialect) -> String {
    written(
        program,
        Style {
            dialect,
            is_dense: false,
        },
    )
}

/// The text of a script that writes records.
#[must_use]
pub(crate) fn records(program: &Program, dialect: Dialect) -> String {
    written(
        program,
        Style {
            dialect,
            is_dense: true,
        },
    )
}

fn written(program: &Program, style: Style) -> String {
    let dialect = style.dialect;
    let mut out = String::new();
    if !program.header.is_empty() {
        out.push_str("/*\n");
        for line in &program.header {
            let line = text::comment(line);
            let _ = writeln!(out, " *{}{}", if line.is_empty() { "" } else { " " }, line);
        }
        out.push_str(" */\n");
    }
    if !program.structs.is_empty() {
        out.push('\n');
        program.structs.iter().for_each(|s| out.push_str(&structure(s)));
    }
    if dialect.delete_differs() && program.probes().any(|p| deletes(&p.body)) {
        out.push_str(SINCE_0_24);
    }
    let settings = program.config.iter();
    let settings: Vec<String> = settings
        .map(|(name, value)| format!("{name} = {value};"))
        .collect();
    if !settings.is_empty() {
        let _ = match style.is_dense {
            true => writeln!(out, "\nconfig = {{ {} }}", settings.join(" ")),
            false => writeln!(out, "\nconfig = {{\n\t{}\n}}", settings.join("\n\t")),
        };
    }
    let maps = program.maps.iter();
    let maps: Vec<String> = maps
        .map(|(name, kind)| format!("let @{name} = {kind};"))
        .collect();
    if !maps.is_empty() {
        let between = if style.is_dense { " " } else { "\n" };
        let _ = writeln!(out, "\n{}", maps.join(between));
    }
    for item in &program.items {
        out.push('\n');
        match item {
            Item::Probe(made) => probe(&mut out, made, style),
            Item::Raw(text) => {
                out.push_str(text.trim_end());
                out.push('\n');
            }
        }
    }
    out
}

/// The program as data, for `--emit program`.
#[must_use]
pub(crate) fn model(program: &Program) -> String {
    format!("{program:#?}\n")
}

fn deletes(body: &[Stmt]) -> bool {
    let mut found = false;
    visit::statements(body, &mut |statement| {
        found |= matches!(statement, Stmt::Delete(..));
    });
    found
}

fn structure(s: &Struct) -> String {
    let mut out = format!("struct {} {{", s.name);
    let mut at = 0;
    for member in &s.fields {
        if member.offset > at {
            let _ = write!(out, " char gap{at}[{}];", member.offset - at);
        }
        let star = if member.ctype.ends_with('*') { "" } else { " " };
        let _ = write!(out, " {}{star}{};", member.ctype, member.name);
        at = member.offset + member.size;
    }
    out.push_str(" };");
    if !s.comment.is_empty() {
        let _ = write!(out, "    // {}", text::comment(&s.comment));
    }
    out.push('\n');
    out
}

fn probe(out: &mut String, p: &Probe, style: Style) {
    for line in &p.comment {
        let _ = writeln!(out, "// {}", text::comment(line));
    }
    let points: Vec<String> = p.attach.iter().map(|a| a.point.to_string()).collect();
    if style.is_dense && points.len() > 1 {
        attach_points(out, &points);
    } else {
        commented_points(out, p, &points);
    }
    if let Some(predicate) = &p.predicate {
        let _ = writeln!(out, "/{}/", expr(predicate));
    }
    out.push_str("{\n");
    block(out, &p.body, 1, style);
    out.push_str("}\n");
}

/// As many attach points in a line as fit.
fn attach_points(out: &mut String, points: &[String]) {
    let mut width = 0;
    for (nth, point) in points.iter().enumerate() {
        let len = point.chars().count() + 1;
        if nth > 0 && width + len > WIDTH {
            out.push_str(",\n");
            width = 0;
        } else if nth > 0 {
            out.push(',');
        }
        out.push_str(point);
        width += len;
    }
    out.push('\n');
}

/// An attach point in each line, with its comment.
fn commented_points(out: &mut String, p: &Probe, points: &[String]) {
    let width = points.iter().map(|p| p.chars().count() + 1).max().unwrap_or(0);
    for (i, (a, point)) in p.attach.iter().zip(points).enumerate() {
        for line in &a.above {
            let _ = writeln!(out, "// {}", text::comment(line));
        }
        let comma = if i + 1 < p.attach.len() { "," } else { "" };
        let head = format!("{point}{comma}");
        if a.comment.is_empty() {
            let _ = writeln!(out, "{head}");
        } else {
            let _ = writeln!(out, "{head:width$}    // {}", text::comment(&a.comment));
        }
    }
}

fn block(out: &mut String, body: &[Stmt], depth: usize, style: Style) {
    if !style.is_dense {
        body.iter().for_each(|s| stmt(out, s, depth, style));
        return;
    }
    // The statements that share a line so far.
    let mut line = String::new();
    let flush = |line: &mut String, out: &mut String| {
        if !line.is_empty() {
            let _ = writeln!(out, "{}{line}", "\t".repeat(depth));
            line.clear();
        }
    };
    for s in body {
        let mut text = String::new();
        stmt(&mut text, s, depth, style);
        let short = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let width = depth * TAB + short.chars().count();
        if !is_plain(s, style.dialect) || width > WIDTH {
            flush(&mut line, out);
            out.push_str(&text);
            continue;
        }
        if width + line.chars().count() >= WIDTH {
            flush(&mut line, out);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&short);
    }
    flush(&mut line, out);
}

/// It may share a line with others.
fn is_plain(statement: &Stmt, dialect: Dialect) -> bool {
    match statement {
        // Of what a map has no room for, bpftrace tells by the line.
        Stmt::Store(..) => false,
        Stmt::Assign(..) | Stmt::Call(_) => true,
        // What has a comment ends its line.
        Stmt::Raw(text) => text.lines().count() == 1 && !text.contains("//"),
        Stmt::Delete(..) => !dialect.delete_differs(),
        Stmt::If(_, then, otherwise) => {
            let mut all = then.iter().chain(otherwise);
            all.all(|s| is_plain(s, dialect))
        }
        _ => false,
    }
}

fn stmt(out: &mut String, s: &Stmt, depth: usize, style: Style) {
    let dialect = style.dialect;
    let tabs = "\t".repeat(depth);
    match s {
        Stmt::Comment(c) => {
            let _ = writeln!(out, "{tabs}// {}", text::comment(c));
        }
        Stmt::Assign(name, value, why) if why.is_empty() || style.is_dense => {
            let _ = writeln!(out, "{tabs}${name} = {};", expr(value));
        }
        Stmt::Assign(name, value, why) => {
            let _ = writeln!(
                out,
                "{tabs}${name} = {};    // {}",
                expr(value),
                text::comment(why)
            );
        }
        Stmt::Store(name, keys, value) => {
            let _ = writeln!(out, "{tabs}{} = {};", map(name, keys), expr(value));
        }
        Stmt::Call(call) => {
            let _ = writeln!(out, "{tabs}{};", expr(call));
        }
        Stmt::Delete(name, keys) => {
            let key = match keys.as_slice() {
                [one] => expr(one),
                many => format!("({})", list(many)),
            };
            if dialect.delete_differs() {
                let _ = writeln!(out, "{tabs}{ONLY_SINCE_0_24} $deleted =");
                let _ = writeln!(out, "{tabs}\tdelete(@{name}, {key});");
            } else if dialect.delete_yields() {
                let _ = writeln!(out, "{tabs}$deleted = delete(@{name}, {key});");
            } else if dialect.deletes_by_key() {
                let _ = writeln!(out, "{tabs}delete(@{name}, {key});");
            } else {
                let _ = writeln!(out, "{tabs}delete({});", map(name, keys));
            }
        }
        Stmt::If(condition, then, otherwise) => {
            let _ = writeln!(out, "{tabs}if ({}) {{", expr(condition));
            block(out, then, depth + 1, style);
            let mut rest = otherwise.as_slice();
            while let [Stmt::If(condition, then, otherwise)] = rest {
                let _ = writeln!(out, "{tabs}}} else if ({}) {{", expr(condition));
                block(out, then, depth + 1, style);
                rest = otherwise;
            }
            if !rest.is_empty() {
                let _ = writeln!(out, "{tabs}}} else {{");
                block(out, rest, depth + 1, style);
            }
            let _ = writeln!(out, "{tabs}}}");
        }
        Stmt::Unroll(times, body) => {
            let _ = writeln!(out, "{tabs}unroll({times}) {{");
            block(out, body, depth + 1, style);
            let _ = writeln!(out, "{tabs}}}");
        }
        Stmt::Loop(name, count, _, body) if dialect.loops_over_ranges() => {
            let _ = writeln!(out, "{tabs}for (${name} : 0..{}) {{", expr(count));
            block(out, body, depth + 1, style);
            let _ = writeln!(out, "{tabs}}}");
        }
        Stmt::Loop(name, count, most, body) => {
            let _ = writeln!(out, "{tabs}${name} = (uint64)0;");
            let _ = writeln!(out, "{tabs}while (${name} < {most}) {{");
            // `name < count`, from which the kernel's verifier learns nothing of the count: it would follow all that
            // comes behind the loop for each number by itself. The count is small.
            let is_less = Expr::Var(name.clone()).binary("<", count.clone());
            let bits = count.clone().binary("+", Expr::Hex((1 << 62) - 1));
            let bits = bits
                .binary("-", Expr::Var(name.clone()))
                .binary(">>", Expr::Int(62));
            let _ = writeln!(out, "{tabs}\tif ({}) {{ // {}", expr(&bits), expr(&is_less));
            block(out, body, depth + 2, style);
            let _ = writeln!(out, "{tabs}\t}}");
            let _ = writeln!(out, "{tabs}\t${name} = ${name} + 1;");
            let _ = writeln!(out, "{tabs}}}");
        }
        Stmt::Return => {
            let _ = writeln!(out, "{tabs}return;");
        }
        Stmt::Raw(lines) => {
            for line in lines.lines() {
                let _ = writeln!(out, "{}{line}", if line.is_empty() { "" } else { tabs.as_str() });
            }
        }
    }
}

fn map(name: &str, keys: &[Expr]) -> String {
    if keys.is_empty() {
        format!("@{name}")
    } else {
        format!("@{name}[{}]", list(keys))
    }
}

fn list(exprs: &[Expr]) -> String {
    exprs.iter().map(expr).collect::<Vec<_>>().join(", ")
}

/// The text of one expression.
#[must_use]
pub(crate) fn expr(e: &Expr) -> String {
    at_least(e, 0)
}

/// The text of one expression, in parentheses unless it needs none anywhere.
#[must_use]
pub(crate) fn operand(e: &Expr) -> String {
    at_least(e, 14)
}

/// How tightly an expression's outermost operator binds; higher binds more.
fn strength(e: &Expr) -> u8 {
    match e {
        Expr::Ternary(..) => 1,
        Expr::Binary(op, ..) => operator_strength(op),
        Expr::Cast(..) | Expr::Unary(..) | Expr::Load(..) => 12,
        Expr::Int(n) if *n < 0 => 12,
        Expr::Raw(_) => 0,
        _ => 14,
    }
}

fn operator_strength(op: &str) -> u8 {
    match op {
        "||" => 2,
        "&&" => 3,
        "|" => 4,
        "^" => 5,
        "&" => 6,
        "==" | "!=" => 7,
        "<" | "<=" | ">" | ">=" => 8,
        "<<" | ">>" => 9,
        "+" | "-" => 10,
        _ => 11,
    }
}

fn at_least(e: &Expr, needed: u8) -> String {
    let inner = bare(e);
    if strength(e) < needed {
        format!("({inner})")
    } else {
        inner
    }
}

fn bare(e: &Expr) -> String {
    match e {
        Expr::Int(n) => n.to_string(),
        Expr::Hex(n) => format!("{n:#x}"),
        Expr::Str(s) => text::quoted(s),
        Expr::Padded(s, bytes) => text::padded(s, *bytes),
        Expr::Var(name) => format!("${name}"),
        Expr::Map(name, keys) => map(name, keys),
        Expr::Reg(name) => format!("reg(\"{name}\")"),
        Expr::Builtin(name) => (*name).to_string(),
        Expr::Member(base, path) => format!("{}->{}", at_least(base, 13), path.join(".")),
        Expr::Load(ctype, address) => format!("*({ctype} *){}", at_least(address, 13)),
        Expr::Cast(ctype, value) => format!("({ctype}){}", at_least(value, 12)),
        Expr::Call(name, args) => format!("{name}({})", list(args)),
        Expr::Tuple(items) => format!("({})", list(items)),
        Expr::Element(tuple, at) => format!("{}.{at}", at_least(tuple, 13)),
        Expr::Unary(op, value) => format!("{op}{}", at_least(value, 13)),
        Expr::Binary(op, a, b) => {
            let s = operator_strength(op);
            // Comparisons and bit operations inside one another are parenthesised for the reader's sake.
            let (left, right) = match *op {
                "&&" | "||" => (s + 1, s + 1),
                "==" | "!=" | "<" | "<=" | ">" | ">=" => (9, 9),
                "&" | "|" | "^" | "<<" | ">>" => (11, 12),
                _ => (s, s + 1),
            };
            format!("{} {op} {}", at_least(a, left), at_least(b, right))
        }
        Expr::Ternary(c, a, b) => format!("{} ? {} : {}", at_least(c, 2), at_least(a, 2), at_least(b, 2)),
        Expr::Raw(raw) => raw.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bt::attach::AttachPoint;

    /// What a map has no room for is told by the line, so each line adds to one.
    #[test]
    fn lines_of_records() {
        let assign = |name: &str| Stmt::Assign(name.into(), Expr::Int(1), "why".into());
        let store = |name: &str| Stmt::Store(name.into(), Vec::new(), Expr::Int(2));
        let body = vec![
            assign("a"),
            assign("b"),
            store("m"),
            store("n"),
            Stmt::If(Expr::Int(3), vec![assign("c")], Vec::new()),
            assign("d"),
            Stmt::If(Expr::Int(4), vec![store("m")], Vec::new()),
        ];
        let probe = Probe::at(AttachPoint::End, "", body);
        let made = Program {
            items: vec![Item::Probe(probe)],
            ..Program::default()
        };
        let expected = "\nEND\n{\n\t$a = 1; $b = 1;\n\t@m = 2;\n\t@n = 2;\n\tif (3) { $c = 1; } $d = 1;\n\tif (4) \
                        {\n\t\t@m = 2;\n\t}\n}\n";
        assert_eq!(records(&made, Dialect::default()), expected);
    }
}
