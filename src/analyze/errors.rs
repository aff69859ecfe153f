//! The error types of this program whose messages gobt can read, with the offsets that this build gives their fields.

use crate::gotype::{Kind, TypeRef};
use crate::plan::{ErrorPiece, ErrorPieces, ErrorShape, KnownError};
use crate::target::Program;
use std::collections::{BTreeMap, BTreeSet};

/// The known error types that the program has.
pub(super) fn known(program: &dyn Program, records: bool) -> Vec<KnownError> {
    let mut found = Vec::new();
    let itabs_of = |interface: &str| match program.type_named(interface) {
        Ok(Some(id)) => program.itabs(id),
        _ => Vec::new(),
    };
    let mut known_itabs = itabs_of("error");
    known_itabs.extend(itabs_of("net.Addr"));
    let told = if records { told() } else { Vec::new() };
    let mut add = |name: &str, shape: &Shaped<'_>| {
        let Some((descriptor, field)) = look_up(program, name) else {
            return;
        };
        if let Some(shape) = shape(&field) {
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
    add("*errors.errorString", &|f| Some(ErrorShape::Message(f("s")?)));
    add("*fmt.wrapError", &|f| Some(ErrorShape::Message(f("msg")?)));
    add("*fmt.wrapErrors", &|f| Some(ErrorShape::Message(f("msg")?)));
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
        Some(ErrorShape::Path(f("Op")?, f("Path")?, f("Err")?))
    });
    add("*os.SyscallError", &|f| {
        Some(ErrorShape::Syscall(f("Syscall")?, f("Err")?))
    });
    add("*net.OpError", &|f| {
        Some(ErrorShape::Net(
            f("Op")?,
            f("Net")?,
            f("Source")?,
            f("Addr")?,
            f("Err")?,
        ))
    });
    for (name, pieces) in &told {
        add(name, &|f| pieces_at(f, pieces));
    }
    add("*net.TCPAddr", &|f| {
        Some(ErrorShape::Address(f("IP")?, f("Port")?))
    });
    add("*net.UDPAddr", &|f| {
        Some(ErrorShape::Address(f("IP")?, f("Port")?))
    });
    found
}

/// A piece of a message, by the names of fields.
enum Told {
    Constant(&'static str),
    Text(&'static str),
    /// A text that is a constant of the program as a rule.
    Known(&'static str),
    Quoted(&'static str),
    With(&'static str, &'static str),
    Inner(&'static str),
    Each(&'static str),
    Endpoint(Option<&'static str>),
    Network,
}

/// Errors whose messages are made of pieces, as their `Error` methods make them.
fn told() -> Vec<(&'static str, Vec<Told>)> {
    use Told::{Constant, Each, Endpoint, Inner, Known, Network, Quoted, Text, With};
    vec![
        ("*errors.joinError", vec![Each("errs")]),
        (
            "*net/url.Error",
            vec![
                Text("Op"),
                Constant(" "),
                Quoted("URL"),
                Constant(": "),
                Inner("Err"),
            ],
        ),
        (
            "*net.DNSError",
            vec![
                Constant("lookup "),
                Text("Name"),
                With(" on ", "Server"),
                Constant(": "),
                Known("Err"),
            ],
        ),
        (
            "*os.LinkError",
            vec![
                Known("Op"),
                Constant(" "),
                Text("Old"),
                Constant(" "),
                Text("New"),
                Constant(": "),
                Inner("Err"),
            ],
        ),
        (
            "*strconv.NumError",
            vec![
                Constant("strconv."),
                Known("Func"),
                Constant(": parsing "),
                Quoted("Num"),
                Constant(": "),
                Inner("Err"),
            ],
        ),
        (
            "*os/exec.Error",
            vec![Constant("exec: "), Quoted("Name"), Constant(": "), Inner("Err")],
        ),
        // Not errors, but told in the same way.
        ("*net.TCPAddr", vec![Endpoint(Some("Port"))]),
        ("*net.UDPAddr", vec![Endpoint(Some("Port"))]),
        ("*net.IPAddr", vec![Endpoint(None)]),
        ("*net.UnixAddr", vec![Text("Name")]),
        ("*net.IPNet", vec![Network]),
        ("*encoding/json.SyntaxError", vec![Text("msg")]),
        ("*github.com/pkg/errors.fundamental", vec![Text("msg")]),
        (
            "*github.com/pkg/errors.withMessage",
            vec![Text("msg"), Constant(": "), Inner("cause")],
        ),
        ("*github.com/pkg/errors.withStack", vec![Inner("error")]),
    ]
}

/// The same by offsets.
fn pieces_at(field: &dyn Fn(&str) -> Option<u64>, told: &[Told]) -> Option<ErrorShape> {
    let mut pieces = Vec::new();
    let mut read = Vec::new();
    for piece in told {
        pieces.push(match *piece {
            Told::Constant(text) => ErrorPiece::Constant(text),
            Told::Text(name) => ErrorPiece::Text(field(name)?),
            Told::Known(name) => ErrorPiece::Text(field(name)?),
            Told::Quoted(name) => ErrorPiece::Quoted(field(name)?),
            Told::With(before, name) => ErrorPiece::With(before, field(name)?),
            Told::Inner(name) => ErrorPiece::Inner(field(name)?),
            Told::Each(name) => ErrorPiece::Each(field(name)?),
            Told::Endpoint(port) => {
                read.extend([field("IP")?, field("Zone")?]);
                let port = match port {
                    Some(port) => Some(field(port)?),
                    None => None,
                };
                ErrorPiece::Endpoint(field("IP")?, field("Zone")?, port)
            }
            Told::Network => {
                read.extend([field("IP")?, field("Mask")?]);
                ErrorPiece::Network(field("IP")?, field("Mask")?)
            }
        });
        if let Told::Text(name) | Told::Quoted(name) | Told::With(_, name) = *piece {
            read.push(field(name)?);
        }
    }
    Some(ErrorShape::Pieces(ErrorPieces { pieces, read }))
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

/// Makes a shape from the offsets of fields.
type Shaped<'a> = dyn Fn(&dyn Fn(&str) -> Option<u64>) -> Option<ErrorShape> + 'a;

type Fields = Box<dyn Fn(&str) -> Option<u64>>;

/// A type's descriptor and the offsets of its fields (of what it points at, for a pointer).
fn look_up(program: &dyn Program, name: &str) -> Option<(u64, Fields)> {
    let types = program.runtime().ok()?.types?;
    let ty = program.type_of(program.type_named(name).ok()??).ok()?;
    let descriptor = types.checked_add(ty.descriptor?)?;
    let inner = match ty.kind {
        Kind::Pointer(to) => program.type_of(to).ok()?,
        _ => ty,
    };
    let fields: Vec<(String, u64)> = match inner.kind {
        Kind::Struct(fields) => fields.into_iter().map(|f| (f.name, f.offset)).collect(),
        _ => Vec::new(),
    };
    Some((
        descriptor,
        Box::new(move |name| fields.iter().find(|(n, _)| n == name).map(|(_, o)| *o)),
    ))
}
