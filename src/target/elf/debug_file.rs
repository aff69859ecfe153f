//! The separate file that holds a program's debug information.
//!
//! Where it is looked for and how it is recognised follows gdb ("Debugging Information in Separate Files"): by the
//! build id in `/usr/lib/debug/.build-id`, then by the name in `.gnu_debuglink` beside the program, in `.debug` there,
//! and under `/usr/lib/debug`.

use std::path::{Component, Path, PathBuf};

use object::read::elf::ElfFile64;
use object::{Object, ObjectSection};

use crate::diagnostic::{Code, Diagnostic};

/// Where distributions install debug files.
const DEBUG_DIRECTORY: &str = "usr/lib/debug";

/// The result of a search.
#[derive(Debug)]
pub(crate) struct Search<F> {
    /// The file and its path.
    pub(crate) found: Option<(PathBuf, F)>,
    /// Files that were found but belong to another build.
    pub(crate) warnings: Vec<Diagnostic>,
    /// Every path that was tried.
    pub(crate) tried: Vec<PathBuf>,
}

/// Looks for the debug file of `main`, which lies at the absolute `path`. `open` gives a file's bytes if it is there
/// and can be read. There is no search if `main` has its debug information itself, or names no debug file.
pub(crate) fn find<F: AsRef<[u8]>>(
    path: &Path,
    main: &ElfFile64<'_>,
    open: &mut dyn FnMut(&Path) -> Option<F>,
) -> Search<F> {
    let mut search = Search {
        found: None,
        warnings: Vec::new(),
        tried: Vec::new(),
    };
    if main.section_by_name(".debug_info").is_some() {
        return search;
    }
    let build_id = main.build_id().ok().flatten();
    let link = main
        .gnu_debuglink()
        .ok()
        .flatten()
        .and_then(|(name, crc)| Some((plain_name(name)?, crc)));
    let mut candidates = Vec::new();
    for directory in debug_directories(path) {
        candidates.extend(
            build_id
                .and_then(|id| by_build_id(&directory, id))
                .map(|path| (path, None)),
        );
    }
    if let Some((name, crc)) = link {
        let parent = path.parent().unwrap_or(Path::new("/"));
        candidates.push((parent.join(name), Some(crc)));
        candidates.push((parent.join(".debug").join(name), Some(crc)));
        let inside = inside(parent);
        for directory in debug_directories(path) {
            candidates.push((directory.join(&inside).join(name), Some(crc)));
        }
    }
    for (candidate, crc) in candidates {
        if candidate == path || search.tried.contains(&candidate) {
            continue;
        }
        search.tried.push(candidate.clone());
        let Some(file) = open(&candidate) else { continue };
        match check(main, file.as_ref(), crc) {
            Ok(()) => {
                search.found = Some((candidate, file));
                return search;
            }
            Err(why) => search.warnings.push(
                Diagnostic::warning(
                    Code::DEBUG_FILE_MISMATCH,
                    format!("{} is not used: {why}", candidate.display()),
                )
                .help("install the debug file of this build, or remove this one"),
            ),
        }
    }
    for candidate in neighbours(path) {
        if search.tried.contains(&candidate) {
            continue;
        }
        let Some(file) = open(&candidate) else { continue };
        let shown = candidate.display();
        let warning = |why: &str| {
            Diagnostic::warning(
                Code::DEBUG_FILE_MISMATCH,
                format!("{shown} lies beside the program and is not used: {why}"),
            )
        };
        search.warnings.push(match belongs(main, file.as_ref()) {
            Ok(()) => warning(match link {
                Some(_) => "the program's .gnu_debuglink names another file",
                None => "the program has no .gnu_debuglink that names it",
            })
            .help(format!(
                "it is of this build; to use it, give --debug-file {shown}"
            )),
            Err(why) => warning(&why).help(
                "install the debug file of this build, or build the program without -ldflags=-w and -s",
            ),
        });
    }
    search
}

/// Where bpftrace looks for a file with symbols of `main`, which lies at `path`, in its order: the first that is an ELF
/// file is taken, whatever build it is of (`find_debug_file` in bcc's `src/cc/bcc_elf.c`; bpftrace has it check no
/// checksum).
pub(crate) fn seen_by_bpftrace(path: &Path, main: &ElfFile64<'_>) -> Vec<PathBuf> {
    let global = Path::new("/").join(DEBUG_DIRECTORY);
    let build_id = main.build_id().ok().flatten();
    let mut candidates: Vec<_> = build_id
        .and_then(|id| by_build_id(&global, id))
        .into_iter()
        .collect();
    let link = main.gnu_debuglink().ok().flatten();
    if let (Some(name), Some(parent)) = (link.and_then(|(name, _)| plain_name(name)), path.parent()) {
        candidates.push(parent.join(name));
        candidates.push(parent.join(".debug").join(name));
        candidates.push(global.join(parent.strip_prefix("/").unwrap_or(parent)).join(name));
    }
    candidates
}

/// Usual places of a debug file beside the program at `path`, where it is not found unless the program names it.
fn neighbours(path: &Path) -> Vec<PathBuf> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Vec::new();
    };
    let with = |ending: &str| {
        let mut whole = name.to_os_string();
        whole.push(ending);
        whole
    };
    vec![
        parent.join(with(".debug")),
        parent.join(with(".dbg")),
        parent.join(with(".debuginfo")),
        parent.join(".debug").join(with(".debug")),
        parent.join(".debug").join(name),
    ]
}

/// Makes sure that a file that the user named is the debug file of `main`: by the build ids if both have one, and by
/// the addresses of all sections.
///
/// # Errors
/// Why it is not.
pub(crate) fn belongs(main: &ElfFile64<'_>, bytes: &[u8]) -> Result<(), String> {
    let debug = ElfFile64::<object::Endianness>::parse(bytes)
        .map_err(|_| "it is not a 64-bit ELF file".to_owned())?;
    // A file without a build id is not refused for that alone: then the sections have to tell.
    let link = match debug.build_id() {
        Ok(Some(_)) => None,
        _ => Some(crc_of(bytes)),
    };
    check(main, bytes, link)?;
    let loaded = |file: &ElfFile64<'_>| -> Vec<(String, u64, u64)> {
        let sections = file.sections().filter(|section| section.address() != 0);
        let mut found: Vec<_> = sections
            .filter_map(|section| Some((section.name().ok()?.to_owned(), section.address(), section.size())))
            .collect();
        found.sort();
        found
    };
    let own = loaded(main);
    let missing = loaded(&debug).into_iter().find(|section| !own.contains(section));
    match missing {
        Some((name, address, _)) => Err(format!(
            "its section {name} at {address:#x} is not one of the program's"
        )),
        None => Ok(()),
    }
}

fn crc_of(bytes: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    sum.sum()
}

/// Why a file is not the debug file of `main`, if it is not.
fn check(main: &ElfFile64<'_>, bytes: &[u8], crc: Option<u32>) -> Result<(), String> {
    let debug = ElfFile64::<object::Endianness>::parse(bytes)
        .map_err(|_| "it is not a 64-bit ELF file".to_owned())?;
    let ids = (main.build_id().ok().flatten(), debug.build_id().ok().flatten());
    match ids {
        (Some(main), Some(debug)) if main != debug => {
            return Err(format!("its build id is {}, not {}", hex(debug), hex(main)));
        }
        (Some(_), None) if crc.is_none() => return Err("it has no build id".to_owned()),
        (Some(_), Some(_)) => {}
        _ => {
            if let Some(crc) = crc {
                let sum = crc_of(bytes);
                if sum != crc {
                    return Err(format!(
                        "its checksum is {sum:08x}, not {crc:08x} as the program says"
                    ));
                }
            }
        }
    }
    let go_id = |file: &ElfFile64<'_>| {
        file.section_by_name(".note.go.buildid")
            .and_then(|section| section.data().ok())
            .filter(|data| !data.is_empty())
            .map(<[u8]>::to_vec)
    };
    if let (Some(main), Some(debug)) = (go_id(main), go_id(&debug))
        && main != debug
    {
        return Err("Go's build id in it is another one".to_owned());
    }
    let code = |file: &ElfFile64<'_>| {
        let text = file.section_by_name(".text")?;
        Some((text.address(), text.size()))
    };
    if let (Some(main), Some(debug)) = (code(main), code(&debug))
        && main != debug
    {
        return Err("its code lies elsewhere".to_owned());
    }
    if debug.section_by_name(".debug_info").is_none() {
        return Err("it has no debug information".to_owned());
    }
    Ok(())
}

/// The name in `.gnu_debuglink`, if it is that of a file and leads nowhere else.
fn plain_name(name: &[u8]) -> Option<&Path> {
    let name = Path::new(std::str::from_utf8(name).ok()?);
    let mut components = name.components();
    match (components.next(), components.next()) {
        (Some(Component::Normal(_)), None) => Some(name),
        _ => None,
    }
}

/// `DIRECTORY/.build-id/xx/yyyy.debug`
fn by_build_id(directory: &Path, id: &[u8]) -> Option<PathBuf> {
    let (first, rest) = id.split_first()?;
    if rest.is_empty() || rest.len() > 64 {
        return None;
    }
    let name = format!(".build-id/{first:02x}/{}.debug", hex(rest));
    Some(directory.join(name))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The directories of debug files: that of the process's own file system first, if the program is reached through
/// `/proc/PID/root`.
fn debug_directories(path: &Path) -> Vec<PathBuf> {
    let mut directories = Vec::new();
    let parts: Vec<_> = path.components().take(4).collect();
    if parts.get(1).is_some_and(|part| part.as_os_str() == "proc")
        && parts.get(3).is_some_and(|part| part.as_os_str() == "root")
    {
        directories.push(parts.iter().collect::<PathBuf>().join(DEBUG_DIRECTORY));
    }
    directories.push(Path::new("/").join(DEBUG_DIRECTORY));
    directories
}

/// A directory as seen from its root, to be joined to another: without `/` and without `/proc/PID/root`.
fn inside(directory: &Path) -> PathBuf {
    let parts: Vec<_> = directory.components().collect();
    let through = parts.get(1).is_some_and(|part| part.as_os_str() == "proc")
        && parts.get(3).is_some_and(|part| part.as_os_str() == "root");
    let skip = if through { 4 } else { 0 };
    parts
        .iter()
        .skip(skip)
        .filter(|part| matches!(part, Component::Normal(_)))
        .collect()
}
