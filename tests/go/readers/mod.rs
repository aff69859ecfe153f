//! Other readers of the same executables, which share no code with gobt's: binutils, Go's `debug/dwarf`, gimli's own
//! loops over units, and what the machine code itself does with arguments and results.

#![allow(unreachable_pub, reason = "`pub` says what the tests may use")]

pub mod calls;
pub mod code;
pub mod endings;
pub mod layouts;
pub mod locations;
pub mod names;
pub mod objdump;
pub mod programs;
pub mod report;
pub mod saves;
pub mod tables;

use gobt::gotype::abi::{Piece, Slot};
use gobt::target::Signature;
use object::read::elf::ElfFile64;
use object::{Object as _, ObjectSegment as _};

/// The bytes of a program at an address; none if they are not all in the file.
pub fn bytes<'f>(file: &ElfFile64<'f>, address: u64, size: u64) -> Option<&'f [u8]> {
    let size = usize::try_from(size).ok()?;
    file.segments().find_map(|segment| {
        let at = usize::try_from(address.checked_sub(segment.address())?).ok()?;
        segment.data().ok()?.get(at..at.checked_add(size)?)
    })
}

/// Where a piece of a value is, as the readers say it: `AX`, `X0`, or bytes from the first argument on the stack.
pub fn slot(piece: &Piece) -> String {
    match piece.slot {
        Slot::Register(register) => register.name().to_owned(),
        Slot::Vector(number) => format!("X{number}"),
        Slot::Stack(offset) => format!("+{offset}"),
    }
}

/// Whether this is a method whose receiver is not shown, since the debug information does not have its type:
/// `func (*T) M()`, and not a closure in a method, `func (*T).M.func1()`.
pub fn lacks_receiver(signature: &Signature) -> bool {
    signature.receiver.is_none() && shows_receiver(&signature.text)
}

fn shows_receiver(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("func (") else {
        return false;
    };
    let mut depth = 1;
    let end = rest.find(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    });
    end.is_some_and(|end| rest[end..].starts_with(") "))
}
