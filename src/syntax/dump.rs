//! The tree as plain text: one line for each item, clause and statement, expressions in prefix form. Places are left
//! out, so that two recipes that mean the same look the same; comments are shown.

use super::ast::{
    Clause, ClauseKind, Comments, Event, EventName, Expr, ExprKind, Item, ItemKind, Name, Pattern, Print,
    Range, Raw, Recipe, Segment, Selector, Shown, Statement, StatementKind,
};
use std::fmt::Write as _;

/// The tree of `recipe`, ending in a new line unless it is empty.
#[must_use]
pub fn dump(recipe: &Recipe) -> String {
    let mut dump = Dump::default();
    if let Some(shebang) = &recipe.shebang {
        dump.line(&format!("shebang {shebang:?}"));
    }
    for item in &recipe.items {
        dump.item(item);
    }
    dump.comments(&recipe.trailing);
    dump.out
}

#[derive(Default)]
struct Dump {
    out: String,
    depth: usize,
}

impl Dump {
    fn line(&mut self, text: &str) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn deeper(&mut self, inside: impl FnOnce(&mut Self)) {
        self.depth += 1;
        inside(self);
        self.depth -= 1;
    }

    fn comments(&mut self, comments: &Comments) {
        for line in &comments.before {
            self.line(if line.is_empty() { "blank" } else { line });
        }
    }

    fn comments_at(&mut self, comments: &Comments) {
        for (place, comment) in [("after", &comments.after), ("closing", &comments.closing)] {
            if let Some(comment) = comment {
                self.line(&format!("{place} {comment}"));
            }
        }
    }

    fn item(&mut self, item: &Item) {
        self.comments(&item.comments);
        let head = format!("{}{}", labelled(item.label.as_ref()), item_head(&item.kind));
        self.line(&head);
        self.deeper(|dump| {
            dump.comments_at(&item.comments);
            dump.item_parts(&item.kind);
            dump.comments(&item.inner);
        });
    }

    fn item_parts(&mut self, kind: &ItemKind) {
        match kind {
            ItemKind::Directive(directive) => {
                self.events("", &directive.events);
                self.clauses(&directive.clauses);
            }
            ItemKind::On(on) => {
                self.events("", &on.events);
                self.clauses(&on.clauses);
                self.statements("do", &on.body);
            }
            ItemKind::During { events, items } => {
                self.events("", events);
                for item in items {
                    self.item(item);
                }
            }
            ItemKind::Every { actions, .. } => {
                for action in actions {
                    self.line(format!("{} {}", action.verb.node, names(&action.results)).trim_end());
                }
            }
            ItemKind::Raw(raw) => self.raw(raw),
            ItemKind::Target(_)
            | ItemKind::Param { .. }
            | ItemKind::StopAfter(_)
            | ItemKind::StopWhen(_)
            | ItemKind::TypeDeclaration(_)
            | ItemKind::FuncDeclaration(_) => {}
        }
    }

    fn events(&mut self, what: &str, events: &[Event]) {
        for event in events {
            self.line(&format!("{what}{}", event_text(event)));
        }
    }

    fn clauses(&mut self, clauses: &[Clause]) {
        for clause in clauses {
            match &clause.node {
                ClauseKind::By(keys) => {
                    for key in keys {
                        self.line(&format!("by {}", shown_text(key)));
                    }
                }
                ClauseKind::Except(events) => self.events("except ", events),
                ClauseKind::Into(events) => self.events("into ", events),
                other => self.line(&clause_text(other)),
            }
        }
    }

    fn statements(&mut self, what: &str, statements: &[Statement]) {
        self.line(what);
        self.deeper(|dump| {
            for statement in statements {
                dump.statement(statement);
            }
        });
    }

    fn statement(&mut self, statement: &Statement) {
        self.comments(&statement.comments);
        let head = format!(
            "{}{}",
            labelled(statement.label.as_ref()),
            statement_head(&statement.kind)
        );
        self.line(&head);
        self.deeper(|dump| {
            dump.comments_at(&statement.comments);
            match &statement.kind {
                StatementKind::Let { .. } => {}
                StatementKind::Print(print, clauses) => {
                    dump.print(print);
                    dump.clauses(clauses);
                }
                StatementKind::Aggregate { range, clauses, .. } => {
                    if let Some(range) = range {
                        dump.line(&range_text(range));
                    }
                    dump.clauses(clauses);
                }
                StatementKind::If { then, otherwise, .. } => {
                    dump.statements("then", then);
                    dump.comments(&statement.inner);
                    if !otherwise.is_empty() || statement.inner_otherwise != Comments::default() {
                        dump.statements("else", otherwise);
                        dump.comments_at(&statement.inner_otherwise);
                        dump.comments(&statement.inner_otherwise);
                    }
                }
                StatementKind::Return { clauses, body } => {
                    dump.clauses(clauses);
                    dump.statements("do", body);
                    dump.comments(&statement.inner);
                }
                StatementKind::Raw(raw) => dump.raw(raw),
            }
        });
    }

    fn print(&mut self, print: &Print) {
        match print {
            Print::Arguments => self.line("every argument"),
            Print::Results => self.line("every result"),
            Print::List(values) => {
                for value in values {
                    self.line(&shown_text(value));
                }
            }
            Print::Text(segments, _) => self.segments(segments),
        }
    }

    fn raw(&mut self, raw: &Raw) {
        self.segments(&raw.segments);
    }

    fn segments(&mut self, segments: &[Segment]) {
        for segment in segments {
            match segment {
                Segment::Text(text) => self.line(&format!("{text:?}")),
                Segment::Value(value) => self.line(&shown_text(value)),
            }
        }
    }
}

fn labelled(label: Option<&Name>) -> String {
    label.map_or_else(String::new, |label| format!("{}: ", label.node))
}

fn names(names: &[Name]) -> String {
    let words: Vec<_> = names.iter().map(|name| name.node.as_str()).collect();
    words.join(", ")
}

fn item_head(kind: &ItemKind) -> String {
    match kind {
        ItemKind::Target(path) => format!("target {:?}", path.node),
        ItemKind::Param { name, value } => format!("param {} {}", name.node, expr_text(value)),
        ItemKind::Directive(directive) => match &directive.name {
            Some(name) => format!("directive {} {}", directive.verb.node, name.node),
            None => format!("directive {}", directive.verb.node),
        },
        ItemKind::On(on) if on.returning.is_some() => "on return".to_owned(),
        ItemKind::On(_) => "on".to_owned(),
        ItemKind::During { .. } => "during".to_owned(),
        ItemKind::Every { period, .. } => format!("every {}ns", period.node),
        ItemKind::StopAfter(time) => format!("stop after {}ns", time.node),
        ItemKind::StopWhen(condition) => format!("stop when {}", expr_text(condition)),
        ItemKind::Raw(_) => "raw".to_owned(),
        ItemKind::TypeDeclaration(text) => format!("type {:?}", text.node),
        ItemKind::FuncDeclaration(text) => format!("func {:?}", text.node),
    }
}

fn statement_head(kind: &StatementKind) -> String {
    match kind {
        StatementKind::Let { name, value } => format!("let {} {}", name.node, shown_text(value)),
        StatementKind::Print(..) => "print".to_owned(),
        StatementKind::Aggregate { verb, value, .. } => match value {
            Some(value) => format!("aggregate {} {}", verb.node, expr_text(value)),
            None => format!("aggregate {}", verb.node),
        },
        StatementKind::If { condition, .. } => format!("if {}", expr_text(condition)),
        StatementKind::Return { .. } => "return".to_owned(),
        StatementKind::Raw(_) => "raw".to_owned(),
    }
}

fn pattern_text(pattern: &Pattern) -> String {
    if pattern.quoted {
        format!("{:?}", pattern.text)
    } else {
        pattern.text.clone()
    }
}

fn event_text(event: &Event) -> String {
    let names: Vec<_> = event.alternatives.iter().map(event_name_text).collect();
    names.join(" or ")
}

fn event_name_text(name: &EventName) -> String {
    match name {
        EventName::Function(pattern) => format!("function {}", pattern_text(pattern)),
        EventName::Syscall(pattern) => format!("syscall {}", pattern_text(pattern)),
        EventName::Tracepoint(pattern) => format!("tracepoint {}", pattern_text(pattern)),
        EventName::Profile(rate) => format!("profile {}hz", rate.node),
    }
}

fn clause_text(clause: &ClauseKind) -> String {
    match clause {
        ClauseKind::Where(condition) => format!("where {}", expr_text(condition)),
        ClauseKind::As(name, None) => format!("as {}", name.node),
        ClauseKind::As(name, Some(range)) => format!("as {} {}", name.node, range_text(range)),
        ClauseKind::In(unit) => format!("in {}", unit.node),
        ClauseKind::IncludingInlined => "including inlined".to_owned(),
        ClauseKind::FollowingGo => "following go".to_owned(),
        ClauseKind::WithArgs => "with args".to_owned(),
        ClauseKind::Limit(lines) => format!("limit {} per second", lines.node),
        ClauseKind::Top(rows) => format!("top {}", rows.node),
        ClauseKind::Sample(of) => format!("sample 1 of {}", of.node),
        ClauseKind::Depth(depth) => format!("depth {}", depth.node),
        ClauseKind::From(event) => format!("from {}", event_text(event)),
        ClauseKind::To(event) => format!("to {}", event_text(event)),
        ClauseKind::Match(left, right) => format!("match {} {}", expr_text(left), expr_text(right)),
        // Drawn in several lines by the caller.
        ClauseKind::By(_) => "by".to_owned(),
        ClauseKind::Except(_) => "except".to_owned(),
        ClauseKind::Into(_) => "into".to_owned(),
    }
}

fn range_text(range: &Range) -> String {
    format!(
        "range {} {} {}",
        expr_text(&range.low),
        expr_text(&range.high),
        expr_text(&range.step)
    )
}

fn shown_text(shown: &Shown) -> String {
    match &shown.format {
        Some(format) => format!("{} as {}", expr_text(&shown.expr), format.node),
        None => expr_text(&shown.expr),
    }
}

/// An expression in prefix form: `(== (field (ret 0) StatusCode) 200)`.
#[must_use]
pub fn expr_text(expr: &Expr) -> String {
    let mut out = String::new();
    write_expr(&mut out, expr);
    out
}

fn write_expr(out: &mut String, expr: &Expr) {
    match &expr.kind {
        ExprKind::Int(value, text) => number(out, "", *value, text),
        ExprKind::Duration(value, text) => number(out, "ns", *value, text),
        ExprKind::Size(value, text) => number(out, "B", *value, text),
        ExprKind::Float(text) => out.push_str(text),
        ExprKind::String(text) => put(out, format_args!("{text:?}")),
        ExprKind::Bool(value) => put(out, format_args!("{value}")),
        ExprKind::Nil => out.push_str("nil"),
        ExprKind::Name(name) => out.push_str(name),
        ExprKind::Arg(selector) => put(out, format_args!("(arg{})", selector_text(selector))),
        ExprKind::Ret(selector) => put(out, format_args!("(ret{})", selector_text(selector))),
        ExprKind::Call(name, arguments) => {
            put(out, format_args!("(call {}", name.node));
            arguments.iter().for_each(|argument| after_space(out, argument));
            out.push(')');
        }
        ExprKind::Field(base, name) => {
            out.push_str("(field");
            after_space(out, base);
            put(out, format_args!(" {})", name.node));
        }
        ExprKind::Index(base, index) => wrapped(out, "index", &[Some(base), Some(index)]),
        ExprKind::Slice(base, low, high) => {
            wrapped(out, "slice", &[Some(base), low.as_deref(), high.as_deref()]);
        }
        ExprKind::Assert(base, ty) => {
            out.push_str("(assert");
            after_space(out, base);
            put(out, format_args!(" {:?})", ty.node));
        }
        ExprKind::Unary(op, value) => wrapped(out, op.sign(), &[Some(value)]),
        ExprKind::Binary(op, left, right) => wrapped(out, op.node.sign(), &[Some(left), Some(right)]),
        ExprKind::Paren(inside) => wrapped(out, "paren", &[Some(inside)]),
    }
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}

fn number(out: &mut String, unit: &str, value: u64, text: &str) {
    let plain = format!("{value}{unit}");
    out.push_str(&plain);
    if plain != text {
        put(out, format_args!("={text}"));
    }
}

fn after_space(out: &mut String, expr: &Expr) {
    out.push(' ');
    write_expr(out, expr);
}

fn wrapped(out: &mut String, head: &str, parts: &[Option<&Expr>]) {
    put(out, format_args!("({head}"));
    for part in parts {
        match part {
            Some(expr) => after_space(out, expr),
            None => out.push_str(" _"),
        }
    }
    out.push(')');
}

fn selector_text(selector: &Selector) -> String {
    match selector {
        Selector::Whole => String::new(),
        Selector::Named(name) => format!(" {:?}", name.node),
        Selector::Index(position) => format!(" {}", position.node),
    }
}
