//! The error types of this program whose messages gobt can read, with the offsets that this build gives their fields.

use super::told::{self, Fields};
use crate::gotype::{Kind, TypeRef};
use crate::plan::{ErrorPiece, ErrorPieces, ErrorShape, KnownError};
use crate::target::itabs::Itab;
use crate::target::{FunctionId, Message, Pattern, Program, Wrapped};
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
            found.push(KnownError {
                itabs,
                name: name.to_string(),
                descriptor,
                shape,
            });
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
        let mut by_themselves = 0;
        for itab in of_errors {
            if found.iter().any(|known| known.descriptor == itab.descriptor) {
                continue;
            }
            let mut shape = promoted_from_inside(program, &itab);
            if shape.is_none() && by_themselves < MOST_TOLD_BY_THEMSELVES {
                shape = told_by_itself(program, &itab);
                by_themselves += usize::from(shape.is_some());
            }
            if let Some(shape) = shape {
                found.push(KnownError {
                    itabs: vec![itab.address],
                    name: itab.name,
                    descriptor: itab.descriptor,
                    shape,
                });
            }
        }
    }
    found
}

/// The most errors whose messages are told by the code of their methods: the script has a table of them.
const MOST_TOLD_BY_THEMSELVES: usize = 200;
/// Where a message in an error may be: a number of words takes a byte in the script's table.
const FARTHEST: u64 = 8 * 200;

/// The shape of an error whose `Error` method returns a text of its own, or always the same.
fn told_by_itself(program: &dyn Program, itab: &Itab) -> Option<ErrorShape> {
    match program.message(itab)? {
        Message::Field(offset) => (offset < FARTHEST).then_some(ErrorShape::Message(offset)),
        Message::Constant(text) => Some(ErrorShape::Constant(text)),
    }
}

/// The shape of an error that has its `Error` method from an `error` embedded in it.
fn promoted_from_inside(program: &dyn Program, itab: &Itab) -> Option<ErrorShape> {
    let ty = (program.dynamic_types(&itab.name).into_iter()).find(|ty| ty.descriptor == itab.descriptor)?;
    let outer = program.type_of(program.dynamic_type(&ty)).ok()?;
    let (inner, is_pointer) = match outer.kind {
        Kind::Pointer(to) => (program.type_of(to).ok()?, true),
        _ => (outer, false),
    };
    let Kind::Struct(fields) = &inner.kind else {
        return None;
    };
    let field = fields
        .iter()
        .find(|field| field.embedded && program.type_of(field.ty).is_ok_and(|ty| ty.name == "error"))?;
    let package = inner.name.rfind('/').map_or(0, |slash| slash + 1);
    let dot = package + inner.name.get(package..)?.find('.')?;
    let (package, name) = (inner.name.get(..dot)?, inner.name.get(dot + 1..)?);
    let method = match is_pointer {
        true => format!("{package}.(*{name}).Error"),
        false => format!("{package}.{name}.Error"),
    };
    // Its own method is written in the source; the compiler makes one that calls what the interface holds.
    let found = program.functions(&Pattern::parse(&method).ok()?).ok()?;
    let is_promoted = |id: &FunctionId| program.wrapped(*id) == Some(Wrapped::Unknown);
    if found.functions.is_empty() || !found.functions.iter().all(is_promoted) {
        return None;
    }
    Some(ErrorShape::Pieces(ErrorPieces {
        pieces: vec![ErrorPiece::Inner(field.offset)],
        read: Vec::new(),
        numbers: Vec::new(),
    }))
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
