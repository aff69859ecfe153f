//! bpftrace scripts as data, their printer, and the differences between releases. It knows nothing of Go.

pub mod attach;
pub mod dialect;
pub(crate) mod names;
pub mod own_symbols;
pub(crate) mod print;
pub(crate) mod text;
pub mod visit;

use attach::AttachPoint;
use own_symbols::OwnSymbols;

/// A whole script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// The comment it begins with, line by line.
    pub header: Vec<String>,
    /// Definitions of structs, in the order they are needed.
    pub structs: Vec<Struct>,
    /// Settings of the `config` block: name and value as written.
    pub config: Vec<(String, String)>,
    /// Map declarations: name (without `@`) and type as written.
    pub maps: Vec<(String, String)>,
    /// What is done when, in order.
    pub items: Vec<Item>,
    /// The symbols that it is attached by, if not by addresses.
    pub symbols: Option<OwnSymbols>,
}

impl Program {
    /// Its probes, other than those that are passed through.
    pub fn probes(&self) -> impl Iterator<Item = &Probe> {
        probes(&self.items)
    }
}

/// One of the things that a script is made of, behind its declarations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A probe.
    Probe(Probe),
    /// Whole probes in bpftrace's own words: nothing is put around them.
    Raw(String),
}

/// The probes among them.
pub fn probes(items: &[Item]) -> impl Iterator<Item = &Probe> {
    items.iter().filter_map(|item| match item {
        Item::Probe(probe) => Some(probe),
        Item::Raw(_) => None,
    })
}

/// A C struct of the target's layout; only the fields that are used, with gaps between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struct {
    /// Its name.
    pub name: String,
    /// The Go type it shows, for the comment; empty for none.
    pub comment: String,
    /// Used fields by offset.
    pub fields: Vec<Member>,
}

/// A field of a [`Struct`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// C declaration without the name: `unsigned long`, `struct string_`, `char *`.
    pub ctype: String,
    /// Its name.
    pub name: String,
    /// Bytes from the beginning.
    pub offset: u64,
    /// Bytes.
    pub size: u64,
}

/// An attach point of a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// What the probe is attached to.
    pub point: AttachPoint,
    /// Comment lines above it, where it begins the attach points of another function than those before it.
    pub above: Vec<String>,
    /// The comment behind it.
    pub comment: String,
}

/// A probe: attach points and statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Comment lines above it.
    pub comment: Vec<String>,
    /// At least one.
    pub attach: Vec<Attached>,
    /// `/ … /`.
    pub predicate: Option<Expr>,
    /// What is done.
    pub body: Vec<Stmt>,
}

impl Probe {
    /// A probe for one event, with a comment above it if that is not empty.
    #[must_use]
    pub fn at(point: AttachPoint, comment: &str, body: Vec<Stmt>) -> Self {
        Self {
            comment: (!comment.is_empty())
                .then(|| comment.to_owned())
                .into_iter()
                .collect(),
            attach: vec![Attached {
                point,
                above: Vec::new(),
                comment: String::new(),
            }],
            predicate: None,
            body,
        }
    }
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stmt {
    /// `// text`
    Comment(String),
    /// `$name = expr;` with a comment behind it if that is not empty.
    Assign(String, Expr, String),
    /// `@name[keys] = expr;`
    Store(String, Vec<Expr>, Expr),
    /// A call for its effect: `printf(…);`, `clear(@x);`
    Call(Expr),
    /// Takes a key out of a map.
    Delete(String, Vec<Expr>),
    /// `if (…) { … } else { … }`
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    /// `unroll(n) { … }`
    Unroll(u64, Vec<Stmt>),
    /// What is done for each number, in the variable, that is below a variable number, which is at most so many.
    Loop(String, Expr, u64, Vec<Stmt>),
    /// `return;`
    Return,
    /// Text passed through, one or more whole lines.
    Raw(String),
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// A whole number.
    Int(i128),
    /// A whole number, written in hex (addresses).
    Hex(u64),
    /// A string constant, not yet escaped.
    Str(String),
    /// A string constant with NULs behind it, as long as this many bytes in all.
    Padded(String, usize),
    /// `$name`
    Var(String),
    /// `@name` or `@name[keys]`
    Map(String, Vec<Expr>),
    /// `reg("name")`
    Reg(&'static str),
    /// `nsecs`, `pid`, …
    Builtin(&'static str),
    /// `base->a.b.c`
    Member(Box<Expr>, Vec<String>),
    /// `*(type *)address`
    Load(&'static str, Box<Expr>),
    /// `(type)value`; the type as written, `uint64` or `struct x *`.
    Cast(String, Box<Expr>),
    /// `f(args)`
    Call(&'static str, Vec<Expr>),
    /// `(a, b)`
    Tuple(Vec<Expr>),
    /// `e.0`: one of a tuple's values.
    Element(Box<Expr>, usize),
    /// `!x`, `-x`, `~x`
    Unary(&'static str, Box<Expr>),
    /// `a + b`
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// `c ? a : b`
    Ternary(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Text passed through.
    Raw(String),
}

impl Expr {
    /// `self op other`
    #[must_use]
    pub fn binary(self, op: &'static str, other: Expr) -> Expr {
        Expr::Binary(op, Box::new(self), Box::new(other))
    }

    /// `(ctype)self`
    #[must_use]
    pub fn cast(self, ctype: impl Into<String>) -> Expr {
        Expr::Cast(ctype.into(), Box::new(self))
    }

    /// `self + bytes`, or just `self` for none.
    #[must_use]
    pub fn plus(self, bytes: u64) -> Expr {
        if bytes == 0 {
            self
        } else {
            self.binary("+", Expr::Int(i128::from(bytes)))
        }
    }

    /// `self ? a : b`
    #[must_use]
    pub fn choose(self, a: Expr, b: Expr) -> Expr {
        Expr::Ternary(Box::new(self), Box::new(a), Box::new(b))
    }
}
