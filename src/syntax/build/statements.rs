//! Statements of blocks.

use super::{Builder, child};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{
    Comments, ExprKind, Print, Raw, Segment, Selector, Shown, Statement, StatementKind,
};
use crate::syntax::parser::{Node, Rule};

impl<'t> Builder<'t> {
    pub(super) fn statement(&mut self, node: &Node<'t>, previous: usize, first: bool) -> Option<Statement> {
        let span = node.span();
        let mut before = self.comments.lead(previous, span.start, first);
        let outer = self.comments.swap_hoisted(Vec::new());
        let label = child(node, Rule::label).and_then(|label| self.label(&label));
        let kind = node.children().find(|child| child.rule() != Rule::label)?;
        let mut statement = match kind.rule() {
            Rule::branch => self.branch(&kind)?,
            Rule::returned => {
                let clauses = self.clauses(&kind)?;
                let block = self.block(&child(&kind, Rule::block)?)?;
                let mut statement = Statement::from(StatementKind::Return {
                    clauses,
                    body: block.body,
                });
                statement.comments.after = block.header;
                statement.inner = block.inner;
                statement
            }
            Rule::binding => Statement::from(StatementKind::Let {
                name: Self::name(&child(&kind, Rule::new_name)?),
                value: self.shown(&child(&kind, Rule::shown)?)?,
            }),
            Rule::print => Statement::from(self.print(&kind)?),
            Rule::raw => Statement::from(StatementKind::Raw(self.raw(&kind)?)),
            Rule::aggregate => Statement::from(self.aggregate(&kind)?),
            _ => return None,
        };
        if let Some(label) = &label
            && !matches!(statement.kind, StatementKind::Aggregate { .. })
        {
            self.no_label(label);
        }
        self.comments.hoist(span.end);
        before.extend(self.comments.swap_hoisted(outer));
        statement.comments.before = before;
        statement.label = label;
        statement.span = span;
        Some(statement)
    }

    fn branch(&mut self, node: &Node<'t>) -> Option<Statement> {
        let condition = self.expression_in(node)?;
        let then = self.block(&child(node, Rule::block)?)?;
        let mut inner_otherwise = Comments::default();
        let mut otherwise = Vec::new();
        if let Some(other) = node.children().skip_while(|n| n.rule() != Rule::kw_else).nth(1) {
            if other.rule() == Rule::branch {
                let span = other.span();
                if self.descend(span) {
                    let mut chained = self.branch(&other)?;
                    chained.span = span;
                    otherwise.push(chained);
                }
                self.depth -= 1;
            } else {
                let block = self.block(&other)?;
                otherwise = block.body;
                inner_otherwise = Comments {
                    after: block.header,
                    ..block.inner
                };
            }
        }
        let mut statement = Statement::from(StatementKind::If {
            condition,
            then: then.body,
            otherwise,
        });
        statement.comments.after = then.header;
        statement.inner = then.inner;
        statement.inner_otherwise = inner_otherwise;
        Some(statement)
    }

    fn print(&mut self, node: &Node<'t>) -> Option<StatementKind> {
        let clauses = self.clauses(node)?;
        if let Some(text) = child(node, Rule::text) {
            let segments = self.segments(&text)?;
            return Some(StatementKind::Print(Print::Text(segments, text.span()), clauses));
        }
        let values = node
            .children()
            .filter(|child| child.rule() == Rule::shown)
            .map(|shown| self.shown(&shown))
            .collect::<Option<Vec<_>>>()?;
        for value in &values {
            if matches!(value.expr.kind, ExprKind::String(_)) {
                self.problem(
                    Diagnostic::error(Code::SYNTAX, "`print` takes one text or several values, not both")
                        .at(value.expr.span, "a text among values")
                        .help("put the values into the text: print \"… {value} …\""),
                );
            }
        }
        let whole = match values.as_slice() {
            [Shown { expr, format: None }] => match &expr.kind {
                ExprKind::Arg(Selector::Whole) => Some(Print::Arguments),
                ExprKind::Ret(Selector::Whole) => Some(Print::Results),
                _ => None,
            },
            _ => None,
        };
        Some(StatementKind::Print(
            whole.unwrap_or(Print::List(values)),
            clauses,
        ))
    }

    fn aggregate(&mut self, node: &Node<'t>) -> Option<StatementKind> {
        let value = match child(node, Rule::expression) {
            Some(value) => Some(self.expression(&value)?),
            None => None,
        };
        let range = match child(node, Rule::range) {
            Some(range) => Some(self.range(&range)?),
            None => None,
        };
        Some(StatementKind::Aggregate {
            verb: Self::name(&child(node, Rule::aggregate_verb)?),
            value,
            range,
            clauses: self.clauses(node)?,
        })
    }

    /// bpftrace's text and the holes in it.
    pub(super) fn raw(&mut self, node: &Node<'t>) -> Option<Raw> {
        let body = child(node, Rule::raw_body)?;
        let span = body.span();
        let mut holes = Vec::new();
        if !self.holes(&body, &mut holes) {
            return None;
        }
        let mut segments = Vec::new();
        let mut from = span.start + 1;
        for hole in holes {
            let place = hole.span();
            let text = self.verbatim(crate::source::Span::new(from, place.start));
            segments.push(Segment::Text(text));
            segments.push(Segment::Value(self.shown(&child(&hole, Rule::shown)?)?));
            from = place.end;
        }
        let text = self.verbatim(crate::source::Span::new(from, span.end.saturating_sub(1)));
        segments.push(Segment::Text(text));
        segments.retain(|segment| !matches!(segment, Segment::Text(text) if text.is_empty()));
        Some(Raw {
            segments,
            span: node.span(),
        })
    }

    /// The holes in braces in braces; false if that is too deep.
    fn holes(&mut self, node: &Node<'t>, holes: &mut Vec<Node<'t>>) -> bool {
        let mut good = self.descend(node.span());
        if good {
            for part in node.children() {
                match part.rule() {
                    Rule::raw_hole => holes.push(part),
                    Rule::raw_nested => good &= self.holes(&part, holes),
                    _ => {}
                }
            }
        }
        self.depth -= 1;
        good
    }
}

impl From<StatementKind> for Statement {
    fn from(kind: StatementKind) -> Self {
        Self {
            label: None,
            kind,
            span: crate::source::Span::default(),
            comments: Comments::default(),
            inner: Comments::default(),
            inner_otherwise: Comments::default(),
        }
    }
}
