//! Brings executables into memory: the only place of the library that opens files.

use crate::diagnostic::{Code, Diagnostic};
use crate::target::elf::debug_file;
use crate::target::kept::Kept;
use memmap2::Mmap;
use object::Object as _;
use object::read::elf::ElfFile64;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// An executable and, if its debug information is in a file of its own, that file too.
#[derive(Debug)]
pub struct Loaded {
    /// The path that probes name: absolute, not resolved any further.
    path: String,
    main: Mmap,
    /// The state of the file when it was opened.
    stamp: Stamp,
    debug: Option<(String, Mmap)>,
    /// The separate file that bpftrace would read symbols from.
    symbols: Option<(String, Mmap)>,
    /// Where large sections of debug information are kept inflated, if anywhere.
    kept: Option<Kept>,
    /// What should be said about how the file was found.
    notes: Vec<String>,
    /// Warnings about debug files that were found.
    warnings: Vec<Diagnostic>,
}

impl Loaded {
    /// Maps the executable at `path`.
    ///
    /// # Errors
    /// `FILE_UNREADABLE`, `NOT_A_FILE` or `PATH_NOT_TEXT`.
    pub fn open(path: &Path) -> Result<Self, Diagnostic> {
        Self::open_with(path, None)
    }

    /// The same with the debug file that somebody names, which has to belong to the executable.
    ///
    /// # Errors
    /// Those of [`Loaded::open`], also for the debug file, and `DEBUG_FILE_MISMATCH`.
    pub fn open_with(path: &Path, debug: Option<&Path>) -> Result<Self, Diagnostic> {
        let absolute = std::path::absolute(path).map_err(|error| unreadable(path, &error))?;
        let Some(text) = absolute.to_str() else {
            return Err(Diagnostic::error(
                Code::PATH_NOT_TEXT,
                format!("the path `{}` is not UTF-8", path.display()),
            )
            .help("reach the program by a path that is, for example through a symbolic link"));
        };
        let (main, stamp) = map(&absolute)?;
        let mut loaded = Self {
            path: text.to_owned(),
            main,
            stamp,
            debug: None,
            symbols: None,
            kept: None,
            notes: Vec::new(),
            warnings: Vec::new(),
        };
        match debug {
            Some(file) => loaded.take_debug_file(file)?,
            None => loaded.find_debug_file(&absolute),
        }
        Ok(loaded)
    }

    /// Maps the executable of the running process `pid`, under a path that also reaches into its container.
    ///
    /// # Errors
    /// `NO_PROCESS`, `PROCESS_UNREADABLE`, and those of [`Loaded::open`].
    pub fn of_process(pid: u32) -> Result<Self, Diagnostic> {
        Self::of_process_with(pid, None)
    }

    /// The same with the debug file that somebody names, which has to belong to the executable.
    ///
    /// # Errors
    /// Those of [`Loaded::of_process`] and [`Loaded::open_with`].
    pub fn of_process_with(pid: u32, debug: Option<&Path>) -> Result<Self, Diagnostic> {
        let link = PathBuf::from(format!("/proc/{pid}/exe"));
        let target = std::fs::read_link(&link).map_err(|error| no_executable(pid, &error))?;
        let inside = target.strip_prefix("/").unwrap_or(&target);
        let through = PathBuf::from(format!("/proc/{pid}/root")).join(inside);
        // The link's text is the path in the process's container, or, for one that only changed its root directory,
        // here or around that directory. Make sure that it leads to the file that runs.
        let root = std::fs::read_link(format!("/proc/{pid}/root")).unwrap_or_default();
        let below = target.strip_prefix(&root).unwrap_or(inside);
        let below = PathBuf::from(format!("/proc/{pid}/root")).join(below.strip_prefix("/").unwrap_or(below));
        for path in [&through, &target, &below] {
            if same_file(path, &link) {
                return Self::open_with(path, debug);
            }
        }
        let deleted = target.as_os_str().to_string_lossy().ends_with(" (deleted)");
        let mut loaded = Self::open_with(&link, debug)?;
        loaded.notes.push(if deleted {
            format!(
                "the program that process {pid} runs was deleted or replaced since it started; probes go to \
                 /proc/{pid}/exe and only work while the process runs"
            )
        } else {
            format!(
                "{} is not what process {pid} runs any more; probes go to /proc/{pid}/exe and only work while it runs",
                target.display()
            )
        });
        Ok(loaded)
    }

    /// Makes sure that the program's file is what it was when it was opened: what was read of it belongs together, and
    /// is what its path leads to.
    ///
    /// # Errors
    /// `FILE_CHANGED`.
    pub fn unchanged(&self) -> Result<(), Diagnostic> {
        let now = std::fs::metadata(&self.path).map(|metadata| Stamp::of(&metadata));
        if now.as_ref().is_ok_and(|now| *now == self.stamp) {
            return Ok(());
        }
        if now.is_err()
            && let Some(pid) = process_of(&self.path)
        {
            return Err(Diagnostic::error(
                Code::NO_PROCESS,
                format!("process {pid} ended while gobt read its program"),
            )
            .help("name the program itself with --bin: a script for it traces every process that runs this file"));
        }
        let what = match now {
            Ok(now) if now.file == self.stamp.file => "written to",
            Ok(_) => "replaced",
            Err(_) => "removed",
        };
        Err(Diagnostic::error(
            Code::FILE_CHANGED,
            format!("`{}` was {what} while gobt read it", self.path),
        )
        .help("run gobt again when the program is back at its path"))
    }

    /// Looks for the file that holds the debug information if the executable at `path` does not.
    fn find_debug_file(&mut self, path: &Path) {
        // What is no ELF file is refused when it is opened as a target.
        let Ok(elf) = ElfFile64::<object::Endianness>::parse(self.main.as_ref()) else {
            return;
        };
        let search = debug_file::find(path, &elf, &mut |candidate| Some(map(candidate).ok()?.0));
        self.debug = search
            .found
            .map(|(path, file)| (path.display().to_string(), file));
        self.warnings = search.warnings;
        self.symbols = debug_file::seen_by_bpftrace(path, &elf)
            .into_iter()
            .filter(|candidate| !same_file(candidate, path))
            .find_map(|candidate| Some((candidate.display().to_string(), map(&candidate).ok()?.0)))
            .filter(|(_, file)| file.starts_with(&object::elf::ELFMAG));
    }

    /// Takes the debug file that somebody names.
    fn take_debug_file(&mut self, file: &Path) -> Result<(), Diagnostic> {
        let (debug, _) = map(file)?;
        let Ok(elf) = ElfFile64::<object::Endianness>::parse(self.main.as_ref()) else {
            return Ok(());
        };
        if elf.section_by_name(".debug_info").is_some() {
            self.notes.push(format!(
                "{} is not used: the program has its debug information itself",
                file.display()
            ));
            return Ok(());
        }
        if let Err(why) = debug_file::belongs(&elf, debug.as_ref()) {
            return Err(Diagnostic::error(
                Code::DEBUG_FILE_MISMATCH,
                format!(
                    "`{}` is not the debug file of `{}`: {why}",
                    file.display(),
                    self.path
                ),
            )
            .help(
                "name the file that was made from this very build, for example by objcopy --only-keep-debug",
            ));
        }
        self.debug = Some((file.display().to_string(), debug));
        Ok(())
    }

    /// Keeps large sections of debug information inflated between runs, in the directory `gobt` of `parent`, which is
    /// the user's own: what the program is found to be does not depend on it. A directory that cannot be used for that
    /// is left alone.
    #[must_use]
    pub fn keeping_in(mut self, parent: Option<PathBuf>) -> Self {
        self.kept = parent.map(Kept::within);
        self
    }

    /// The path that probes name.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path that processes which run the program have for it in `/proc/PID/maps`, as far as it is known: without
    /// symbolic links, and as seen in their container.
    #[must_use]
    pub fn mapped(&self) -> Option<String> {
        if process_of(&self.path).is_none() {
            let real = std::fs::canonicalize(&self.path).ok()?;
            return real.into_os_string().into_string().ok();
        }
        // It was read from there, but for the executable of a process that is nowhere else any more.
        let (_, inside) = self.path.split_once("/root/")?;
        Some(format!("/{inside}"))
    }

    /// The executable's bytes.
    #[must_use]
    pub fn main(&self) -> &[u8] {
        &self.main
    }

    /// The path and the bytes of the separate file with the debug information.
    #[must_use]
    pub fn debug(&self) -> Option<(&str, &[u8])> {
        self.debug
            .as_ref()
            .map(|(path, file)| (path.as_str(), file.as_ref()))
    }

    /// The path and the bytes of the separate file that bpftrace on this machine reads symbols from before the
    /// program's own.
    #[must_use]
    pub fn symbols(&self) -> Option<(&str, &[u8])> {
        self.symbols
            .as_ref()
            .map(|(path, file)| (path.as_str(), file.as_ref()))
    }

    /// Where large sections of debug information are kept inflated.
    pub(crate) fn kept(&self) -> Option<&Kept> {
        self.kept.as_ref()
    }

    /// What should be said about debug files that were looked at and left alone.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// What should be said about how the file was found.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

/// Why a file cannot be read.
fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    let path = path.display();
    let diagnostic = Diagnostic::error(
        Code::FILE_UNREADABLE,
        format!("cannot read `{path}`: {}", plain(error)),
    );
    match error.kind() {
        ErrorKind::NotFound => {
            diagnostic.help("name the executable by its path; it is not searched in $PATH")
        }
        ErrorKind::PermissionDenied => {
            diagnostic.help("run gobt as a user who may read the file, for example as root")
        }
        _ => diagnostic,
    }
}

/// An error of the system in words, without its number.
fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::NotADirectory => "a part of the path is not a directory".to_owned(),
        _ => error.to_string(),
    }
}

/// Why `/proc/PID/exe` leads nowhere.
fn no_executable(pid: u32, error: &std::io::Error) -> Diagnostic {
    let exists = Path::new(&format!("/proc/{pid}")).exists();
    match error.kind() {
        ErrorKind::PermissionDenied => Diagnostic::error(
            Code::PROCESS_UNREADABLE,
            format!("not allowed to look at process {pid}"),
        )
        .help("run gobt as root with CAP_SYS_PTRACE, or as the user who runs the process, if it has no more rights"),
        _ if exists => Diagnostic::error(
            Code::NO_PROCESS,
            format!("process {pid} has no executable: it is a kernel thread or has just ended"),
        )
        .help("`pgrep -a NAME` lists processes with their programs"),
        _ => Diagnostic::error(Code::NO_PROCESS, format!("there is no process {pid}"))
            .help("`pgrep -a NAME` lists processes with their programs"),
    }
}

/// True if both paths lead to one file.
fn same_file(left: &Path, right: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (std::fs::metadata(left), std::fs::metadata(right)) {
        (Ok(left), Ok(right)) => left.dev() == right.dev() && left.ino() == right.ino(),
        _ => false,
    }
}

/// The process through whose directory in `/proc` a path goes.
fn process_of(path: &str) -> Option<u32> {
    path.strip_prefix("/proc/")?.split('/').next()?.parse().ok()
}

/// By what a file is known again: device and inode, length, time of the last change in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    file: (u64, u64),
    length: u64,
    changed: (i64, i64),
}

impl Stamp {
    fn of(metadata: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self {
            file: (metadata.dev(), metadata.ino()),
            length: metadata.len(),
            changed: (metadata.mtime(), metadata.mtime_nsec()),
        }
    }
}

/// Maps a regular file.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the place that opens executables"
)]
fn map(path: &Path) -> Result<(Mmap, Stamp), Diagnostic> {
    // Looked at before it is opened: opening a pipe would wait for a writer.
    let kind = std::fs::metadata(path)
        .map_err(|error| unreadable(path, &error))?
        .file_type();
    if !kind.is_file() {
        use std::os::unix::fs::FileTypeExt as _;
        let what = if kind.is_dir() {
            "a directory"
        } else if kind.is_fifo() {
            "a pipe"
        } else if kind.is_socket() {
            "a socket"
        } else {
            "a device"
        };
        return Err(Diagnostic::error(
            Code::NOT_A_FILE,
            format!("`{}` is {what}, not a program", path.display()),
        )
        .help("name the executable file itself"));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    #[expect(unsafe_code, reason = "mapping is what makes a 150 MB program open at once")]
    // SAFETY: the mapping is private and only read. Should somebody shorten the file meanwhile, reading it raises
    // SIGBUS, of which the command line makes an error; should somebody rewrite it, wrong bytes are read, and every
    // reader treats the bytes as hostile anyway.
    let map = unsafe { Mmap::map(&file) };
    let stamp = file.metadata().map(|metadata| Stamp::of(&metadata));
    map.and_then(|map| Ok((map, stamp?)))
        .map_err(|error| unreadable(path, &error))
}
