//! Interfaces that are shown, whose dynamic types have to have names.

use crate::gotype::TypeRef;
use crate::plan::format::Format;
use crate::plan::{Part, RawPart, Step, Value, walk};
use std::collections::BTreeSet;

/// True if a dynamic type's name or message is shown or used as a key.
pub(super) fn shows_interfaces<'s>(mut lists: impl Iterator<Item = &'s Vec<Step>>) -> bool {
    lists.any(|steps| {
        let mut found = BTreeSet::new();
        shown_interfaces(steps, &mut found);
        !found.is_empty()
    })
}

/// The interface types whose dynamic types are shown or used as keys.
pub(super) fn shown_interfaces(steps: &[Step], found: &mut BTreeSet<TypeRef>) {
    fn in_value(v: &Value, found: &mut BTreeSet<TypeRef>) {
        match v {
            Value::Interface { ty, .. } => {
                found.insert(*ty);
            }
            Value::TypeOf(inner) => in_value(inner, found),
            _ => {}
        }
    }
    fn in_parts(parts: &[Part], found: &mut BTreeSet<TypeRef>) {
        for part in parts {
            match part {
                Part::Shown(v, format) if !matches!(format, Format::Pointer) => in_value(v, found),
                Part::Pointee(_, a) => in_parts(a, found),
                Part::Unless(_, a, b) => {
                    in_parts(a, found);
                    in_parts(b, found);
                }
                Part::Elements { each, .. } => each.iter().for_each(|e| in_parts(e, found)),
                Part::Each(all) => in_parts(&all.element, found),
                Part::Composed(..) | Part::Shown(..) | Part::Text(_) | Part::Clock => {}
            }
        }
    }
    walk::each(steps, &mut |step| match step {
        Step::Aggregate { keys, .. } => keys.iter().for_each(|key| in_value(key, found)),
        Step::Print(line, _) => in_parts(&line.parts, found),
        Step::Tell(told) => in_parts(&told.line.parts, found),
        Step::Raw(parts) => {
            for part in parts {
                if let RawPart::Value(value) = part {
                    in_value(value, found);
                }
            }
        }
        _ => {}
    });
}
