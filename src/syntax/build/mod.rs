//! Builds the tree from the grammar's nodes, with the checks that need no knowledge of verbs, formats or the program.
//!
//! Functions return `None` only where grammar and code disagree about what a rule consists of.

mod clauses;
mod comments;
mod expressions;
mod items;
mod numbers;
mod statements;
mod strings;

use super::ast::{Expr, Name, Recipe};
use super::parser::{Node, Rule};
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::source::{Span, Spanned};
use comments::Comments;
use numbers::Number;

/// How deeply brackets and blocks may be nested.
pub(super) const DEEPEST: usize = 64;
/// How many operators an expression may have.
pub(super) const MOST_OPERATORS: usize = 500;
/// After this many problems the rest is not read.
const MOST_PROBLEMS: usize = 50;

/// The recipe of `root`, without the items that have problems, and the problems.
pub(super) fn build(text: &str, root: &Node<'_>) -> (Recipe, Problems) {
    let mut builder = Builder::new(text, root);
    let recipe = builder.recipe(root);
    if builder.lost && !builder.problems.has_errors() {
        builder.problems.push(not_known());
    }
    (recipe, builder.problems)
}

/// The value of `root`, unless it has a problem.
pub(super) fn literal(text: &str, root: &Node<'_>) -> (Option<Expr>, Problems) {
    let mut builder = Builder::new(text, root);
    let value = first(root).and_then(|literal| builder.literal(&literal));
    if value.is_none() && !builder.problems.has_errors() {
        builder.problems.push(not_known());
    }
    (value.filter(|_| !builder.problems.has_errors()), builder.problems)
}

/// The problem that the grammar reads something that this code does not know.
fn not_known() -> Diagnostic {
    Diagnostic::error(Code::SYNTAX, "the recipe cannot be read")
        .note("this is a mistake in gobt: its grammar allows what its parser does not know")
}

struct Builder<'t> {
    text: &'t str,
    comments: Comments<'t>,
    problems: Problems,
    found: usize,
    depth: usize,
    /// An item could not be built; problems in the items behind it are not reported.
    lost: bool,
}

/// A block's contents and the comments at its braces.
struct Block<T> {
    body: Vec<T>,
    /// Behind the opening brace.
    header: Option<String>,
    /// Before the closing one.
    inner: super::ast::Comments,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, root: &Node<'t>) -> Self {
        let comments = root.comments().map(|node| (node.span(), node.text())).collect();
        Self {
            text,
            comments: Comments::new(text, comments),
            problems: Problems::default(),
            found: 0,
            depth: 0,
            lost: false,
        }
    }

    fn problem(&mut self, diagnostic: Diagnostic) {
        self.found += 1;
        if self.found <= MOST_PROBLEMS && !self.lost {
            self.problems.push(diagnostic);
        }
    }

    /// Goes one level deeper, if that is not too deep; the caller counts `depth` down again.
    fn descend(&mut self, span: Span) -> bool {
        self.depth += 1;
        if self.depth > DEEPEST {
            let first = Span::new(span.start, span.start);
            self.problem(too_deep(first));
        }
        self.depth <= DEEPEST
    }

    /// The text between two places, with every line's end "\n".
    fn verbatim(&self, span: Span) -> String {
        let text = self.text.get(std::ops::Range::from(span)).unwrap_or_default();
        text.replace("\r\n", "\n")
    }

    fn name(node: &Node<'_>) -> Name {
        Spanned::new(node.text().to_owned(), node.span())
    }

    fn number(&mut self, node: &Node<'_>) -> Option<Number> {
        match numbers::read(node.text(), node.span()) {
            Ok(number) => Some(number),
            Err(diagnostic) => {
                self.problem(diagnostic);
                None
            }
        }
    }

    /// A number of the kind that `pick` accepts; messages call it `wanted`.
    fn number_of(
        &mut self,
        node: &Node<'_>,
        wanted: &str,
        pick: impl Fn(Number) -> Option<u64>,
    ) -> Spanned<u64> {
        let span = node.span();
        let Some(number) = self.number(node) else {
            return Spanned::new(0, span);
        };
        let value = pick(number);
        if value.is_none() {
            let message = format!("expected {wanted}, found `{}`", node.text());
            let diagnostic = Diagnostic::error(Code::NUMBER, message).at(span, format!("not {wanted}"));
            let digits = node.text();
            self.problem(match number {
                Number::Plain(_) if wanted.contains("duration") => {
                    diagnostic.help(format!("write the unit, as in `{digits}s` or `{digits}ms`"))
                }
                Number::Plain(_) if wanted.contains("hz") => diagnostic.help(format!("write `{digits}hz`")),
                _ => diagnostic,
            });
        }
        Spanned::new(value.unwrap_or_default(), span)
    }

    fn duration(&mut self, node: &Node<'_>) -> Spanned<u64> {
        self.number_of(node, "a duration such as 1s", |number| match number {
            Number::Duration(nanoseconds) => Some(nanoseconds),
            _ => None,
        })
    }

    /// The N of `1/N`.
    fn share(&mut self, one: &Node<'_>, of: &Node<'_>) -> Spanned<u64> {
        let (one, of) = (self.plain(one), self.plain(of));
        if one.node != 1 || of.node == 0 {
            let span = one.span.to(of.span);
            let message = format!("`{}/{}` is not one call of so many", one.node, of.node);
            let problem = Diagnostic::error(Code::NUMBER, message).at(span, "not a share");
            self.problem(problem.help("write `sample 1/100` for one call of a hundred"));
        }
        of
    }

    fn plain(&mut self, node: &Node<'_>) -> Spanned<u64> {
        self.number_of(node, "a plain number", |number| match number {
            Number::Plain(value) => Some(value),
            _ => None,
        })
    }
}

/// The problem of something nested too deeply.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NESTING,
        format!("brackets or blocks are nested more than {DEEPEST} deep"),
    )
    .at(span, "too deep here")
    .help("give a part of it a name with `let`, or write it with fewer levels")
}

/// The only child of `node`, or the first of several.
fn first<'t>(node: &Node<'t>) -> Option<Node<'t>> {
    node.children().next()
}

/// The child of `node` that is a `rule`.
fn child<'t>(node: &Node<'t>, rule: Rule) -> Option<Node<'t>> {
    node.children().find(|child| child.rule() == rule)
}
