//! Recognises a file by its first bytes, and refuses files that cannot be Go programs.
//!
//! Layout: System V ABI, "Object Files".

use crate::arch::Processor;
use crate::diagnostic::{Code, Diagnostic};
use object::elf;

/// Bytes that other kinds of executables and likely mistakes begin with, and what to call them.
const LOOK_ALIKES: &[(&[u8], &str)] = &[
    (b"#!", "a script"),
    (b"MZ", "a Windows program (PE)"),
    (b"\xcf\xfa\xed\xfe", "a macOS program (Mach-O)"),
    (b"\xfe\xed\xfa\xcf", "a macOS program (Mach-O)"),
    (b"\xce\xfa\xed\xfe", "a 32-bit macOS program (Mach-O)"),
    (
        b"\xca\xfe\xba\xbe",
        "a macOS universal program (Mach-O) or a Java class",
    ),
    (b"\0asm", "a WebAssembly module"),
    (b"!<arch>\n", "an archive of object files"),
    (b"\x1f\x8b", "gzip-compressed"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed"),
    (b"\xfd7zXZ", "xz-compressed"),
];

/// Errors of this reader always name the file.
pub(super) fn damaged(path: &str, what: &str) -> Diagnostic {
    Diagnostic::error(Code::FILE_DAMAGED, format!("`{path}` is damaged: {what}"))
        .help("copy or build the file again; a copy that was cut short looks like this")
}

/// What stands in the first bytes of a file that is no ELF file.
pub(super) fn not_elf(path: &str, data: &[u8]) -> Diagnostic {
    if data.is_empty() {
        return Diagnostic::error(Code::NOT_ELF, format!("`{path}` is empty"))
            .help("name a Go program built for linux/amd64");
    }
    if data.starts_with(b"#!") {
        let line = data.split(|&b| b == b'\n').next().unwrap_or_default();
        let line = String::from_utf8_lossy(line.get(..line.len().min(80)).unwrap_or(line));
        return Diagnostic::error(Code::NOT_ELF, format!("`{path}` is a script, not a Go program"))
            .note(format!("it begins with `{}`", line.trim_end().escape_debug()))
            .help("name the program that the script starts; for one that runs already, `--pid` finds it");
    }
    let what = LOOK_ALIKES
        .iter()
        .find(|(magic, _)| data.starts_with(magic))
        .map_or_else(String::new, |(_, what)| format!(", it is {what}"));
    Diagnostic::error(Code::NOT_ELF, format!("`{path}` is not an ELF file{what}"))
        .help("gobt traces Go programs built for linux/amd64")
}

/// The names of the machines that Go builds for, by ELF's number.
fn machine_name(machine: elf::Machine) -> String {
    let name = match machine {
        elf::EM_386 => "32-bit x86 (386)",
        elf::EM_ARM => "32-bit ARM",
        elf::EM_AARCH64 => "arm64",
        elf::EM_PPC64 => "ppc64",
        elf::EM_S390 => "s390x",
        elf::EM_RISCV => "riscv64",
        elf::EM_MIPS => "mips",
        elf::EM_LOONGARCH => "loong64",
        elf::EM_X86_64 => "amd64",
        other => return format!("machine number {}", other.0),
    };
    name.to_owned()
}

/// Refuses ELF files that are not little-endian 64-bit executables for a supported processor.
pub(super) fn check(path: &str, data: &[u8]) -> Result<Processor, Diagnostic> {
    let byte = |at: usize| data.get(at).copied().unwrap_or(0);
    let half = |at: usize| {
        let pair = [byte(at), byte(at.saturating_add(1))];
        if byte(5) == elf::ELFDATA2MSB.0 {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        }
    };
    if data.len() < 64 {
        return Err(damaged(path, "it ends within the ELF header"));
    }
    let machine = elf::Machine(half(18));
    let (class, encoding) = (elf::FileClass(byte(4)), elf::DataEncoding(byte(5)));
    let wrong = |what: String| {
        Diagnostic::error(
            Code::WRONG_MACHINE,
            format!("`{path}` is built for {what}, not for amd64"),
        )
        .help("gobt reads programs for linux/amd64 (x86-64) only")
    };
    if class == elf::ELFCLASS32 && machine == elf::EM_X86_64 {
        return Err(wrong("amd64 with 32-bit addresses (x32)".to_owned()));
    }
    if encoding == elf::ELFDATA2MSB {
        return Err(wrong(format!("{} (big-endian)", machine_name(machine))));
    }
    let Some(processor) = Processor::of_machine(machine.0) else {
        return Err(wrong(machine_name(machine)));
    };
    if class != elf::ELFCLASS64 || encoding != elf::ELFDATA2LSB {
        return Err(damaged(path, "its ELF class or byte order does not exist"));
    }
    let what = match elf::FileType(half(16)) {
        elf::ET_EXEC | elf::ET_DYN => return Ok(processor),
        elf::ET_REL => "an object file that was not linked yet",
        elf::ET_CORE => "a core dump",
        _ => "neither an executable nor a shared object",
    };
    Err(
        Diagnostic::error(Code::NOT_EXECUTABLE, format!("`{path}` is {what}"))
            .help("name the executable itself"),
    )
}
