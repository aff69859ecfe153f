//! Values that have a form of their own, which is put together when a record is read.

use crate::analyze::eval::{Outcome, Scope, load};
use crate::analyze::located::Located;
use crate::analyze::value::Typed;
use crate::diagnostic::Problems;
use crate::plan::{Composed, Expr, Op, Part, Value};
use crate::source::Span;
use crate::syntax::ast::Name;

/// The form of values of this type, if it has one.
pub(super) fn form_of(ty: &str) -> Option<Composed> {
    Some(match ty {
        "net/netip.Addr" => Composed::Addr,
        "net/netip.AddrPort" => Composed::AddrPort,
        "net/netip.Prefix" => Composed::Prefix,
        "net.IPNet" => Composed::Network,
        "net.TCPAddr" | "net.UDPAddr" => Composed::Endpoint,
        "net.IPAddr" => Composed::Host,
        "net/url.URL" => Composed::Url,
        _ => return None,
    })
}

/// Fields of a `url.URL`, in the order of [`Composed::Url`].
const URL: [&str; 9] = [
    "Scheme",
    "Opaque",
    "Host",
    "Path",
    "RawPath",
    "RawQuery",
    "Fragment",
    "RawFragment",
    "ForceQuery",
];

impl Scope<'_> {
    /// A value of this form; nothing if this build has other fields.
    pub(super) fn composed(&self, l: &Located, form: Composed, span: Span) -> Outcome<Part> {
        let value = |path: &[&str]| self.part_value(l, path, span);
        let values = match form {
            // No type of this name: it is of a kind.
            Composed::Complex => return Err(Problems::default()),
            Composed::Addr => self.ip(l, &[], span)?,
            Composed::AddrPort => {
                let mut values = self.ip(l, &["ip"], span)?;
                values.push(value(&["port"])?);
                values
            }
            Composed::Prefix => {
                let mut values = self.ip(l, &["ip"], span)?;
                values.push(match value(&["bitsPlusOne"]) {
                    Ok(more) => more,
                    // Before Go 1.21.
                    Err(_) => match value(&["bits"])? {
                        Value::Number(bits) => Value::plain(Expr::op(Op::Add, bits.expr, Expr::Int(1))),
                        _ => return Err(Problems::default()),
                    },
                });
                values
            }
            Composed::Network => vec![value(&["IP"])?, value(&["Mask"])?],
            Composed::Endpoint => vec![value(&["IP"])?, value(&["Zone"])?, value(&["Port"])?],
            Composed::Host => vec![value(&["IP"])?, value(&["Zone"])?],
            Composed::Url => {
                let mut values = Vec::new();
                for name in URL {
                    values.push(value(&[name])?);
                }
                for name in ["username", "password", "passwordSet"] {
                    values.push(value(&["User", name])?);
                }
                // Since Go 1.19.
                values.extend(value(&["OmitHost"]));
                values
            }
        };
        Ok(Part::Composed(form, values))
    }

    /// The words of a `netip.Addr`: both halves, what says of which sort it is, whether it is of version 6, its zone.
    fn ip(&self, l: &Located, path: &[&str], span: Span) -> Outcome<Vec<Value>> {
        let value = |more: &[&str]| self.part_value(l, &[path, more].concat(), span);
        let (high, low) = (value(&["addr", "hi"])?, value(&["addr", "lo"])?);
        if let Ok(sort) = value(&["z", "value"]) {
            let (is_six, zone) = (value(&["z", "value", "isV6"])?, value(&["z", "value", "zoneV6"])?);
            return Ok(vec![high, low, sort, is_six, zone]);
        }
        // Before Go 1.23: one value stands for version 4, and others hold zones.
        let sort = value(&["z"])?;
        let four = self
            .program
            .symbol("net/netip.z4")
            .ok_or_else(Problems::default)?;
        let (Value::Number(word), Value::Interface { data, .. }) = (&sort, value(&["z", "cmpVal"])?) else {
            return Err(Problems::default());
        };
        let is_six = Expr::op(Op::NotEqual, word.expr.clone(), load(Expr::Address(four), 0, 8));
        let zone = Value::Text {
            data: Box::new(load((*data).clone(), 0, 8)),
            len: Box::new(load(*data, 8, 8)),
        };
        Ok(vec![high, low, sort, Value::truth(is_six), zone])
    }

    /// What is at the end of a path of fields.
    fn part_value(&self, l: &Located, path: &[&str], span: Span) -> Outcome<Value> {
        let mut at = Typed::Go(l.clone());
        for name in path {
            let name = Name {
                node: (*name).to_owned(),
                span,
            };
            at = self.field(at, &name)?;
        }
        match at {
            Typed::Go(l) => self.one_value(&l, span),
            _ => Err(Problems::default()),
        }
    }
}
