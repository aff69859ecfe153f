//! Events and clauses.

use super::numbers::Number;
use super::{Builder, child, first};
use crate::source::Spanned;
use crate::syntax::ast::{Clause, ClauseKind, Event, EventName, Pattern, Range, Shown};
use crate::syntax::parser::{Node, Rule};

impl<'t> Builder<'t> {
    pub(super) fn events(&mut self, node: &Node<'t>) -> Option<Vec<Event>> {
        node.children().map(|event| self.event(&event)).collect()
    }

    fn event(&mut self, node: &Node<'t>) -> Option<Event> {
        let alternatives = node
            .children()
            .filter(|child| child.rule() == Rule::event_name)
            .map(|name| self.event_name(&first(&name)?))
            .collect::<Option<Vec<_>>>()?;
        Some(Event {
            alternatives,
            span: node.span(),
        })
    }

    fn event_name(&mut self, node: &Node<'t>) -> Option<EventName> {
        let inside = |node: &Node<'t>| node.children().nth(1);
        Some(match node.rule() {
            Rule::syscall => EventName::Syscall(self.pattern(&inside(node)?)),
            Rule::tracepoint => EventName::Tracepoint(self.pattern(&inside(node)?)),
            Rule::profile => {
                let number = inside(node)?;
                EventName::Profile(self.number_of(&number, "a rate such as 99hz", |n| match n {
                    Number::Hertz(rate) => Some(rate),
                    _ => None,
                }))
            }
            _ => EventName::Function(self.pattern(node)),
        })
    }

    fn pattern(&mut self, node: &Node<'t>) -> Pattern {
        let quoted = node.rule() == Rule::string;
        let text = if quoted {
            self.string(node).node
        } else {
            node.text().to_owned()
        };
        Pattern {
            text,
            quoted,
            span: node.span(),
        }
    }

    /// The clauses directly in `node`.
    pub(super) fn clauses(&mut self, node: &Node<'t>) -> Option<Vec<Clause>> {
        node.children()
            .filter(|child| child.rule() == Rule::clause)
            .map(|clause| {
                let kind = self.clause(&first(&clause)?)?;
                Some(Spanned::new(kind, clause.span()))
            })
            .collect()
    }

    fn clause(&mut self, node: &Node<'t>) -> Option<ClauseKind> {
        Some(match node.rule() {
            Rule::by => ClauseKind::By(
                node.children()
                    .filter(|child| child.rule() == Rule::key)
                    .map(|key| self.shown(&key))
                    .collect::<Option<Vec<_>>>()?,
            ),
            Rule::condition => ClauseKind::Where(self.expression_in(node)?),
            Rule::format => {
                let name = Self::name(&child(node, Rule::identifier)?);
                let range = match child(node, Rule::range) {
                    Some(range) => Some(self.range(&range)?),
                    None => None,
                };
                ClauseKind::As(name, range)
            }
            Rule::unit => ClauseKind::In(Self::name(&child(node, Rule::identifier)?)),
            Rule::limit => ClauseKind::Limit(self.plain(&child(node, Rule::number)?)),
            Rule::top => ClauseKind::Top(self.plain(&child(node, Rule::number)?)),
            Rule::sample => {
                let mut numbers = node.children().filter(|child| child.rule() == Rule::number);
                let (one, of) = (numbers.next()?, numbers.next()?);
                ClauseKind::Sample(self.share(&one, &of))
            }
            Rule::except => ClauseKind::Except(self.events(&child(node, Rule::events)?)?),
            Rule::including => ClauseKind::IncludingInlined,
            Rule::into => ClauseKind::Into(self.events(&child(node, Rule::events)?)?),
            Rule::depth => ClauseKind::Depth(self.plain(&child(node, Rule::number)?)),
            Rule::following => ClauseKind::FollowingGo,
            Rule::with_args => ClauseKind::WithArgs,
            Rule::from => ClauseKind::From(self.event(&child(node, Rule::event)?)?),
            Rule::to => ClauseKind::To(self.event(&child(node, Rule::event)?)?),
            Rule::matching => {
                let mut sides = node.children().filter(|child| child.rule() == Rule::expression);
                let (left, right) = (sides.next()?, sides.next()?);
                ClauseKind::Match(self.expression(&left)?, self.expression(&right)?)
            }
            _ => return None,
        })
    }

    /// An expression with `as FORMAT`.
    pub(super) fn shown(&mut self, node: &Node<'t>) -> Option<Shown> {
        Some(Shown {
            expr: self.expression_in(node)?,
            format: child(node, Rule::identifier).map(|name| Self::name(&name)),
        })
    }

    /// `A..B step S`. What is looked at ahead leaves no nodes.
    pub(super) fn range(&mut self, node: &Node<'t>) -> Option<Range> {
        let mut parts = node.children().filter(|child| child.rule() == Rule::expression);
        let (low, high, step) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Range {
            low: self.expression(&low)?,
            high: self.expression(&high)?,
            step: self.expression(&step)?,
            span: node.span(),
        })
    }
}
