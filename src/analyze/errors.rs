//! The error types of this program whose messages gobt can read, with the offsets that this build gives their fields.

use super::told::{self, Fields};
use super::{by_itself, promoted};
use crate::gotype::{Kind, TypeRef};
use crate::plan::{ErrorShape, KnownError};
use crate::target::Program;
use crate::target::itabs::Itab;
use std::collections::{BTreeMap, BTreeSet};

/// The known error types that the program has.
pub(super) fn known(program: &dyn Program, records: bool) -> Vec<KnownError> {
    let mut found = Vec::new();
    let itabs_of = |interface: &str| match program.type_named(interface) {
        Ok(Some(id)) => program.itabs(id),
        _ => Vec::new(),
    };
    let of_errors = itabs_of("error");
    let known_itabs = [of_errors.clone(), itabs_of("net.Addr")].concat();
    let (mut told, mut constant) = (Vec::new(), Vec::new());
    if records {
        told = told::in_pieces(program.identity().go_minor);
        constant = told::always_the_same();
    }
    let mut add = |name: &str, shape: &Shaped<'_>| {
        let Some((descriptor, fields)) = look_up(program, name) else {
            return;
        };
        if found
            .iter()
            .any(|known: &KnownError| known.descriptor == descriptor)
        {
            return;
        }
        if let Some(shape) = shape(&fields) {
            let itabs = known_itabs
                .iter()
                .filter(|i| i.descriptor == descriptor)
                .map(|i| i.address)
                .collect();
            found.push(KnownError::new(name.to_string(), descriptor, itabs, shape));
        }
    };
    add("*errors.errorString", &|f| Some(ErrorShape::Message(f.at("s")?)));
    add("*fmt.wrapError", &|f| Some(ErrorShape::Message(f.at("msg")?)));
    add("*fmt.wrapErrors", &|f| Some(ErrorShape::Message(f.at("msg")?)));
    add("syscall.Errno", &|_| Some(ErrorShape::Errno));
    add("*internal/poll.DeadlineExceededError", &|_| {
        Some(ErrorShape::Constant("i/o timeout".into()))
    });
    add("context.deadlineExceededError", &|_| {
        Some(ErrorShape::Constant("context deadline exceeded".into()))
    });
    add("internal/poll.errNetClosing", &|_| {
        Some(ErrorShape::Constant("use of closed network connection".into()))
    });
    add("*io/fs.PathError", &|f| {
        Some(ErrorShape::Path(f.at("Op")?, f.at("Path")?, f.at("Err")?))
    });
    add("*os.SyscallError", &|f| {
        Some(ErrorShape::Syscall(f.at("Syscall")?, f.at("Err")?))
    });
    add("*net.OpError", &|f| {
        Some(ErrorShape::Net(
            f.at("Op")?,
            f.at("Net")?,
            f.at("Source")?,
            f.at("Addr")?,
            f.at("Err")?,
        ))
    });
    for (name, text) in &constant {
        add(name, &|_| Some(ErrorShape::Constant((*text).into())));
    }
    for (name, pieces) in &told {
        add(name, &|f| told::shape(f, pieces));
    }
    add("*net.TCPAddr", &|f| {
        Some(ErrorShape::Address(f.at("IP")?, f.at("Port")?))
    });
    add("*net.UDPAddr", &|f| {
        Some(ErrorShape::Address(f.at("IP")?, f.at("Port")?))
    });
    if records {
        add_others(program, of_errors, &mut found);
        mark_formatters(program, &mut found);
    }
    found
}

/// Marks those that have something else printed of them than their message.
fn mark_formatters(program: &dyn Program, found: &mut [KnownError]) {
    let Ok(Some(formatter)) = program.type_named("fmt.Formatter") else {
        return;
    };
    for known in found {
        let lacking = program.lacking_methods(known.descriptor, formatter);
        known.formats = lacking.is_none_or(|lacking| lacking.is_empty());
    }
}

/// The most errors whose messages are told by the code of their methods: the script has a table of them.
const MOST_TOLD_BY_THEMSELVES: usize = 400;

/// Nothing is read of one that always says the same.
fn takes_room(shape: &ErrorShape) -> bool {
    !matches!(shape, ErrorShape::Constant(_))
}

/// The error types whose `Error` methods return a text of their own, or always the same, and those that have the method
/// from something embedded.
fn add_others(program: &dyn Program, itabs: Vec<Itab>, found: &mut Vec<KnownError>) {
    let mut left = Vec::new();
    let mut by_themselves = 0;
    let is_known =
        |found: &[KnownError], descriptor: u64| found.iter().any(|known| known.descriptor == descriptor);
    for itab in itabs {
        if is_known(found, itab.descriptor) {
            continue;
        }
        let told = match by_themselves < MOST_TOLD_BY_THEMSELVES {
            true => program.message(&itab).and_then(by_itself::shape),
            false => None,
        };
        match told {
            Some(shape) => {
                by_themselves += usize::from(takes_room(&shape));
                found.push(with_itab(itab, shape));
            }
            None => left.push(itab),
        }
    }
    for itab in left {
        let types = program.dynamic_types(&itab.name);
        let ty = types.iter().find(|ty| ty.descriptor == itab.descriptor);
        if let Some(shape) = ty.and_then(|ty| promoted::shape(program, ty, found)) {
            found.push(with_itab(itab, shape));
        }
    }
    add_without_itabs(program, found);
}

/// The error types of the program's own that the linker made no itab for: the run time does, of values that are first
/// in an `any`.
fn add_without_itabs(program: &dyn Program, found: &mut Vec<KnownError>) {
    let Ok(Some(error)) = program.type_named("error") else {
        return;
    };
    let known: BTreeSet<u64> = found.iter().map(|known| known.descriptor).collect();
    let mut left = MOST_TOLD_BY_THEMSELVES;
    for (descriptor, name) in program.own_types(MOST_LOOKED_AT) {
        let lacks = |methods: Vec<String>| !methods.is_empty();
        if left == 0
            || known.contains(&descriptor)
            || program.lacking_methods(descriptor, error).is_none_or(lacks)
        {
            continue;
        }
        let types = program.dynamic_types(&name);
        let Some(ty) = types.iter().find(|ty| ty.descriptor == descriptor) else {
            continue;
        };
        let told = promoted::shape(program, ty, found).or_else(|| promoted::told_by_itself(program, ty));
        if let Some(shape) = told {
            left -= usize::from(takes_room(&shape));
            found.push(KnownError::new(name, descriptor, Vec::new(), shape));
        }
    }
}

/// The most of the program's own types that are looked at for whether they are errors.
const MOST_LOOKED_AT: usize = 4000;

fn with_itab(itab: Itab, shape: ErrorShape) -> KnownError {
    KnownError::new(itab.name, itab.descriptor, vec![itab.address], shape)
}

/// The names of the dynamic types that the shown interfaces may hold, by the addresses of itabs and descriptors. They
/// come from the file, because a probe cannot read a page that the program has never touched.
///
/// The second value says whether there are more types, whose names the script has to read while tracing.
pub(super) fn type_names(
    program: &dyn Program,
    interfaces: &BTreeSet<TypeRef>,
) -> (BTreeMap<u64, String>, bool) {
    let mut names = BTreeMap::new();
    let mut more = false;
    for interface in interfaces {
        for itab in program.itabs(*interface) {
            if names.len() >= MOST_NAMES {
                more = true;
                break;
            }
            names.insert(itab.address, itab.name.clone());
            names.insert(itab.descriptor, itab.name);
        }
        if !program
            .type_of(*interface)
            .is_ok_and(|t| t.kind == Kind::Interface { methods: false })
        {
            continue;
        }
        let Some(types) = program.runtime().ok().and_then(|r| r.types) else {
            continue;
        };
        names.extend(program.own_types(MOST_OWN));
        for name in COMMON {
            let descriptor = program
                .type_named(name)
                .ok()
                .flatten()
                .and_then(|id| program.type_of(id).ok()?.descriptor);
            if let Some(offset) = descriptor {
                names.insert(types + offset, (*name).to_string());
            }
        }
    }
    if names.len() > FEW_NAMES {
        let all = names.len();
        names.retain(|_, name| name.len() <= LONGEST_NAME);
        more |= names.len() < all;
    }
    (names, more)
}

/// The most addresses with names in a script, which bpftrace takes some seconds to load; the names of further types are
/// read.
const MOST_NAMES: usize = 1000;

/// In a table with more than `FEW_NAMES` names, longer names than this are left out and read while tracing, since all
/// names take the space of the longest.
const FEW_NAMES: usize = 100;
const LONGEST_NAME: usize = 120;

/// The most of the program's own types whose names are in a script that shows an `any`.
const MOST_OWN: usize = 200;

/// Types that are often put into `any`.
const COMMON: &[&str] = &[
    "bool",
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uintptr",
    "float32",
    "float64",
    "string",
    "[]uint8",
    "[]string",
    "[]int",
    "map[string]string",
    "map[string]interface {}",
    "*errors.errorString",
    "*fmt.wrapError",
    "time.Duration",
    "time.Time",
];

/// Makes a shape from fields.
type Shaped<'a> = dyn Fn(&Fields<'_>) -> Option<ErrorShape> + 'a;

/// A type's descriptor and its fields (of what it points at, for a pointer).
fn look_up<'a>(program: &'a dyn Program, name: &str) -> Option<(u64, Fields<'a>)> {
    let types = program.runtime().ok()?.types?;
    let ty = program.type_of(program.type_named(name).ok()??).ok()?;
    let descriptor = types.checked_add(ty.descriptor?)?;
    Some((descriptor, Fields::of(program, ty)?))
}
