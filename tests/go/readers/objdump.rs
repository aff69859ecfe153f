//! The program as binutils' `objdump` disassembles it.

use crate::support::Trouble;
use crate::support::trouble::need;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// What an instruction does, as far as the comparison cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    Return,
    /// Unconditionally.
    Jump,
    /// `jbe` and `jb`.
    JumpBelow,
    /// Any other conditional one.
    JumpIf,
    Call,
    Push,
    /// Nothing runs on behind it.
    Trap,
    Other,
}

/// An instruction as objdump shows it.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub address: u64,
    pub does: Does,
    /// Where it jumps to or what it calls, where that is a number.
    pub target: Option<u64>,
}

impl Shown {
    fn read(line: &[u8]) -> Option<Self> {
        let line = String::from_utf8_lossy(line);
        let (address, text) = line.split_once(":\t")?;
        let address = u64::from_str_radix(address.trim(), 16).ok()?;
        let mut words = text
            .split_whitespace()
            .filter(|word| !["rep", "repz", "repnz", "bnd", "lock", "notrack"].contains(word));
        let mnemonic = words.next().unwrap_or_default();
        let does = match mnemonic {
            "ret" => Does::Return,
            "jmp" => Does::Jump,
            "jbe" | "jb" => Does::JumpBelow,
            "call" => Does::Call,
            "push" => Does::Push,
            "ud2" | "int3" | "hlt" | "(bad)" => Does::Trap,
            _ if mnemonic.starts_with('j') => Does::JumpIf,
            _ => Does::Other,
        };
        let target = match does {
            Does::Jump | Does::JumpBelow | Does::JumpIf | Does::Call => words
                .next()
                .and_then(|operand| u64::from_str_radix(operand.trim_start_matches("0x"), 16).ok()),
            _ => None,
        };
        Some(Self {
            address,
            does,
            target,
        })
    }

    /// Nothing runs on behind it, or nothing is known to.
    pub fn ends(&self) -> bool {
        matches!(self.does, Does::Jump | Does::Return | Does::Trap | Does::Call)
    }

    pub fn jumps(&self) -> bool {
        matches!(self.does, Does::Jump | Does::JumpBelow | Does::JumpIf)
    }
}

/// Hands over the instructions of each of `functions`, which are address and size in order of address, with the
/// function's number.
pub fn each_function(
    path: &Path,
    functions: &[(u64, u64)],
    mut each: impl FnMut(usize, &[Shown]),
) -> Result<(), Trouble> {
    need("objdump")?;
    let mut child = Command::new("objdump")
        .args(["-d", "--no-show-raw-insn", "-M", "intel"])
        .arg(path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let output = child
        .stdout
        .take()
        .ok_or_else(|| Trouble::Failed("no output".into()))?;
    let mut code: Vec<Shown> = Vec::new();
    let mut number = 0;
    for line in BufReader::new(output).split(b'\n') {
        let Some(shown) = Shown::read(&line?) else {
            continue;
        };
        while let Some((address, size)) = functions.get(number)
            && shown.address >= address + size
        {
            each(number, &code);
            code.clear();
            number += 1;
        }
        if functions
            .get(number)
            .is_some_and(|(address, _)| shown.address >= *address)
        {
            code.push(shown);
        }
    }
    for number in number..functions.len() {
        each(number, &code);
        code.clear();
    }
    let status = child.wait()?;
    if status.success() {
        Ok(())
    } else {
        Err(Trouble::Failed(format!("objdump: {status}")))
    }
}
