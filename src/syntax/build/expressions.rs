//! Expressions.

use super::numbers::Number;
use super::{Builder, MOST_OPERATORS, child, first};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{BinaryOp, Expr, ExprKind, Selector, UnaryOp};
use crate::syntax::parser::{Node, Rule};

impl<'t> Builder<'t> {
    /// The expression directly in `node`.
    pub(super) fn expression_in(&mut self, node: &Node<'t>) -> Option<Expr> {
        self.expression(&child(node, Rule::expression)?)
    }

    /// A whole expression, unless it is too long.
    pub(super) fn expression(&mut self, node: &Node<'t>) -> Option<Expr> {
        if node.operators() > MOST_OPERATORS {
            let span = node.span();
            self.problem(
                Diagnostic::error(
                    Code::NESTING,
                    format!("an expression has more than {MOST_OPERATORS} operators"),
                )
                .at(Span::new(span.start, span.start), "begins here")
                .help("give a part of it a name with `let`"),
            );
            return Some(nothing(span));
        }
        self.part(node)
    }

    fn part(&mut self, node: &Node<'t>) -> Option<Expr> {
        let span = node.span();
        let expr = if self.descend(span) {
            self.operations(node)
        } else {
            Some(nothing(span))
        };
        self.depth -= 1;
        expr
    }

    fn operations(&mut self, node: &Node<'t>) -> Option<Expr> {
        node.fold_operators(
            |operand| self.operand(&operand),
            |left, operator, right| {
                let (left, right) = (left?, right?);
                let span = left.span.to(right.span);
                let operator = Spanned::new(binary(operator.rule())?, operator.span());
                Some(Expr {
                    kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)),
                    span,
                })
            },
        )
    }

    fn operand(&mut self, node: &Node<'t>) -> Option<Expr> {
        let mut children = node.children().peekable();
        let mut prefixes = Vec::new();
        while let Some(prefix) = children.next_if(|child| child.rule() == Rule::prefix) {
            prefixes.push(first(&prefix)?);
        }
        let mut expr = self.primary(&children.next()?)?;
        for postfix in children {
            expr = self.postfix(expr, &first(&postfix)?)?;
        }
        for prefix in prefixes.iter().rev() {
            let operator = match prefix.rule() {
                Rule::negate => UnaryOp::Negate,
                Rule::not => UnaryOp::Not,
                Rule::complement => UnaryOp::Complement,
                _ => return None,
            };
            expr = Expr {
                span: prefix.span().to(expr.span),
                kind: ExprKind::Unary(operator, Box::new(expr)),
            };
        }
        Some(expr)
    }

    fn primary(&mut self, node: &Node<'t>) -> Option<Expr> {
        let kind = match node.rule() {
            Rule::parenthesis => ExprKind::Paren(Box::new(self.part(&first(node)?)?)),
            Rule::call => {
                let name = Self::name(&child(node, Rule::call_name)?);
                let arguments = node
                    .children()
                    .filter(|child| child.rule() == Rule::expression)
                    .map(|argument| self.part(&argument))
                    .collect::<Option<Vec<_>>>()?;
                ExprKind::Call(name, arguments)
            }
            Rule::name => ExprKind::Name(node.text().to_owned()),
            Rule::argument => ExprKind::Arg(self.selector(node)?),
            Rule::result => ExprKind::Ret(self.selector(node)?),
            _ => return self.value(node),
        };
        Some(Expr {
            kind,
            span: node.span(),
        })
    }

    /// A value that is written out.
    fn value(&mut self, node: &Node<'t>) -> Option<Expr> {
        let kind = match node.rule() {
            Rule::number => self.number_value(node),
            Rule::string => ExprKind::String(self.string(node).node),
            Rule::kw_true => ExprKind::Bool(true),
            Rule::kw_false => ExprKind::Bool(false),
            Rule::kw_nil => ExprKind::Nil,
            _ => return None,
        };
        Some(Expr {
            kind,
            span: node.span(),
        })
    }

    /// The value of a `param`.
    pub(super) fn literal(&mut self, node: &Node<'t>) -> Option<Expr> {
        let mut children = node.children().peekable();
        let minus = children.next_if(|child| child.rule() == Rule::negate);
        let value = self.value(&children.next()?)?;
        Some(match minus {
            Some(_) => Expr {
                kind: ExprKind::Unary(UnaryOp::Negate, Box::new(value)),
                span: node.span(),
            },
            None => value,
        })
    }

    fn number_value(&mut self, node: &Node<'t>) -> ExprKind {
        let text = node.text().to_owned();
        match self.number(node) {
            Some(Number::Plain(value)) => ExprKind::Int(value, text),
            Some(Number::Duration(value)) => ExprKind::Duration(value, text),
            Some(Number::Size(value)) => ExprKind::Size(value, text),
            Some(Number::Float) => ExprKind::Float(text),
            Some(Number::Hertz(_)) => {
                self.problem(
                    Diagnostic::error(Code::NUMBER, format!("`{text}` cannot be computed with"))
                        .at(node.span(), "a rate, only used after `profile`"),
                );
                ExprKind::Nil
            }
            None => ExprKind::Nil,
        }
    }

    fn selector(&mut self, node: &Node<'t>) -> Option<Selector> {
        let Some(selector) = child(node, Rule::selector) else {
            return Some(Selector::Whole);
        };
        let chosen = first(&selector)?;
        Some(match chosen.rule() {
            Rule::position => match chosen.text().parse() {
                Ok(position) => Selector::Index(Spanned::new(position, chosen.span())),
                Err(_) => Selector::Index(self.plain(&chosen)),
            },
            Rule::string => Selector::Named(self.string(&chosen)),
            Rule::parameter => Selector::Named(Self::name(&chosen)),
            _ => return None,
        })
    }

    fn postfix(&mut self, base: Expr, node: &Node<'t>) -> Option<Expr> {
        let span = base.span.to(node.span());
        let base = Box::new(base);
        let kind = match node.rule() {
            Rule::field => ExprKind::Field(base, Self::name(&child(node, Rule::field_name)?)),
            Rule::assertion => {
                let ty = child(node, Rule::go_type)?;
                let place = ty.span();
                let text = ty.text();
                let lead = text.len() - text.trim_start().len();
                let text = text.trim();
                let place = Span::new(place.start + lead, place.start + lead + text.len());
                ExprKind::Assert(base, Spanned::new(text.to_owned(), place))
            }
            Rule::brackets => {
                let mut bound = |rule| match child(node, rule) {
                    Some(bound) => Some(Some(Box::new(self.part(&first(&bound)?)?))),
                    None => Some(None),
                };
                let (low, high) = (bound(Rule::low)?, bound(Rule::high)?);
                match low {
                    Some(index) if child(node, Rule::colon).is_none() => ExprKind::Index(base, index),
                    low => ExprKind::Slice(base, low, high),
                }
            }
            _ => return None,
        };
        Some(Expr { kind, span })
    }
}

/// The placeholder for an expression that was refused.
fn nothing(span: Span) -> Expr {
    Expr {
        kind: ExprKind::Nil,
        span,
    }
}

fn binary(rule: Rule) -> Option<BinaryOp> {
    Some(match rule {
        Rule::add => BinaryOp::Add,
        Rule::subtract => BinaryOp::Subtract,
        Rule::multiply => BinaryOp::Multiply,
        Rule::divide => BinaryOp::Divide,
        Rule::remainder => BinaryOp::Remainder,
        Rule::and => BinaryOp::And,
        Rule::or => BinaryOp::Or,
        Rule::xor => BinaryOp::Xor,
        Rule::shift_left => BinaryOp::ShiftLeft,
        Rule::shift_right => BinaryOp::ShiftRight,
        Rule::equal => BinaryOp::Equal,
        Rule::not_equal => BinaryOp::NotEqual,
        Rule::less => BinaryOp::Less,
        Rule::less_equal => BinaryOp::LessEqual,
        Rule::greater => BinaryOp::Greater,
        Rule::greater_equal => BinaryOp::GreaterEqual,
        Rule::both => BinaryOp::Both,
        Rule::either => BinaryOp::Either,
        _ => return None,
    })
}
