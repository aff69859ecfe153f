//! A signature as Go writes it.

use crate::diagnostic::Diagnostic;
use crate::goname::function;
use crate::goname::shorten::{shorten_to, unqualify};
use crate::gotype::TypeRef;
use crate::target::dwarf::Debug;
use crate::target::dwarf::function::{Role, Variable};
use crate::target::dwarf::section::damaged;
use crate::target::signature::context::Context;
use crate::target::signature::parts::Passed;

/// Stands for results that the debug information leaves out.
pub(in crate::target) const RESULTS_UNKNOWN: &str = " (results unknown)";

/// `func (v *BarrierView) Put(ctx context.Context, entry *logical.StorageEntry) error`; without `results` they are not
/// known.
pub(in crate::target) fn signature(
    context: &Context<'_, '_>,
    passed: &[Passed],
    results: Option<&Vec<usize>>,
) -> Result<String, Diagnostic> {
    let (debug, parts, variables) = (
        context.debug,
        context.parts,
        context.subprogram.variables.as_slice(),
    );
    let packages = debug.units()?.packages();
    let mut out = String::from("func ");
    let receiver = passed.iter().find_map(|passed| match passed {
        Passed::Receiver(number, ty) => Some((number.and_then(|number| variables.get(number)), *ty)),
        _ => None,
    });
    match (receiver, &parts.receiver) {
        (Some((variable, ty)), Some(receiver)) => {
            out.push('(');
            if let Some(variable) = variable.filter(|variable| is_named(variable)) {
                push_name(&mut out, variable.name);
            }
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
                    shorten_to(&mut out, receiver.name.as_bytes(), packages);
                }
            }
            out.push_str(") ");
            shorten_to(&mut out, parts.base.as_bytes(), packages);
        }
        (None, Some(receiver)) => {
            if receiver.pointer {
                out.push_str("(*");
            }
            shorten_to(&mut out, receiver.name.as_bytes(), packages);
            out.push_str(if receiver.pointer { ")." } else { "." });
            shorten_to(&mut out, parts.base.as_bytes(), packages);
        }
        _ => shorten_to(&mut out, parts.base.as_bytes(), packages),
    }
    if parts.method_value {
        out.push_str("-fm");
    }
    out.push('(');
    let parameters = passed.iter().filter_map(|passed| match passed {
        Passed::Parameter(number) => variables.get(*number).map(Some),
        Passed::Unnamed => Some(None),
        _ => None,
    });
    push_list(debug, &mut out, parameters)?;
    out.push(')');
    if variables.iter().all(|variable| variable.role != Role::Result) && function::is_loop_body(parts.base) {
        out.push_str(" bool");
        return Ok(out);
    }
    let Some(results) = results else {
        out.push_str(RESULTS_UNKNOWN);
        return Ok(out);
    };
    let outcome = results.iter().map(|number| variables.get(*number));
    match (results.len(), outcome.clone().flatten().any(is_named)) {
        (0, _) => {}
        (1, false) => {
            out.push(' ');
            push_list(debug, &mut out, outcome)?;
        }
        _ => {
            out.push_str(" (");
            push_list(debug, &mut out, outcome)?;
            out.push(')');
        }
    }
    Ok(out)
}

/// Whether the source gives the variable a name; the compiler's names begin with `~`.
fn is_named(variable: &Variable<'_>) -> bool {
    !variable.name.is_empty() && !variable.name.starts_with(b"~")
}

/// Appends parameters or results. In Go all of a list have names or none has; one that is not listed is shown as `_`
/// alone.
fn push_list<'v, 's: 'v>(
    debug: &Debug<'_>,
    out: &mut String,
    variables: impl Iterator<Item = Option<&'v Variable<'s>>> + Clone,
) -> Result<(), Diagnostic> {
    let named = variables.clone().flatten().any(is_named);
    for (index, variable) in variables.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        let Some(variable) = variable else {
            out.push('_');
            continue;
        };
        match (named, is_named(variable)) {
            (true, true) => push_name(out, variable.name),
            (true, false) => out.push_str("_ "),
            (false, _) => {}
        }
        match variable.ty {
            Some(ty) => push_type(debug, out, ty)?,
            None => return Err(damaged("a parameter has no type")),
        }
    }
    Ok(())
}

/// Appends a name and a space.
fn push_name(out: &mut String, name: &[u8]) {
    out.push_str(&String::from_utf8_lossy(name));
    out.push(' ');
}

fn push_type(debug: &Debug<'_>, out: &mut String, ty: TypeRef) -> Result<(), Diagnostic> {
    let name = debug.type_name(ty)?;
    shorten_to(out, name, debug.units()?.packages());
    Ok(())
}
