//! Runs the grammar. The only file that names pest; it returns [`Node`]s and [`Failure`]s.

use crate::source::Span;
use pest::Parser as _;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::Pair;
use pest::pratt_parser::{Assoc, Op, PrattParser};
use std::sync::LazyLock;

mod generated {
    #![allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]

    /// `grammar/gobt.pest`, compiled.
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/gobt.pest"]
    pub struct Grammar;
}

pub(super) use generated::Rule;

/// A piece of a recipe that a rule of the grammar has read.
#[derive(Clone)]
pub(super) struct Node<'t> {
    pair: Pair<'t, Rule>,
    base: usize,
}

impl<'t> Node<'t> {
    /// The rule.
    pub(super) fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    /// Its place in the whole recipe, from its first to its last token: pest's place of a rule with an optional end
    /// also has the spaces and comments before the missing part.
    pub(super) fn span(&self) -> Span {
        let start = self.pair.as_span().start();
        let mut last = self.pair.clone();
        while let Some(inner) = last
            .clone()
            .into_inner()
            .rev()
            .find(|pair| pair.as_rule() != Rule::COMMENT)
        {
            last = inner;
        }
        Span::new(self.base + start, self.base + last.as_span().end())
    }

    /// What was read.
    pub(super) fn text(&self) -> &'t str {
        self.pair.as_str()
    }

    /// Its children, without comments and punctuation.
    pub(super) fn children(&self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let base = self.base;
        self.pair
            .clone()
            .into_inner()
            .filter(|pair| !is_punctuation(pair.as_rule()))
            .map(move |pair| Node { pair, base })
    }

    /// Where the first token of the rule `rule` directly in it is; for punctuation.
    pub(super) fn place_of(&self, rule: Rule) -> Option<Span> {
        let base = self.base;
        self.pair
            .clone()
            .into_inner()
            .find(|pair| pair.as_rule() == rule)
            .map(|pair| Node { pair, base }.span())
    }

    /// How many operators, brackets and fields are in it, at any depth.
    pub(super) fn operators(&self) -> usize {
        let counts = |rule| {
            matches!(
                rule,
                Rule::infix | Rule::prefix | Rule::postfix | Rule::parenthesis | Rule::call
            )
        };
        self.pair
            .clone()
            .into_inner()
            .flatten()
            .filter(|pair| counts(pair.as_rule()))
            .count()
    }

    /// The comments in it, at any depth, in order.
    pub(super) fn comments(&self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let base = self.base;
        self.pair
            .clone()
            .into_inner()
            .flatten()
            .filter(|pair| pair.as_rule() == Rule::COMMENT)
            .map(move |pair| Node { pair, base })
    }

    /// Folds operands and the operators between them by precedence.
    pub(super) fn fold_operators<T>(
        &self,
        mut operand: impl FnMut(Node<'t>) -> T,
        mut infix: impl FnMut(T, Node<'t>, T) -> T,
    ) -> T {
        let base = self.base;
        let pairs = self
            .pair
            .clone()
            .into_inner()
            .filter(|pair| !is_punctuation(pair.as_rule()))
            .map(|pair| match pair.as_rule() {
                Rule::infix => pair.clone().into_inner().next().unwrap_or(pair),
                _ => pair,
            });
        PRECEDENCE
            .map_primary(|pair| operand(Node { pair, base }))
            .map_infix(|left, pair, right| infix(left, Node { pair, base }, right))
            .parse(pairs)
    }
}

/// Go's five levels, loosest first: https://go.dev/ref/spec#Operator_precedence
static PRECEDENCE: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    let left = |rule| Op::infix(rule, Assoc::Left);
    PrattParser::new()
        .op(left(Rule::either))
        .op(left(Rule::both))
        .op(left(Rule::equal)
            | left(Rule::not_equal)
            | left(Rule::less)
            | left(Rule::less_equal)
            | left(Rule::greater)
            | left(Rule::greater_equal))
        .op(left(Rule::add) | left(Rule::subtract) | left(Rule::or) | left(Rule::xor))
        .op(left(Rule::multiply)
            | left(Rule::divide)
            | left(Rule::remainder)
            | left(Rule::shift_left)
            | left(Rule::shift_right)
            | left(Rule::and))
});

fn is_punctuation(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::COMMENT
            | Rule::EOI
            | Rule::terminator
            | Rule::comma
            | Rule::equals
            | Rule::per
            | Rule::dots
            | Rule::lbrace
            | Rule::rbrace
            | Rule::lparen
            | Rule::rparen
            | Rule::lbracket
            | Rule::rbracket
            | Rule::opening
            | Rule::quote
            | Rule::dot
            | Rule::raw_open
    )
}

/// Why the text is not a recipe.
#[derive(Debug)]
pub(super) enum Failure {
    /// None of `expected` was found at `position`; it is empty if the expected rules are not known.
    Unexpected {
        /// Bytes from the beginning of the recipe.
        position: usize,
        /// What could have stood there.
        expected: Vec<Rule>,
    },
    /// Brackets are nested so deeply that the parser gave up.
    TooDeep,
}

/// Reads the recipe `text` from byte `base` on.
pub(super) fn read(text: &str, base: usize) -> Result<Node<'_>, Failure> {
    run(Rule::recipe, text, base)
}

/// Reads the items of `text` between two places, up to the first that the grammar cannot read.
pub(super) fn read_whole_items(text: &str, base: usize, end: usize) -> Result<Node<'_>, Failure> {
    run(Rule::whole_items, text.get(..end).unwrap_or_default(), base)
}

/// Reads a single value.
pub(super) fn read_literal(text: &str) -> Result<Node<'_>, Failure> {
    run(Rule::lone_literal, text, 0)
}

fn run(rule: Rule, text: &str, base: usize) -> Result<Node<'_>, Failure> {
    let rest = text.get(base..).unwrap_or_default();
    match generated::Grammar::parse(rule, rest) {
        Ok(mut pairs) => match pairs.next() {
            Some(pair) => Ok(Node { pair, base }),
            None => Err(Failure::Unexpected {
                position: base,
                expected: Vec::new(),
            }),
        },
        Err(error) => Err(failure(error, base)),
    }
}

fn failure(error: Error<Rule>, base: usize) -> Failure {
    let (InputLocation::Pos(start) | InputLocation::Span((start, _))) = error.location;
    match error.variant {
        ErrorVariant::ParsingError { positives, .. } => Failure::Unexpected {
            position: base + start,
            expected: positives,
        },
        // Without a call limit, the only error of this kind that pest makes is that its stack is full.
        ErrorVariant::CustomError { .. } => Failure::TooDeep,
    }
}
