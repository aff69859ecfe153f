//! The error types of this program whose messages gobt can read, with the offsets that this build gives their fields.

use crate::gotype::Kind;
use crate::plan::{ErrorShape, KnownError};
use crate::target::Program;

/// How many texts `syscall.errors` has (`src/syscall/zerrors_linux_amd64.go`, Go 1.17 to 1.27).
const ERRNO_TEXTS: u64 = 133;

/// The known error types that the program has.
pub(super) fn known(program: &dyn Program) -> Vec<KnownError> {
    let mut found = Vec::new();
    let mut add = |name: &str, shape: &dyn Fn(&dyn Fn(&str) -> Option<u64>) -> Option<ErrorShape>| {
        let Some((descriptor, field)) = look_up(program, name) else {
            return;
        };
        if let Some(shape) = shape(&field) {
            found.push(KnownError {
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
    add("*net.TCPAddr", &|f| {
        Some(ErrorShape::Address(f("IP")?, f("Port")?))
    });
    add("*net.UDPAddr", &|f| {
        Some(ErrorShape::Address(f("IP")?, f("Port")?))
    });
    found
}

/// Address and length of Go's table of errno texts.
pub(super) fn errno_texts(program: &dyn Program) -> Option<(u64, u64)> {
    program
        .symbol("syscall.errors")
        .map(|address| (address, ERRNO_TEXTS))
}

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
