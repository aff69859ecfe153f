//! Run-time facts that probes need: fields of `runtime.g` and `runtime.m`, the pointer to g, the types.

mod thread_local;

use crate::diagnostic::{Code, Diagnostic};
use crate::gotype::Kind;
use crate::target::dwarf::Debug;
use crate::target::elf::Elf;
use crate::target::tables::moduledata::Module;
use crate::target::{Identity, Runtime};

/// Offsets of one run of Go releases, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// First and last minor version.
    pub minor: (u32, u32),
    /// `runtime.g.goid`.
    pub g_goid: u64,
    /// `runtime.g.parentGoid`.
    pub g_parent_goid: Option<u64>,
    /// `runtime.g.gopc`.
    pub g_gopc: u64,
    /// `runtime.m.curg`.
    pub m_curg: u64,
}

/// `stack.hi` in `runtime.g`, all versions.
const G_STACK_HI: u64 = 8;
/// `sched` in `runtime.g`, all versions.
const G_SCHED: u64 = 56;
/// `m` in `runtime.g`, all versions.
const G_M: u64 = 48;
/// Both kinds of maps have their number of elements first: `count int` in `runtime.hmap` up to Go 1.23, `used uint64`
/// in `internal/runtime/maps.Map` since.
const MAP_COUNT: (u64, u64) = (0, 8);
/// `qcount` in `runtime.hchan`.
const CHAN_COUNT: u64 = 0;
/// `dataqsiz` in `runtime.hchan`.
const CHAN_SIZE: u64 = 8;

/// Read from the DWARF of programs built by go1.17.13, 1.18.10, 1.19.13, 1.20.14, 1.21.13, 1.22.12, 1.23.12, 1.24.11,
/// 1.25.5, 1.26.8 and 1.27.3 for linux/amd64; `tests/go/places.rs` reads them again.
pub const LAYOUTS: &[Layout] = &[
    row(17..=19, 152, None, 296, 192),
    row(20..=20, 152, None, 296, 192),
    row(21..=22, 152, Some(272), 280, 192),
    row(23..=24, 160, Some(280), 288, 192),
    row(25..=25, 152, Some(272), 280, 184),
    row(26..=26, 152, Some(280), 288, 184),
    row(27..=27, 152, Some(280), 288, 184),
];

const fn row(
    minor: std::ops::RangeInclusive<u32>,
    g_goid: u64,
    g_parent_goid: Option<u64>,
    g_gopc: u64,
    m_curg: u64,
) -> Layout {
    Layout {
        minor: (*minor.start(), *minor.end()),
        g_goid,
        g_parent_goid,
        g_gopc,
        m_curg,
    }
}

/// The layout of a minor version, if it is a known one.
#[must_use]
pub fn layout(minor: u32) -> Option<&'static Layout> {
    LAYOUTS
        .iter()
        .find(|layout| (layout.minor.0..=layout.minor.1).contains(&minor))
}

/// The run time's facts of a program.
///
/// A released Go has the layout of its version; it is read from DWARF for any other (`go1.24.1 X:…`, `devel …`, a
/// vendor's own). `symbol` finds a symbol's address; `module` is `runtime.firstmoduledata`, which tells of the types in
/// a program without symbols.
///
/// # Errors
/// E0253 when neither the debug information nor the version gives them, E0250 when the debug information is damaged.
pub(crate) fn facts(
    elf: &Elf<'_>,
    identity: &Identity,
    debug: Option<&Debug<'_>>,
    symbol: &dyn Fn(&str) -> Option<u64>,
    module: Option<&Module>,
) -> Result<Runtime, Diagnostic> {
    let known = layout(identity.go_minor);
    let types = symbol("runtime.types").or_else(|| module?.types);
    let types_end = symbol("runtime.etypes")
        .or_else(|| module?.types_end)
        .filter(|end| types.is_some_and(|start| start < *end));
    let by_version = known.map(|layout| Runtime {
        g_stack_hi: G_STACK_HI,
        g_m: G_M,
        g_goid: layout.g_goid,
        g_parent_goid: layout.g_parent_goid,
        g_gopc: Some(layout.g_gopc),
        g_sched: Some((G_SCHED, if layout.minor.0 < 25 { 48 } else { 40 })),
        m_curg: layout.m_curg,
        tls_g: None,
        types,
        types_end: None,
        map_count: MAP_COUNT,
        chan_count: CHAN_COUNT,
        chan_size: CHAN_SIZE,
    });
    let runtime = match (by_version, debug) {
        (Some(runtime), _) if is_release(&identity.go_version) => Some(runtime),
        (by_version, Some(debug)) => described(debug, types)?.or(by_version),
        (by_version, None) => by_version,
    };
    let mut runtime = runtime.ok_or_else(|| {
        Diagnostic::error(
            Code::RUNTIME_UNKNOWN,
            format!("the run time of {} is not known", identity.go_version),
        )
        .note("its debug information does not describe runtime.g and runtime.m")
        .help("build the program with its debug information (without -ldflags=-w or -s)")
    })?;
    runtime.types_end = types_end;
    runtime.tls_g = thread_local::find(elf, symbol("runtime.tlsg"));
    Ok(runtime)
}

/// `go1.N` or `go1.N.P`, as the Go project releases them.
fn is_release(version: &str) -> bool {
    version.strip_prefix("go1.").is_some_and(|rest| {
        !rest.is_empty()
            && rest.split('.').count() <= 2
            && rest
                .split('.')
                .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The facts by the names of fields. None if the debug information does not have the types.
pub fn described(debug: &Debug<'_>, types: Option<u64>) -> Result<Option<Runtime>, Diagnostic> {
    let (g, m) = (
        Struct::named(debug, "runtime.g")?,
        Struct::named(debug, "runtime.m")?,
    );
    let (Some(g), Some(m)) = (g, m) else {
        return Ok(None);
    };
    let (Some(stack), Some(g_m), Some(goid), Some(curg)) = (
        g.field(debug, &["stack", "hi"])?,
        g.field(debug, &["m"])?,
        g.field(debug, &["goid"])?,
        m.field(debug, &["curg"])?,
    ) else {
        return Ok(None);
    };
    let map_count = match Struct::named(debug, "internal/runtime/maps.Map")? {
        Some(map) => map.field(debug, &["used"])?,
        None => match Struct::named(debug, "runtime.hmap")? {
            Some(map) => map.field(debug, &["count"])?,
            None => None,
        },
    };
    let (chan_count, chan_size) = match Struct::named(debug, "runtime.hchan")? {
        Some(chan) => (chan.field(debug, &["qcount"])?, chan.field(debug, &["dataqsiz"])?),
        None => (None, None),
    };
    let sched = g.field(debug, &["sched"])?;
    let frame = match Struct::named(debug, "runtime.gobuf")? {
        Some(saved) => saved.field(debug, &["bp"])?,
        None => None,
    };
    Ok(Some(Runtime {
        g_stack_hi: stack.0,
        g_m: g_m.0,
        g_goid: goid.0,
        g_parent_goid: g.field(debug, &["parentGoid"])?.map(|(offset, _)| offset),
        g_gopc: g.field(debug, &["gopc"])?.map(|(offset, _)| offset),
        g_sched: sched
            .map(|(offset, _)| offset)
            .zip(frame.map(|(offset, _)| offset)),
        m_curg: curg.0,
        tls_g: None,
        types,
        types_end: None,
        map_count: map_count.unwrap_or(MAP_COUNT),
        chan_count: chan_count.map_or(CHAN_COUNT, |(offset, _)| offset),
        chan_size: chan_size.map_or(CHAN_SIZE, |(offset, _)| offset),
    }))
}

/// A struct of the run time.
struct Struct(Vec<crate::gotype::Field>);

impl Struct {
    fn named(debug: &Debug<'_>, name: &str) -> Result<Option<Self>, Diagnostic> {
        let Some(ty) = debug.type_named(name)? else {
            return Ok(None);
        };
        Ok(match debug.type_of(ty)?.kind {
            Kind::Struct(fields) => Some(Self(fields)),
            _ => None,
        })
    }

    /// Offset and size of the field at the end of this path.
    fn field(&self, debug: &Debug<'_>, path: &[&str]) -> Result<Option<(u64, u64)>, Diagnostic> {
        let Some((first, rest)) = path.split_first() else {
            return Ok(None);
        };
        let Some(field) = self.0.iter().find(|field| field.name == *first) else {
            return Ok(None);
        };
        let ty = debug.type_of(field.ty)?;
        if rest.is_empty() {
            return Ok(Some((field.offset, ty.size)));
        }
        match ty.kind {
            Kind::Struct(fields) => Ok(Self(fields)
                .field(debug, rest)?
                .and_then(|(offset, size)| Some((offset.checked_add(field.offset)?, size)))),
            _ => Ok(None),
        }
    }
}
