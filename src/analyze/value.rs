//! What an expression of the recipe is, before it is decided how it is shown or used.

use super::eval::TYPE_OF;
use super::located::Located;
use crate::gotype::{GoType, Kind};
use crate::plan::{Expr, Number, NumberKind, Value};

/// A typed expression.
#[derive(Clone, Debug)]
pub(super) enum Typed {
    /// A value of a Go type, somewhere.
    Go(Located),
    /// A number in 64 bits.
    Number(Operand),
    /// Text that is a constant of the recipe.
    Literal(String),
    /// Text in memory that is not a whole Go value (a part of a string).
    Value(Value, String),
    /// `nil`
    Nil,
}

/// A number that can be computed with.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    /// Its value, in 64 bits.
    pub(super) expr: Expr,
    /// It may be negative.
    pub(super) signed: bool,
    /// What it means.
    pub(super) kind: NumberKind,
    /// The type's name, for messages.
    pub(super) what: String,
    /// It stands in the recipe, so it takes the type of what it meets.
    pub(super) literal: bool,
}

impl Operand {
    /// The number as it stands in a plan.
    pub(super) fn number(self) -> Number {
        Number {
            expr: self.expr,
            signed: self.signed,
            kind: self.kind,
        }
    }
}

impl Typed {
    /// True or false.
    pub(super) fn truth(expr: Expr) -> Typed {
        Typed::Number(Operand {
            expr,
            signed: false,
            kind: NumberKind::Bool,
            what: "bool".into(),
            literal: false,
        })
    }

    /// `true` or `false` of the recipe.
    pub(super) fn truth_literal(holds: bool) -> Typed {
        Typed::Number(Operand {
            expr: Expr::Int(i128::from(holds)),
            signed: false,
            kind: NumberKind::Bool,
            what: "bool".into(),
            literal: true,
        })
    }

    /// A number that gobt knows the meaning of.
    pub(super) fn number(expr: Expr, signed: bool, kind: NumberKind, what: &str) -> Typed {
        Typed::Number(Operand {
            expr,
            signed,
            kind,
            what: what.into(),
            literal: false,
        })
    }

    /// A whole number of the recipe.
    pub(super) fn literal(n: i128, kind: NumberKind, what: &str) -> Typed {
        Typed::Number(Operand {
            expr: Expr::Int(n),
            signed: true,
            kind,
            what: what.into(),
            literal: true,
        })
    }
}

/// The Go types of what gobt itself knows.
pub(super) const PROCESS: &str = "int";
pub(super) const GOROUTINE: &str = "uint64";

impl Typed {
    /// Its type as Go has it.
    pub(super) fn type_name(&self) -> String {
        let what = match self {
            Typed::Go(located) => &located.ty.name,
            Typed::Number(Operand { what, .. }) | Typed::Value(_, what) => what,
            Typed::Literal(_) => "string",
            Typed::Nil => "any",
        };
        match what {
            "duration" => "time.Duration",
            "goroutine id" => GOROUTINE,
            "process id" | "thread id" => PROCESS,
            "number" => "int",
            "function" => "uintptr",
            "stack" => "[]uintptr",
            TYPE_OF => "string",
            go => go,
        }
        .to_owned()
    }
}

/// `an error`, `a string`.
pub(super) fn article(noun: &str) -> String {
    let word = noun.trim_start_matches(['*', '[', ']']);
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) || word.starts_with("unsafe");
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// What there is of a value of this type that is one value, as the end of a help that begins with a verb; none if there
/// is nothing.
pub(super) fn part_of(ty: &GoType) -> Option<&'static str> {
    match &ty.kind {
        Kind::Struct(fields) if !fields.is_empty() => Some("one of its fields"),
        Kind::Array(_, 1..) | Kind::Slice(_) => Some("one of its elements, as in `x[0]`"),
        _ => None,
    }
}
