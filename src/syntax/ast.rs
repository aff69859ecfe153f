//! The tree of a recipe as written: every node has its place, no name is checked.

use crate::source::{Span, Spanned};

/// A word of the recipe: a verb, a variable, a field.
pub type Name = Spanned<String>;

/// One `.gobt` file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recipe {
    /// A first line that begins with `#!`, without its newline.
    pub shebang: Option<String>,
    /// Everything in it, in order.
    pub items: Vec<Item>,
    /// Comments after the last item.
    pub trailing: Comments,
}

/// Comments that belong to the item or statement they stand before, for `gobt fmt`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments {
    /// Whole-line comments before it, without their line ends; an empty string is a blank line.
    pub before: Vec<String>,
    /// A comment at the end of its (first or only) line.
    pub after: Option<String>,
    /// A comment behind the closing brace of its block, if it has one.
    pub closing: Option<String>,
}

/// One top-level line or block.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// `NAME:` before a directive.
    pub label: Option<Name>,
    /// What it is.
    pub kind: ItemKind,
    /// The whole item, from its label to its last token.
    pub span: Span,
    /// Comments that travel with it.
    pub comments: Comments,
    /// Comments before the closing brace of its block, if it has one.
    pub inner: Comments,
}

/// The kinds of top-level items.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// `target "PATH"`.
    Target(Spanned<String>),
    /// `param NAME = LITERAL`.
    Param {
        /// The parameter.
        name: Name,
        /// Its value unless `-D` gives another; always a literal expression.
        value: Expr,
    },
    /// `VERB EVENTS CLAUSES`: `count`, `latency`, `trace`, `skeleton`, `graph`, `span`, or a word that the checker
    /// rejects.
    Directive(Directive),
    /// `on EVENTS CLAUSES { … }`.
    On(On),
    /// `during EVENTS { … }`: directives that hold only inside these functions.
    During {
        /// The functions.
        events: Vec<Event>,
        /// The directives inside.
        items: Vec<Item>,
    },
    /// `every DURATION { print; clear }`.
    Every {
        /// How often, in nanoseconds.
        period: Spanned<u64>,
        /// The words inside, each with the results it is for (none: all).
        actions: Vec<EveryAction>,
    },
    /// `stop after DURATION`, in nanoseconds.
    StopAfter(Spanned<u64>),
    /// `stop when CONDITION`, over results.
    StopWhen(Expr),
    /// `raw { … }`.
    Raw(Raw),
    /// `type NAME TYPE` in Go's own syntax, kept as text.
    TypeDeclaration(Spanned<String>),
    /// `func NAME(…) …` in Go's own syntax, kept as text.
    FuncDeclaration(Spanned<String>),
}

/// One `print` or `clear` in an `every` block.
#[derive(Clone, Debug, PartialEq)]
pub struct EveryAction {
    /// `print` or `clear`, checked later.
    pub verb: Name,
    /// Labels it is for; empty means every result.
    pub results: Vec<Name>,
}

/// A directive: a verb, events, clauses.
#[derive(Clone, Debug, PartialEq)]
pub struct Directive {
    /// The word it begins with; the table of directives knows which words exist.
    pub verb: Name,
    /// For `span`: its NAME.
    pub name: Option<Name>,
    /// The events, in order.
    pub events: Vec<Event>,
    /// The clauses, in order; repeats are rejected by the checker.
    pub clauses: Vec<Clause>,
}

/// A clause with its place (from its keyword to its last token).
pub type Clause = Spanned<ClauseKind>;

/// The clauses that directives, blocks and statements take.
#[derive(Clone, Debug, PartialEq)]
pub enum ClauseKind {
    /// `by EXPR, …`.
    By(Vec<Shown>),
    /// `where COND`.
    Where(Expr),
    /// `as hist`, `as stats`, `as linear A..B step S`.
    As(Spanned<String>, Option<Range>),
    /// `in UNIT`.
    In(Name),
    /// `except PATTERN, …`.
    Except(Vec<Event>),
    /// `including inlined`.
    IncludingInlined,
    /// `limit N/s`: lines per second.
    Limit(Spanned<u64>),
    /// `top N`: the N largest rows of a result.
    Top(Spanned<u64>),
    /// `sample 1/N`: one call of N.
    Sample(Spanned<u64>),
    /// `into FUNCS`, of `graph`.
    Into(Vec<Event>),
    /// `depth N`, of `graph`.
    Depth(Spanned<u64>),
    /// `following go`, of `graph`.
    FollowingGo,
    /// `with args`, of `graph`.
    WithArgs,
    /// `from EVENT`, of `span`.
    From(Event),
    /// `to EVENT`, of `span`.
    To(Event),
    /// `match EXPR = EXPR`, of `span`.
    Match(Expr, Expr),
}

/// `A..B step S`, of linear histograms.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The lowest bucket's lower bound.
    pub low: Expr,
    /// The highest bucket's upper bound.
    pub high: Expr,
    /// The width of a bucket.
    pub step: Expr,
    /// The whole of it.
    pub span: Span,
}

/// One event: the first of its alternatives (`A or B`) that the program has.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// At least one.
    pub alternatives: Vec<EventName>,
    /// The whole of it.
    pub span: Span,
}

/// The name of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum EventName {
    /// A Go function, or a pattern of them.
    Function(Pattern),
    /// `syscall NAME`.
    Syscall(Pattern),
    /// `tracepoint CATEGORY:NAME`.
    Tracepoint(Pattern),
    /// `profile 99hz`.
    Profile(Spanned<u64>),
}

/// A name or pattern as written (without quotes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The text.
    pub text: String,
    /// It stood in quotes.
    pub quoted: bool,
    /// Its place, quotes included.
    pub span: Span,
}

/// `on EVENTS [return] CLAUSES { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct On {
    /// The events.
    pub events: Vec<Event>,
    /// `on F return { … }`: the body is that of one `return` block.
    pub returning: Option<Span>,
    /// `where`, `except`, `limit`, `including inlined`.
    pub clauses: Vec<Clause>,
    /// The statements.
    pub body: Vec<Statement>,
}

/// A statement with its place and comments.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// `NAME:` before an aggregation.
    pub label: Option<Name>,
    /// What it does.
    pub kind: StatementKind,
    /// The whole of it.
    pub span: Span,
    /// Comments that travel with it.
    pub comments: Comments,
    /// Comments before the closing brace of its block, if it has one.
    pub inner: Comments,
    /// Of an `if`: comments behind the opening and before the closing brace of its `else` block.
    pub inner_otherwise: Comments,
}

/// The statements of a block.
#[expect(
    clippy::large_enum_variant,
    reason = "a recipe has few statements; boxes would only hide their shape"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// `let NAME = EXPR`.
    Let {
        /// The variable.
        name: Name,
        /// Its value where it stands.
        value: Shown,
    },
    /// `print …`, with its clauses (`where`, `limit`).
    Print(Print, Vec<Clause>),
    /// `count`, `sum E`, `hist E`, … `VERB [EXPR] [A..B step S] CLAUSES`.
    Aggregate {
        /// Which word; checked later.
        verb: Name,
        /// What is aggregated; `count` has none.
        value: Option<Expr>,
        /// Of `linear`.
        range: Option<Range>,
        /// `by`, `where`, `in`.
        clauses: Vec<Clause>,
    },
    /// `if COND { … } else { … }`.
    If {
        /// The condition.
        condition: Expr,
        /// What is done when it holds.
        then: Vec<Statement>,
        /// What is done when it does not; `else if` is one `If` inside.
        otherwise: Vec<Statement>,
    },
    /// `return CLAUSES { … }`.
    Return {
        /// `where`, `limit`.
        clauses: Vec<Clause>,
        /// What is done.
        body: Vec<Statement>,
    },
    /// `raw { … }`.
    Raw(Raw),
}

/// What is printed.
#[derive(Clone, Debug, PartialEq)]
pub enum Print {
    /// `print arg`: every argument.
    Arguments,
    /// `print ret`: every result.
    Results,
    /// `print a, b, c`: `name=value` pairs.
    List(Vec<Shown>),
    /// `print "…{expr}…"`.
    Text(Vec<Segment>, Span),
}

/// A part of a printed text.
#[derive(Clone, Debug, PartialEq)]
pub enum Segment {
    /// Characters, escapes already resolved.
    Text(String),
    /// `{expr}` or `{expr as format}`.
    Value(Shown),
}

/// An expression and how to show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The value.
    pub expr: Expr,
    /// `as FORMAT`.
    pub format: Option<Name>,
}

/// Text for bpftrace with `${…}` holes.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw {
    /// Its parts, in order: text as written, and holes.
    pub segments: Vec<Segment>,
    /// From `raw` to the closing brace.
    pub span: Span,
}

/// An expression with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// The expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `42`, `0x2a`, `1_000`; the text is kept for the formatter.
    Int(u64, String),
    /// `10us` in nanoseconds.
    Duration(u64, String),
    /// `4KiB` in bytes.
    Size(u64, String),
    /// `1.5`: only read so that a message can say that BPF has no floating point.
    Float(String),
    /// `"text"`, escapes resolved.
    String(String),
    /// `true`, `false`.
    Bool(bool),
    /// `nil`.
    Nil,
    /// A `let`, a `param`, or a built-in word (`elapsed`, `goroutine`, `stack`, …); `analyze` decides which.
    Name(String),
    /// `arg`, `arg NAME`, `arg 0`.
    Arg(Selector),
    /// `ret`, `ret NAME`, `ret 0`.
    Ret(Selector),
    /// `len(x)`, `cap(x)`, `type(x)`, `stack(8)`; `analyze` knows which functions exist.
    Call(Name, Vec<Expr>),
    /// `x.Field`.
    Field(Box<Expr>, Name),
    /// `x[i]`.
    Index(Box<Expr>, Box<Expr>),
    /// `x[a:b]`.
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    /// `x.(T)`: the type's text.
    Assert(Box<Expr>, Name),
    /// `-x`, `!x`, `^x`.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`.
    Binary(Spanned<BinaryOp>, Box<Expr>, Box<Expr>),
    /// `(x)`, kept for the formatter.
    Paren(Box<Expr>),
}

/// Which argument or result.
#[derive(Clone, Debug, PartialEq)]
pub enum Selector {
    /// No selector: all of them in `print`, the only one in an expression.
    Whole,
    /// By Go's name (`~r0` too).
    Named(Name),
    /// By position, the receiver not counted.
    Index(Spanned<u64>),
}

/// Operators before a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Negate,
    /// `!`
    Not,
    /// `^`
    Complement,
}

/// Operators between values, with Go's precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `&`
    And,
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `&&`
    Both,
    /// `||`
    Either,
}

impl UnaryOp {
    /// As it is written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Negate => "-",
            Self::Not => "!",
            Self::Complement => "^",
        }
    }
}

impl BinaryOp {
    /// As it is written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::And => "&",
            Self::Or => "|",
            Self::Xor => "^",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Both => "&&",
            Self::Either => "||",
        }
    }
}
