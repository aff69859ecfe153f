//! Printed lines: the values of a `print`, and the prefix before them.

use super::eval::{Outcome, Scope, all, fail};
use super::value::{GOROUTINE, PROCESS};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::event::Question;
use crate::plan::format::Format;
use crate::plan::{Column, Expr, Line, Part, Value};
use crate::source::Span;
use crate::syntax::ast::{self, Print, Segment};
use crate::target::Parameter;

impl Scope<'_> {
    /// What `print` writes.
    pub(super) fn print(&self, print: &Print, span: Span) -> Outcome<Line> {
        match print {
            Print::Text(segments, _) => {
                let parts = segments.iter().map(|segment| match segment {
                    Segment::Text(text) => Ok(Line::of_text(text)),
                    Segment::Value(shown) => self.shown(shown, &self.text_of(&shown.expr)),
                });
                Ok(Line::of_parts(all(parts)?))
            }
            Print::Arguments => {
                let mut line = self.line_head("");
                line.append(self.all_arguments(span)?);
                Ok(line)
            }
            Print::Results => {
                if !self.event.answers(Question::Results) {
                    return fail(
                        Diagnostic::error(
                            Code::ONLY_AT_RETURN,
                            "results are known only when the call returns",
                        )
                        .at(span, "used where the call begins")
                        .help("put it into `return { … }`"),
                    );
                }
                let mut line = self.line_head("");
                line.append(self.all_results(span)?);
                Ok(line)
            }
            Print::List(list) => {
                let values = list.iter().map(|shown| {
                    let span = shown.expr.span;
                    let text = self.source.get(span.start..span.end).unwrap_or_default();
                    let name = text.strip_prefix("arg ").unwrap_or(text).trim();
                    let mut part = Line::of_text(&format!(" {name}="));
                    part.append(self.shown(shown, name)?);
                    Ok(part)
                });
                let values = Line::of_parts(all(values)?);
                let mut line = self.line_head("");
                line.append(values);
                Ok(line)
            }
        }
    }

    /// `09:30:00.123456 goroutine 7 main.f`, with an arrow before the function if there is one.
    pub(crate) fn line_head(&self, arrow: &str) -> Line {
        let id = |expr| vec![Part::Shown(Value::plain(expr), Format::Uint)];
        let mut line = Line::default();
        line.value(Column::new("time", "time.Time", Format::Time), vec![Part::Clock]);
        line.text(" ");
        if !self.one_process {
            line.text("process ");
            line.value(Column::new("process", PROCESS, Format::Uint), id(Expr::Process));
            line.text(" ");
        }
        line.text("goroutine ");
        line.value(
            Column::new("goroutine", GOROUTINE, Format::Uint),
            id(Expr::Goroutine),
        );
        let arrow = if arrow.is_empty() {
            String::new()
        } else {
            format!("{arrow} ")
        };
        line.text(format!(" {arrow}{}", self.function()));
        line
    }

    /// ` a=1 b=2`, or nothing.
    pub(crate) fn all_arguments(&self, span: Span) -> Outcome<Line> {
        let signature = self.signature(span)?;
        let list: Vec<_> = signature.receiver.iter().chain(&signature.parameters).collect();
        Ok(self.after_space(&list, false, span))
    }

    /// ` 0=1 err=nil`, or nothing.
    pub(crate) fn all_results(&self, span: Span) -> Outcome<Line> {
        let signature = self.signature(span)?;
        if !signature.results_known {
            return Ok(Line::of_text(" (results not known)"));
        }
        let list: Vec<_> = signature.results.iter().collect();
        Ok(self.after_space(&list, true, span))
    }

    fn after_space(&self, list: &[&Parameter], results: bool, span: Span) -> Line {
        let mut line = Line::default();
        if !list.is_empty() {
            line.text(" ");
            line.append(self.all_parameters(list, results, span));
        }
        line
    }

    /// An expression as it was written.
    pub(super) fn text_of(&self, e: &ast::Expr) -> String {
        self.source
            .get(e.span.start..e.span.end)
            .unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }
}
