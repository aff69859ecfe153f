//! The parts of a line: events, clauses, values.

use super::Printer;
use crate::source::Spanned;
use crate::syntax::ast::{
    Clause, ClauseKind, Event, EventName, Expr, ExprKind, Pattern, Print, Range, Raw, Segment, Selector,
    Shown,
};
use crate::syntax::spell;
use crate::words::language;

/// Columns that a directive may take before its clauses get lines of their own.
const WIDTH: usize = 100;

impl Printer<'_> {
    /// A directive, a statement or the head of a block, in one line if it fits, or else with each of `parts` in a line
    /// of its own.
    pub(super) fn fit(&self, word: &str, list: Vec<String>, parts: Vec<String>, end: &str) -> Vec<String> {
        let mut head = word.to_owned();
        if !list.is_empty() {
            head.push(' ');
            head.push_str(&list.join(", "));
        }
        let columns = |text: &str| text.chars().count();
        let indentation = self.out.indentation();
        let one_line = parts.iter().fold(head.clone(), |line, part| line + " " + part) + end;
        let fits = indentation + columns(&one_line) <= WIDTH || (parts.is_empty() && list.len() < 2);
        if fits && !takes_for_name(&head, &parts) {
            return vec![one_line];
        }
        let mut lines = if indentation + columns(&head) > WIDTH && list.len() > 1 {
            filled(word, list, WIDTH.saturating_sub(indentation))
        } else {
            vec![head]
        };
        lines.extend(parts);
        if !end.is_empty() {
            lines.push(end.trim().to_owned());
        }
        lines
    }

    pub(super) fn clauses(&self, clauses: &[Clause]) -> Vec<String> {
        clauses.iter().map(|clause| self.clause(&clause.node)).collect()
    }

    pub(super) fn events(&self, events: &[Event]) -> Vec<String> {
        events.iter().map(|event| self.event(event)).collect()
    }

    fn event(&self, event: &Event) -> String {
        let names: Vec<_> = event
            .alternatives
            .iter()
            .map(|name| self.event_name(name))
            .collect();
        names.join(" or ")
    }

    fn event_name(&self, name: &EventName) -> String {
        match name {
            EventName::Function(name) => pattern(name),
            EventName::Syscall(name) => format!("syscall {}", pattern(name)),
            EventName::Tracepoint(name) => format!("tracepoint {}", pattern(name)),
            EventName::Profile(rate) => format!("profile {}", self.number(rate, &format!("{}hz", rate.node))),
        }
    }

    fn clause(&self, clause: &ClauseKind) -> String {
        match clause {
            ClauseKind::By(keys) => format!("by {}", self.values(keys)),
            ClauseKind::Where(condition) => format!("where {}", self.expr(condition)),
            ClauseKind::As(name, None) => format!("as {}", name.node),
            ClauseKind::As(name, Some(range)) => format!("as {} {}", name.node, self.range(range)),
            ClauseKind::In(unit) => format!("in {}", unit.node),
            ClauseKind::Except(events) => format!("except {}", self.events(events).join(", ")),
            ClauseKind::IncludingInlined => "including inlined".to_owned(),
            ClauseKind::FollowingGo => "following go".to_owned(),
            ClauseKind::WithArgs => "with args".to_owned(),
            ClauseKind::Limit(lines) => format!("limit {}/s", self.number(lines, &lines.node.to_string())),
            ClauseKind::Top(rows) => format!("top {}", self.number(rows, &rows.node.to_string())),
            ClauseKind::Sample(of) => format!("sample 1/{}", of.node),
            ClauseKind::Into(events) => format!("into {}", self.events(events).join(", ")),
            ClauseKind::Depth(depth) => format!("depth {}", self.number(depth, &depth.node.to_string())),
            ClauseKind::From(event) => format!("from {}", self.event(event)),
            ClauseKind::To(event) => format!("to {}", self.event(event)),
            ClauseKind::Match(left, right) => format!("match {} = {}", self.expr(left), self.expr(right)),
        }
    }

    pub(super) fn range(&self, range: &Range) -> String {
        let (low, high) = (self.expr(&range.low), self.expr(&range.high));
        format!("{low}..{high} step {}", self.expr(&range.step))
    }

    /// The list behind `print`.
    pub(super) fn printed(&self, print: &Print) -> Vec<String> {
        match print {
            Print::Arguments => vec!["arg".to_owned()],
            Print::Results => vec!["ret".to_owned()],
            Print::List(values) => values.iter().map(|value| self.shown(value)).collect(),
            Print::Text(segments, _) => vec![self.text(segments)],
        }
    }

    fn text(&self, segments: &[Segment]) -> String {
        let mut out = String::from("\"");
        for segment in segments {
            match segment {
                Segment::Text(text) => {
                    spell::escape_into(&mut out, &text.replace('{', "{{").replace('}', "}}"));
                }
                Segment::Value(value) => {
                    out.push('{');
                    out.push_str(&self.shown(value));
                    out.push('}');
                }
            }
        }
        out.push('"');
        out
    }

    /// bpftrace's text stays as it is.
    pub(super) fn raw(&self, raw: &Raw) -> String {
        let mut out = String::from("raw {");
        for segment in &raw.segments {
            match segment {
                Segment::Text(text) => out.push_str(text),
                Segment::Value(value) => {
                    out.push_str("${");
                    out.push_str(&self.shown(value));
                    out.push('}');
                }
            }
        }
        out.push('}');
        out
    }

    fn values(&self, values: &[Shown]) -> String {
        let values: Vec<_> = values.iter().map(|value| self.shown(value)).collect();
        values.join(", ")
    }

    pub(super) fn shown(&self, shown: &Shown) -> String {
        match &shown.format {
            Some(format) => format!("{} as {}", self.expr(&shown.expr), format.node),
            None => self.expr(&shown.expr),
        }
    }

    /// A number as it was written, or else as `plain`.
    pub(super) fn number(&self, number: &Spanned<u64>, plain: &str) -> String {
        let written = self
            .text
            .get(std::ops::Range::from(number.span))
            .unwrap_or_default();
        let digits = written.starts_with(|c: char| c.is_ascii_digit())
            && written.chars().all(|c| c.is_alphanumeric() || c == '_');
        if digits {
            written.to_owned()
        } else {
            plain.to_owned()
        }
    }

    pub(super) fn expr(&self, expr: &Expr) -> String {
        let mut out = String::new();
        self.write_expr(&mut out, expr);
        out
    }
}

/// True if the part before ends in `arg` or `ret` and this part would be taken for its name (`arg where -x`); in a line
/// of its own it is not.
fn takes_for_name(head: &str, parts: &[String]) -> bool {
    let befores = std::iter::once(head).chain(parts.iter().map(String::as_str));
    befores.zip(parts).any(|(before, part)| {
        let ends_open = matches!(before.rsplit([' ', '(', ',']).next(), Some("arg" | "ret"));
        let (word, rest) = part.split_once(' ').unwrap_or((part, ""));
        let names_function = matches!(word, "except" | "into" | "from" | "to");
        let recognized = rest.starts_with(|c: char| {
            c.is_alphabetic()
                || matches!(c, '_' | '"')
                || (!names_function && (c.is_ascii_digit() || matches!(c, '(' | '!')))
        });
        ends_open && !recognized
    })
}

/// A list in as few lines of at most `width` columns as there can be.
fn filled(word: &str, list: Vec<String>, width: usize) -> Vec<String> {
    let count = list.len();
    let mut lines = Vec::new();
    let mut line = word.to_owned();
    for (index, entry) in list.into_iter().enumerate() {
        let entry = if index + 1 < count { entry + "," } else { entry };
        // The first entry stays behind its word; later lines are indented by 4.
        let columns = line.chars().count() + entry.chars().count() + if lines.is_empty() { 1 } else { 5 };
        if index > 0 && columns > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&entry);
    }
    lines.push(line);
    lines
}

fn pattern(pattern: &Pattern) -> String {
    if pattern.quoted {
        spell::quoted(&pattern.text)
    } else {
        pattern.text.clone()
    }
}

impl Printer<'_> {
    fn write_expr(&self, out: &mut String, expr: &Expr) {
        match &expr.kind {
            ExprKind::Int(_, text)
            | ExprKind::Duration(_, text)
            | ExprKind::Size(_, text)
            | ExprKind::Float(text) => {
                out.push_str(text);
            }
            ExprKind::String(text) => out.push_str(&spell::quoted(text)),
            ExprKind::Bool(true) => out.push_str("true"),
            ExprKind::Bool(false) => out.push_str("false"),
            ExprKind::Nil => out.push_str("nil"),
            ExprKind::Name(name) => out.push_str(name),
            ExprKind::Arg(selector) => self.write_selector(out, "arg", selector),
            ExprKind::Ret(selector) => self.write_selector(out, "ret", selector),
            ExprKind::Call(name, arguments) => {
                out.push_str(&name.node);
                out.push('(');
                for (index, argument) in arguments.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    self.write_expr(out, argument);
                }
                out.push(')');
            }
            ExprKind::Field(base, name) => {
                self.write_expr(out, base);
                out.push('.');
                out.push_str(&name.node);
            }
            ExprKind::Index(base, index) => {
                self.write_expr(out, base);
                out.push('[');
                self.write_expr(out, index);
                out.push(']');
            }
            ExprKind::Slice(base, low, high) => {
                self.write_expr(out, base);
                out.push('[');
                if let Some(low) = low {
                    self.write_expr(out, low);
                }
                out.push(':');
                if let Some(high) = high {
                    self.write_expr(out, high);
                }
                out.push(']');
            }
            ExprKind::Assert(base, ty) => {
                self.write_expr(out, base);
                out.push_str(".(");
                out.push_str(&ty.node);
                out.push(')');
            }
            ExprKind::Unary(op, value) => {
                out.push_str(op.sign());
                self.write_expr(out, value);
            }
            ExprKind::Binary(op, left, right) => {
                self.write_expr(out, left);
                out.push(' ');
                out.push_str(op.node.sign());
                out.push(' ');
                self.write_expr(out, right);
            }
            ExprKind::Paren(inside) => {
                out.push('(');
                self.write_expr(out, inside);
                out.push(')');
            }
        }
    }

    /// A name that could be taken for a clause, or that is no identifier, is written in quotes.
    fn write_selector(&self, out: &mut String, word: &str, selector: &Selector) {
        out.push_str(word);
        match selector {
            Selector::Whole => {}
            Selector::Index(position) => {
                out.push(' ');
                out.push_str(&position.node.to_string());
            }
            Selector::Named(name) => {
                out.push(' ');
                let plain = name.node.strip_prefix('~').unwrap_or(&name.node);
                let ascii = plain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                    && plain.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
                // Which other letters Go allows in names the grammar knows: it has read this one without quotes.
                let read = self.text.get(std::ops::Range::from(name.span)) == Some(name.node.as_str());
                let identifier = ascii || (read && !name.node.is_empty());
                if identifier && !language::CLAUSES.contains(&name.node.as_str()) {
                    out.push_str(&name.node);
                } else {
                    out.push_str(&spell::quoted(&name.node));
                }
            }
        }
    }
}
