//! Builds the programs of `tests/targets/` with a pinned Go release, in all ways that programs are built.

use super::trouble::{all_said, need, not_fetched};
use super::{Lack, Trouble, cache, once, repository};
use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};

/// The Go releases that the tests know, oldest first: the last patch release of each, where there is one.
pub const TOOLCHAINS: [&str; 11] = [
    "1.17.13", "1.18.10", "1.19.13", "1.20.14", "1.21.13", "1.22.12", "1.23.12", "1.24.11", "1.25.5",
    "1.26.6", "1.27.3",
];

/// How a program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    /// `go build`, without cgo.
    Default,
    /// `-trimpath`.
    Trimpath,
    /// `-buildmode=pie`.
    Pie,
    /// With cgo, linked by the system's linker.
    Cgo,
    /// `-gcflags=all=-N -l`: no optimisation, no inlining.
    NoOpt,
    /// `-ldflags=-w`: no DWARF.
    NoDwarf,
    /// `-ldflags=-s -w`: no DWARF, no symbol table.
    Stripped,
    /// `-ldflags=-compressdwarf=false`.
    CompressDwarfOff,
    /// `GOAMD64=v1`: instructions that every x86-64 processor has. Releases before 1.18 do not know it.
    Amd64V1,
    /// `GOAMD64=v3`: those of processors since about 2013 (AVX2, BMI2).
    Amd64V3,
    /// `-race`: with the race detector, which is C++ code that Go's own linker takes in.
    Race,
    /// `-cover`: a counter for each piece of code. Since Go 1.20.
    Cover,
    /// With cgo, linked by the system's linker, statically.
    Static,
    /// `-buildmode=c-shared`, loaded by the C program in `host/host.c`.
    Shared,
    /// `-buildmode=plugin`, loaded by the Go program in `host/`.
    Plugin,
    /// The program in `host/`, which loads the plugin.
    PluginHost,
    /// Stripped, with cgo: what imports "plugin" keeps its functions in `.dynsym` (Debian's rclone).
    Exported,
    /// The same, position-independent (Debian's kubectl).
    ExportedPie,
    /// Stripped, linked by the system's linker with `-rdynamic`.
    Rdynamic,
    /// Static, then stripped.
    StaticStripped,
    /// With cgo, its debug information removed by `strip -g`.
    StripG,
    /// Static and stripped, with a debug file beside it that `.gnu_debuglink` names.
    DebugLink,
    /// Static and stripped, with a debug file by its build id that only bpftrace finds.
    BuildId,
    /// Static and stripped, with symbols in `.gnu_debugdata`.
    MiniDebug,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 24] = [
        Self::Default,
        Self::Trimpath,
        Self::Pie,
        Self::Cgo,
        Self::NoOpt,
        Self::NoDwarf,
        Self::Stripped,
        Self::CompressDwarfOff,
        Self::Amd64V1,
        Self::Amd64V3,
        Self::Race,
        Self::Cover,
        Self::Static,
        Self::Shared,
        Self::Plugin,
        Self::PluginHost,
        Self::Exported,
        Self::ExportedPie,
        Self::Rdynamic,
        Self::StaticStripped,
        Self::StripG,
        Self::DebugLink,
        Self::BuildId,
        Self::MiniDebug,
    ];

    /// The mode's name in test headers and directories.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Trimpath => "trimpath",
            Self::Pie => "pie",
            Self::Cgo => "cgo",
            Self::NoOpt => "noopt",
            Self::NoDwarf => "nodwarf",
            Self::Stripped => "stripped",
            Self::CompressDwarfOff => "plaindwarf",
            Self::Amd64V1 => "v1",
            Self::Amd64V3 => "v3",
            Self::Race => "race",
            Self::Cover => "cover",
            Self::Static => "static",
            Self::Shared => "cshared",
            Self::Plugin => "plugin",
            Self::PluginHost => "pluginhost",
            Self::Exported => "exported",
            Self::ExportedPie => "exportedpie",
            Self::Rdynamic => "rdynamic",
            Self::StaticStripped => "staticstripped",
            Self::StripG => "stripg",
            Self::DebugLink => "debuglink",
            Self::BuildId => "buildid",
            Self::MiniDebug => "minidebug",
        }
    }

    /// The mode of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// The arguments of `go build`.
    const fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Default | Self::Amd64V1 | Self::Amd64V3 | Self::StripG => &[],
            Self::Trimpath => &["-trimpath"],
            Self::Pie => &["-buildmode=pie"],
            Self::Cgo => &["-ldflags=-linkmode=external"],
            Self::NoOpt => &["-gcflags=all=-N -l"],
            Self::NoDwarf => &["-ldflags=-w"],
            Self::Stripped | Self::Exported => &["-ldflags=-s -w"],
            Self::ExportedPie => &["-buildmode=pie", "-ldflags=-s -w"],
            Self::Rdynamic => &["-ldflags=-s -w -linkmode=external -extldflags=-rdynamic"],
            Self::CompressDwarfOff => &["-ldflags=-compressdwarf=false"],
            Self::Race => &["-race"],
            Self::Cover => &["-cover"],
            Self::Static | Self::StaticStripped | Self::DebugLink | Self::BuildId | Self::MiniDebug => {
                &["-ldflags=-linkmode=external -extldflags=-static"]
            }
            Self::Shared => &["-buildmode=c-shared"],
            Self::Plugin => &["-buildmode=plugin"],
            Self::PluginHost => &[],
        }
    }

    /// What belongs to the traced file when it runs: the end of its name, and how it is built.
    fn companion(self) -> Option<(&'static str, Companion)> {
        match self {
            Self::Shared => Some(("host", Companion::C)),
            Self::Plugin => Some(("host", Companion::Go(Self::PluginHost, "./host"))),
            Self::PluginHost => Some(("plugin", Companion::Go(Self::Plugin, "."))),
            _ => None,
        }
    }

    /// The package that is traced.
    const fn package(self) -> &'static str {
        match self {
            Self::PluginHost => "./host",
            _ => ".",
        }
    }

    /// The C compiler that it needs.
    fn compiler(self) -> Option<&'static str> {
        self.environment()
            .contains(&("CGO_ENABLED", "1"))
            .then_some("gcc")
    }

    /// Variables that `go build` is run with.
    const fn environment(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Cgo | Self::Race | Self::Static | Self::Shared | Self::Plugin | Self::PluginHost => {
                &[("CGO_ENABLED", "1")]
            }
            Self::Exported | Self::ExportedPie | Self::Rdynamic | Self::StripG => &[("CGO_ENABLED", "1")],
            Self::StaticStripped | Self::DebugLink | Self::BuildId | Self::MiniDebug => {
                &[("CGO_ENABLED", "1")]
            }
            Self::Amd64V1 => &[("CGO_ENABLED", "0"), ("GOAMD64", "v1")],
            Self::Amd64V3 => &[("CGO_ENABLED", "0"), ("GOAMD64", "v3")],
            _ => &[("CGO_ENABLED", "0")],
        }
    }
}

/// How the other file of two that run together is built.
enum Companion {
    /// By the C compiler, from `host/host.c`.
    C,
    /// By Go, in this mode, from this package.
    Go(Mode, &'static str),
}

/// The command that runs a built file: the file itself, or the host that loads it, or the file with what it is to load.
pub fn command_of(built: &Path) -> Command {
    let (host, plugin) = (beside(built, "host"), beside(built, "plugin"));
    if host.is_file() {
        let mut command = Command::new(host);
        command.arg(built);
        return command;
    }
    let mut command = Command::new(built);
    if plugin.is_file() {
        command.arg(plugin);
    }
    command
}

/// `PROGRAM.END` beside `PROGRAM`.
fn beside(built: &Path, end: &str) -> PathBuf {
    let mut name = built.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    name.into()
}

impl Mode {
    /// Changes a copy of a built program as distributions do. Gives the variables that bpftrace's environment needs
    /// then.
    pub fn finish(self, executable: &Path) -> Result<Vec<String>, Trouble> {
        const STEPS: &str = r#"
            set -e
            case $1 in
            stripg) strip -g "$2" ;;
            staticstripped) strip "$2" ;;
            debuglink)
                objcopy --only-keep-debug "$2" "$2.debug"; strip "$2"; objcopy --add-gnu-debuglink="$2.debug" "$2" ;;
            buildid)
                id=$(readelf -n "$2" | sed -n 's/.*Build ID: //p'); rest=${id#??}; place=${2%/*}/.build-id/${id%"$rest"}
                mkdir -p "$place"; objcopy --only-keep-debug "$2" "$place/$rest.debug"; strip "$2" ;;
            minidebug)
                objcopy --only-keep-debug "$2" "$2.mini"; objcopy -S --keep-symbol=main.work "$2.mini"; rm -f "$2.mini.xz"
                xz "$2.mini"; strip "$2"; objcopy --add-section .gnu_debugdata="$2.mini.xz" "$2" ;;
            esac
        "#;
        let tools: &[&str] = match self {
            Self::StripG | Self::StaticStripped | Self::DebugLink | Self::BuildId => &["objcopy"],
            Self::MiniDebug => &["objcopy", "xz"],
            _ => return Ok(Vec::new()),
        };
        tools.iter().try_for_each(|tool| need(tool))?;
        let output = Command::new("sh")
            .args(["-c", STEPS, "finish", self.name()])
            .arg(executable)
            .output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(Trouble::Failed(format!("{}: {said}", self.name())));
        }
        let directory = executable.parent().unwrap_or(Path::new("/")).display();
        let found_by = format!("BCC_DEBUGINFO_ROOT={directory}");
        Ok((self == Self::BuildId).then_some(found_by).into_iter().collect())
    }
}

/// Builds `tests/targets/PROGRAM` with Go `toolchain` (`1.22.12`) and gives the path of the executable. A program that
/// was built before from the same sources is used again. Safe to call from several tests at once.
pub fn build(program: &str, toolchain: &str, mode: Mode) -> Result<PathBuf, Trouble> {
    let targets = repository().join("tests").join("targets");
    build_in(
        &targets.join(program),
        &targets.join("truth"),
        program,
        toolchain,
        mode,
    )
}

/// Builds the program in `directory`, which requires no other, likewise.
pub fn build_at(directory: &Path, program: &str, toolchain: &str, mode: Mode) -> Result<PathBuf, Trouble> {
    build_in(directory, directory, program, toolchain, mode)
}

/// A copy of a built program, `name` in the directory `place`: probes are on the file, and other tests run the same
/// program meanwhile.
pub fn own_copy(built: &Path, place: &Path, name: &str) -> Result<PathBuf, Trouble> {
    fs::create_dir_all(place)?;
    let executable = place.join(name);
    fs::copy(built, &executable)?;
    for end in ["host", "plugin"] {
        if beside(built, end).is_file() {
            fs::copy(beside(built, end), beside(&executable, end))?;
        }
    }
    Ok(executable)
}

/// Builds the program whose sources are in `directory` (and in `also`, which it requires).
fn build_in(
    directory: &Path,
    also: &Path,
    program: &str,
    toolchain: &str,
    mode: Mode,
) -> Result<PathBuf, Trouble> {
    let sources = hash_of(&[directory, also])?;
    let place = cache().join("go").join(toolchain).join(mode.name());
    let executable = place.join(program);
    let stamp = place.join(format!("{program}.sources"));
    let done = || {
        let same = fs::read_to_string(&stamp).is_ok_and(|old| old == sources);
        (same && executable.is_file()).then(|| executable.clone())
    };
    once(&place.join(format!("{program}.lock")), done, || {
        bring(toolchain)?;
        if let Some(compiler) = mode.compiler() {
            need(compiler)?;
        }
        let fresh = place.join(format!("{program}.new"));
        let go = |mode: Mode, package: &str, to: &Path| {
            let mut command = go_command(toolchain);
            command
                .envs(mode.environment().iter().copied())
                .arg("build")
                .args(mode.flags())
                .arg("-o")
                .arg(to)
                .arg(package);
            command
        };
        let run = |mut command: Command| {
            let output = command.current_dir(directory).output()?;
            if output.status.success() {
                return Ok(());
            }
            Err(Trouble::Failed(format!(
                "Go {toolchain} does not build {program} ({}):\n{}",
                mode.name(),
                String::from_utf8_lossy(&output.stderr)
            )))
        };
        run(go(mode, mode.package(), &fresh))?;
        if let Some((end, companion)) = mode.companion() {
            let to = beside(&executable, end);
            run(match companion {
                Companion::Go(mode, package) => go(mode, package, &to),
                Companion::C => {
                    let mut command = Command::new("gcc");
                    command.args(["host/host.c", "-ldl", "-o"]).arg(&to);
                    command
                }
            })?;
        }
        fs::rename(&fresh, &executable)?;
        fs::write(&stamp, &sources)?;
        Ok(executable.clone())
    })
}

/// One of Go's own commands (`gofmt`, `go`, `compile`), built by Go `toolchain` with its debug information.
pub fn command(name: &str, toolchain: &str) -> Result<PathBuf, Trouble> {
    // No go.mod has a say there.
    package(
        name,
        toolchain,
        "0",
        &format!("cmd/{name}"),
        &std::env::temp_dir(),
    )
}

/// What `go install` makes of a module's command at a version.
pub fn install(module: &str, toolchain: &str) -> Result<PathBuf, Trouble> {
    let (path, version) = module.split_once('@').ok_or("a module needs a version")?;
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let numbered = last(path)
        .strip_prefix('v')
        .is_some_and(|rest| rest.parse::<u32>().is_ok());
    let name = match path.rsplit_once('/') {
        Some((before, _)) if numbered => last(before),
        _ => last(path),
    };
    let place = cache().join("go").join(toolchain).join("modules").join(version);
    let executable = place.join(&name);
    let done = || executable.is_file().then(|| executable.clone());
    once(&place.join(format!("{name}.lock")), done, || {
        bring(toolchain)?;
        let output = go_command(toolchain)
            .args(["install", module])
            .env("CGO_ENABLED", "0")
            .env("GOBIN", &place)
            .current_dir(std::env::temp_dir())
            .output()?;
        if !output.status.success() {
            return Err(not_fetched(module, &all_said(&output)));
        }
        done().ok_or_else(|| format!("{module} does not make {name}").into())
    })
}

/// Builds a package, as seen from the directory `from`, with symbols and DWARF.
pub fn package(
    name: &str,
    toolchain: &str,
    cgo: &str,
    package: &str,
    from: &Path,
) -> Result<PathBuf, Trouble> {
    let place = cache().join("go").join(toolchain).join("commands");
    let executable = place.join(name);
    let done = || executable.is_file().then(|| executable.clone());
    once(&place.join(format!("{name}.lock")), done, || {
        bring(toolchain)?;
        let fresh = place.join(format!("{name}.new"));
        let output = go_command(toolchain)
            .env("CGO_ENABLED", cgo)
            .args(["build", "-o"])
            .arg(&fresh)
            .arg(package)
            .current_dir(from)
            .output()?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(Trouble::Failed(format!(
                "Go {toolchain} does not build {name}:\n{why}"
            )));
        }
        fs::rename(&fresh, &executable)?;
        Ok(executable.clone())
    })
}

/// The `go` command as Go release `toolchain`, in an environment that does not depend on this machine's settings.
///
/// Releases before 1.18 refuse a configured `-buildvcs`, which later ones need where the sources are in a repository
/// of somebody else.
pub fn go_command(toolchain: &str) -> Command {
    let mut command = Command::new(go_executable());
    let old = minor(toolchain).is_some_and(|minor| minor < 18);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let kept = [
            "GOCACHE",
            "GOMODCACHE",
            "GOPATH",
            "GOPROXY",
            "GOSUMDB",
            "GONOSUMDB",
            "GOROOT",
        ];
        if (name.starts_with("GO") || name.starts_with("CGO")) && !kept.contains(&name.as_ref()) {
            command.env_remove(name.as_ref());
        }
    }
    command
        .env("GOTOOLCHAIN", format!("go{toolchain}"))
        .env("GOENV", "off")
        .env("GOWORK", "off")
        .env("GOFLAGS", if old { "" } else { "-buildvcs=false" })
        .env("GOOS", "linux")
        .env("GOARCH", "amd64");
    command
}

/// The minor number of a release: 22 of `1.22.12`.
pub fn minor(toolchain: &str) -> Option<u32> {
    toolchain.split('.').nth(1)?.parse().ok()
}

/// Makes sure that Go release `toolchain` is there, by the module proxy if need be.
pub fn bring(toolchain: &str) -> Result<(), Trouble> {
    static BROUGHT: Mutex<Option<HashMap<String, Result<(), Trouble>>>> = Mutex::new(None);
    let mut brought = BROUGHT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let brought = brought.get_or_insert_default();
    if let Some(known) = brought.get(toolchain) {
        return known.clone();
    }
    let answer = ask_version(toolchain);
    brought.insert(toolchain.to_owned(), answer.clone());
    answer
}

fn ask_version(toolchain: &str) -> Result<(), Trouble> {
    let asked = go_command(toolchain)
        .arg("version")
        .current_dir(std::env::temp_dir()) // no go.mod that has a say
        .output();
    let output = match asked {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Lack::Command("go").into()),
        other => other?,
    };
    let said = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && said.split(' ').any(|word| word == format!("go{toolchain}")) {
        return Ok(());
    }
    Err(not_fetched(&format!("Go {toolchain}"), &all_said(&output)))
}

/// The `go` command of this machine: in `PATH`, or where Go's own installer puts it.
fn go_executable() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        let usual = PathBuf::from("/usr/local/go/bin/go");
        if !runs("go") && usual.is_file() {
            usual
        } else {
            PathBuf::from("go")
        }
    })
}

/// Whether a program of this name can be started.
pub fn runs(name: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|directory| directory.join(name).is_file())
}

/// A hash over the names and contents of all the files in `directories`.
fn hash_of(directories: &[&Path]) -> io::Result<String> {
    let mut hasher = DefaultHasher::new();
    for directory in directories {
        let mut files = Vec::new();
        list(directory, &mut files)?;
        files.sort();
        for file in files {
            file.strip_prefix(directory).unwrap_or(&file).hash(&mut hasher);
            fs::read(&file)?.hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}\n", hasher.finish()))
}

fn list(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            list(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}
