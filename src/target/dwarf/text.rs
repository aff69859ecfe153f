//! A signature as Go writes it.

use super::Debug;
use super::function::Variable;
use super::names::{self, Parts};
use super::section::damaged;
use super::signature::Passed;
use crate::diagnostic::Diagnostic;
use crate::gotype::TypeRef;

/// `func (v *BarrierView) Put(ctx context.Context, entry *logical.StorageEntry) error`
pub(super) fn signature(
    debug: &Debug<'_>,
    parts: &Parts<'_>,
    variables: &[Variable<'_>],
    passed: &[Passed],
    results: &[usize],
) -> Result<String, Diagnostic> {
    let mut out = String::from("func ");
    let receiver = passed.iter().find_map(|passed| match passed {
        Passed::Receiver(number, ty) => Some((number.and_then(|number| variables.get(number)), *ty)),
        _ => None,
    });
    match (receiver, &parts.receiver) {
        (Some((variable, ty)), Some(receiver)) => {
            out.push('(');
            push_name(&mut out, variable.map_or(&b""[..], |variable| variable.name));
            match ty {
                Some(ty) => {
                    let from = out.len();
                    push_type(debug, &mut out, ty)?;
                    unqualify(&mut out, from);
                }
                None => {
                    if receiver.pointer {
                        out.push('*');
                    }
                    names::shorten_to(&mut out, receiver.name.as_bytes());
                }
            }
            out.push_str(") ");
            names::shorten_to(&mut out, parts.base.as_bytes());
        }
        (None, Some(receiver)) => {
            if receiver.pointer {
                out.push_str("(*");
            }
            names::shorten_to(&mut out, receiver.name.as_bytes());
            out.push_str(if receiver.pointer { ")." } else { "." });
            names::shorten_to(&mut out, parts.base.as_bytes());
        }
        _ => names::shorten_to(&mut out, parts.base.as_bytes()),
    }
    if parts.method_value {
        out.push_str("-fm");
    }
    out.push('(');
    let mut first = true;
    for passed in passed {
        let Passed::Parameter(number) = passed else {
            continue;
        };
        if !std::mem::take(&mut first) {
            out.push_str(", ");
        }
        push_variable(debug, &mut out, variables.get(*number))?;
    }
    out.push(')');
    let named = |number: &usize| {
        variables
            .get(*number)
            .is_some_and(|variable| !variable.name.starts_with(b"~"))
    };
    match results {
        [] => {}
        [one] if !named(one) => {
            out.push(' ');
            push_variable(debug, &mut out, variables.get(*one))?;
        }
        several => {
            out.push_str(" (");
            for (index, number) in several.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                push_variable(debug, &mut out, variables.get(*number))?;
            }
            out.push(')');
        }
    }
    Ok(out)
}

/// Takes away the package of the receiver's type, which `from` begins.
fn unqualify(out: &mut String, from: usize) {
    let Some(written) = out.get(from..) else { return };
    let end = written.find('[').unwrap_or(written.len());
    let Some(dot) = written.get(..end).and_then(|name| name.rfind('.')) else {
        return;
    };
    let star = usize::from(written.starts_with('*'));
    let plain = written.get(dot + 1..).unwrap_or("").to_owned();
    out.truncate(from + star);
    out.push_str(&plain);
}

fn push_variable(
    debug: &Debug<'_>,
    out: &mut String,
    variable: Option<&Variable<'_>>,
) -> Result<(), Diagnostic> {
    let Some(variable) = variable else { return Ok(()) };
    push_name(out, variable.name);
    match variable.ty {
        Some(ty) => push_type(debug, out, ty),
        None => Err(damaged("a parameter has no type")),
    }
}

/// The name and a space; nothing for a name that the compiler made up.
fn push_name(out: &mut String, name: &[u8]) {
    if !name.is_empty() && !name.starts_with(b"~") {
        out.push_str(&String::from_utf8_lossy(name));
        out.push(' ');
    }
}

fn push_type(debug: &Debug<'_>, out: &mut String, ty: TypeRef) -> Result<(), Diagnostic> {
    let name = debug.type_name(ty)?;
    names::shorten_to(out, name);
    Ok(())
}
