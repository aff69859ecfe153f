//! The canonical form of a recipe, which `gobt fmt` writes.
//!
//! Four spaces for each block, one line for each statement, at most one blank line in a row, comments where they were.
//! A directive that would be longer than 100 columns has each of its clauses in a line of its own.

mod expressions;
mod lines;

use super::ast::{Comments, Item, ItemKind, Name, Recipe, Statement, StatementKind};
use lines::Lines;

/// The recipe in canonical form. `text` is what it was read from; numbers are printed as they stand there.
#[must_use]
pub fn print(recipe: &Recipe, text: &str) -> String {
    let mut printer = Printer {
        text,
        out: Lines::default(),
    };
    if let Some(shebang) = &recipe.shebang {
        printer.out.line(shebang);
    }
    printer.items(&recipe.items);
    printer.out.comments(&recipe.trailing.before);
    printer.out.finish()
}

struct Printer<'t> {
    text: &'t str,
    out: Lines,
}

impl Printer<'_> {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            self.out.comments(&item.comments.before);
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item) {
        let label = label(item.label.as_ref());
        match &item.kind {
            ItemKind::Target(path) => self.simple(
                &format!("{label}target {}", super::spell::quoted(&path.node)),
                item,
            ),
            ItemKind::Param { name, value } => {
                let line = format!("{label}param {} = {}", name.node, self.expr(value));
                self.simple(&line, item);
            }
            ItemKind::Directive(directive) => {
                let mut head = format!("{label}{}", directive.verb.node);
                if let Some(name) = &directive.name {
                    head.push(' ');
                    head.push_str(&name.node);
                }
                let lines = self.fit(
                    &head,
                    self.events(&directive.events),
                    self.clauses(&directive.clauses),
                    "",
                );
                self.several(&lines, item.comments.after.as_deref());
            }
            ItemKind::On(on) => {
                let mut parts = self.clauses(&on.clauses);
                if on.returning.is_some() {
                    let choosing = on
                        .clauses
                        .iter()
                        .take_while(|clause| chooses(&clause.node))
                        .count();
                    match parts.get_mut(choosing) {
                        Some(part) => part.insert_str(0, "return "),
                        None => parts.push("return".to_owned()),
                    }
                }
                let lines = self.fit(&format!("{label}on"), self.events(&on.events), parts, " {");
                self.several(&lines, item.comments.after.as_deref());
                self.body(&on.body, &item.inner);
                self.out.close("}", item.comments.closing.as_deref());
            }
            ItemKind::During { events, items } => {
                let lines = self.fit(&format!("{label}during"), self.events(events), Vec::new(), " {");
                self.several(&lines, item.comments.after.as_deref());
                self.out.open();
                self.items(items);
                self.out.comments(&item.inner.before);
                self.out.close("}", item.comments.closing.as_deref());
            }
            ItemKind::Every { period, actions } => {
                let period = self.number(period, &super::spell::duration(period.node));
                let words: Vec<_> = actions
                    .iter()
                    .map(|action| {
                        format!("{} {}", action.verb.node, names(&action.results))
                            .trim_end()
                            .to_owned()
                    })
                    .collect();
                if item.inner.before.is_empty() {
                    let inside = if words.is_empty() {
                        String::new()
                    } else {
                        format!(" {}", words.join("; "))
                    };
                    let line = format!("{label}every {period} {{{inside} }}");
                    self.out.line_with(&line, item.comments.closing.as_deref());
                } else {
                    self.out.line(&format!("{label}every {period} {{"));
                    self.out.open();
                    self.out.comments(&item.inner.before);
                    words.iter().for_each(|word| self.out.line(word));
                    self.out.close("}", item.comments.closing.as_deref());
                }
            }
            ItemKind::StopAfter(time) => {
                let time = self.number(time, &super::spell::duration(time.node));
                self.simple(&format!("{label}stop after {time}"), item);
            }
            ItemKind::StopWhen(condition) => {
                self.simple(&format!("{label}stop when {}", self.expr(condition)), item);
            }
            ItemKind::Raw(raw) => {
                let text = format!("{label}{}", self.raw(raw));
                self.simple(&text, item);
            }
            ItemKind::TypeDeclaration(text) | ItemKind::FuncDeclaration(text) => {
                self.simple(&format!("{label}{}", text.node), item);
            }
        }
    }

    fn simple(&mut self, line: &str, item: &Item) {
        self.out.line_with(line, item.comments.after.as_deref());
    }

    /// Lines of one directive, the later ones indented.
    fn several(&mut self, lines: &[String], comment: Option<&str>) {
        let Some((last, others)) = lines.split_last() else {
            return;
        };
        for (index, line) in others.iter().enumerate() {
            self.out.line(&indented(line, index > 0));
        }
        self.out
            .line_with(&indented(last, !others.is_empty() && last != "{"), comment);
    }

    fn body(&mut self, body: &[Statement], inner: &Comments) {
        self.out.open();
        for statement in body {
            self.statement(statement);
        }
        self.out.comments(&inner.before);
    }

    fn statement(&mut self, statement: &Statement) {
        self.out.comments(&statement.comments.before);
        let label = label(statement.label.as_ref());
        let after = statement.comments.after.as_deref();
        match &statement.kind {
            StatementKind::Let { name, value } => {
                let line = format!("{label}let {} = {}", name.node, self.shown(value));
                self.out.line_with(&line, after);
            }
            StatementKind::Print(print, clauses) => {
                let lines = self.fit(
                    &format!("{label}print"),
                    self.printed(print),
                    self.clauses(clauses),
                    "",
                );
                self.several(&lines, after);
            }
            StatementKind::Aggregate {
                verb,
                value,
                range,
                clauses,
            } => {
                let mut head = format!("{label}{}", verb.node);
                if let Some(value) = value {
                    head.push(' ');
                    head.push_str(&self.expr(value));
                }
                if let Some(range) = range {
                    head.push(' ');
                    head.push_str(&self.range(range));
                }
                let lines = self.fit(&head, Vec::new(), self.clauses(clauses), "");
                self.several(&lines, after);
            }
            StatementKind::Return { clauses, body } => {
                let lines = self.fit(&format!("{label}return"), Vec::new(), self.clauses(clauses), " {");
                self.several(&lines, after);
                self.body(body, &statement.inner);
                self.out.close("}", statement.comments.closing.as_deref());
            }
            StatementKind::If { .. } => {
                self.branch(&label, statement);
                self.out.close("}", statement.comments.closing.as_deref());
            }
            StatementKind::Raw(raw) => {
                let text = format!("{label}{}", self.raw(raw));
                self.out.line_with(&text, after);
            }
        }
    }

    /// An `if` without its last brace.
    fn branch(&mut self, before: &str, statement: &Statement) {
        let StatementKind::If {
            condition,
            then,
            otherwise,
        } = &statement.kind
        else {
            return;
        };
        let line = format!("{before}if {} {{", self.expr(condition));
        self.out.line_with(&line, statement.comments.after.as_deref());
        self.body(then, &statement.inner);
        let comments = &statement.inner_otherwise;
        if let [chained] = otherwise.as_slice()
            && chains(chained)
            && *comments == Comments::default()
        {
            self.out.dedent();
            self.branch("} else ", chained);
        } else if !otherwise.is_empty() || *comments != Comments::default() {
            self.out.close("} else {", comments.after.as_deref());
            self.body(otherwise, comments);
        }
    }
}

/// True if it can be written `else if`: it has no comments outside of its own braces.
fn chains(statement: &Statement) -> bool {
    matches!(statement.kind, StatementKind::If { .. })
        && statement.label.is_none()
        && statement.comments.before.is_empty()
        && statement.comments.closing.is_none()
}

fn chooses(clause: &super::ast::ClauseKind) -> bool {
    use super::ast::ClauseKind;
    matches!(clause, ClauseKind::Except(_) | ClauseKind::IncludingInlined)
}

fn indented(line: &str, deeper: bool) -> String {
    if deeper {
        format!("    {line}")
    } else {
        line.to_owned()
    }
}

fn label(label: Option<&Name>) -> String {
    label.map_or_else(String::new, |label| format!("{}: ", label.node))
}

fn names(names: &[Name]) -> String {
    let words: Vec<_> = names.iter().map(|name| name.node.as_str()).collect();
    words.join(", ")
}
