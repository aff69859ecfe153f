//! Values that are computed at the entry and used at the return.

use super::{Binding, Outcome, Scope, load, scalar};
use crate::analyze::located::{Located, Place};
use crate::analyze::value::{Operand, Typed};
use crate::diagnostic::Problems;
use crate::gotype::Kind;
use crate::plan::{AtEntry, Expr, Known, Value};

/// Values of more words than this are not kept word by word.
const MOST_WORDS: u64 = 8;

impl Scope<'_> {
    /// A `let` where it is used. A value that was computed at the entry is kept for the return.
    pub(super) fn bound(&self, binding: &Binding) -> Outcome<Typed> {
        let Some(typed) = binding.typed.clone() else {
            return Err(Problems::default());
        };
        if binding.at == self.event {
            return Ok(typed);
        }
        let name = &binding.name;
        Ok(match typed {
            Typed::Number(n) if !n.literal => Typed::Number(Operand {
                expr: kept(n.expr, name),
                ..n
            }),
            Typed::Go(located) => self.kept_go(located, name)?,
            Typed::Value(value, what) => Typed::Value(kept_text(value, name), what),
            other => other,
        })
    }

    /// A Go value that was computed at the entry, for use at the return: numbers and text as they were, other words
    /// kept.
    fn kept_go(&self, located: Located, name: &str) -> Outcome<Typed> {
        let ty = &located.ty;
        if ty.kind == Kind::String {
            let Some(text) = self.value_of(&located, crate::source::Span::default())? else {
                return Err(Problems::default());
            };
            return Ok(Typed::Value(kept_text(text, name), located.ty.name));
        }
        // Word by word, so that fields and elements can still be asked for.
        let words = ty.size.div_ceil(8);
        if ty.size == 0 || words > MOST_WORDS {
            return Ok(Typed::Go(located));
        }
        let all = |words: Vec<Expr>| Place::Words { words, at: 0 };
        let place = match (&located.place, located.place.address()) {
            (Place::Pieces { pieces, at, .. }, _) => Place::Pieces {
                pieces: pieces.clone(),
                at: *at,
                keep: true,
            },
            (Place::Words { words, at }, _) => Place::Words {
                words: words.iter().map(|word| kept(word.clone(), name)).collect(),
                at: *at,
            },
            // In memory: a pointer or number is read on entry; larger things are read through their address.
            (place, address) => match (scalar(ty), address) {
                (Some((size, signed)), _) if let Ok((expr, _)) = place.word(0, size, signed) => {
                    all(vec![kept(expr, name)])
                }
                (_, Some(address)) if ty.kind == Kind::Complex => all((0..words)
                    .map(|n| kept(load(address.clone(), n * 8, 8), name))
                    .collect()),
                (_, Some(address)) => Place::behind(kept(address, name)),
                (_, None) => return Ok(Typed::Go(located)),
            },
        };
        Ok(Typed::Go(Located {
            place,
            label: name.to_string(),
            ..located
        }))
    }
}

/// A number as it was when the call began.
pub(in crate::analyze) fn kept(expr: Expr, name: &str) -> Expr {
    if matches!(expr, Expr::Int(_) | Expr::AtEntry(_)) {
        return expr;
    }
    Expr::AtEntry(AtEntry::new(Value::plain(expr), name))
}

/// Text as it was when the call began; another value as it is.
fn kept_text(value: Value, name: &str) -> Value {
    match value {
        Value::Text { .. } | Value::Slice { .. } => Value::Known(Known::AtEntry(AtEntry::new(value, name))),
        other => other,
    }
}
