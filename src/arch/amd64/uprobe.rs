//! What the kernel does with a probed instruction.
//!
//! Source: `arch/x86/kernel/uprobes.c` of Linux 5.10 to 6.18 (`uprobe_init_insn`, `branch_setup_xol_ops`,
//! `push_setup_xol_ops`). Where releases differ, the stricter one is followed: a probe has to attach on all of them,
//! and "emulated" has to hold on all. Checked by attaching to each instruction of the tests below on Linux 6.18.

use crate::arch::Treatment;

/// One-byte opcodes that the kernel refuses, one bit each, by row of sixteen. It looks up the opcode behind a VEX or
/// EVEX prefix too.
const REFUSED: [u16; 16] = [
    0b0100_0000_1100_0000, // 06 07 0e
    0b1100_0000_1100_0000, // 16 17 1e 1f
    0b1000_0000_1000_0000, // 27 2f
    0b1000_0000_1000_0000, // 37 3f
    0,
    0,
    0b1111_0000_0000_0111, // 60 61 62 6c-6f
    0,
    0b0000_0000_0000_0100, // 82
    0b0000_0100_0000_0000, // 9a
    0,
    0,
    0b1111_0000_0000_0000, // cc-cf
    0b0000_0000_0111_0000, // d4 d5 d6
    0b1111_0100_1111_0000, // e4-e7 ea ec-ef
    0b0000_1100_0001_0010, // f1 f4 fa fb
];

fn refused(opcode: u8) -> bool {
    REFUSED
        .get(usize::from(opcode >> 4))
        .is_some_and(|row| row & (1 << (opcode & 15)) != 0)
}

/// What the kernel does with the one instruction in `bytes`.
pub(super) fn treatment(bytes: &[u8]) -> Treatment {
    let mut rest = bytes;
    let mut operand_size = false;
    while let Some((&prefix, behind)) = rest.split_first() {
        match prefix {
            0xf0 => return Treatment::Refused("it has a lock prefix"),
            0x26 | 0x2e | 0x36 | 0x3e => return Treatment::Refused("it has a segment prefix"),
            0x66 => operand_size = true,
            0x64 | 0x65 | 0x67 | 0xf2 | 0xf3 => {}
            _ => break,
        }
        rest = behind;
    }
    let mut rex = 0;
    if let [prefix @ 0x40..=0x4f, behind @ ..] = rest {
        rex = *prefix;
        rest = behind;
    }
    match rest {
        [0xc5, _, opcode, ..] | [0xc4, _, _, opcode, ..] | [0x62, _, _, _, opcode, ..] => {
            if refused(*opcode) {
                Treatment::Refused("the kernel allows no probe on this vector instruction")
            } else {
                Treatment::Stepped
            }
        }
        [0x0f, 0x80..=0x8f, ..] => branch(operand_size),
        [0x8e, ..] => Treatment::Refused("it may load the stack segment"),
        // With a REX prefix it exchanges registers, but the kernel does nothing, as for a `nop`.
        [0x90, ..] if rex != 0 => Treatment::Refused("the kernel takes this exchange for a nop"),
        [0xe8 | 0xe9 | 0xeb | 0x70..=0x7f | 0x90, ..] => branch(operand_size),
        // Only plain, or with the prefix that makes it push R8 to R15.
        [0x50..=0x57] if bytes.len() == 1 || (bytes.len() == 2 && rex == 0x41) => Treatment::Emulated,
        [0xcc, ..] => Treatment::Refused("it is a breakpoint"),
        [opcode, ..] if refused(*opcode) => {
            Treatment::Refused("the kernel allows no probe on this instruction")
        }
        [] => Treatment::Refused("it is incomplete"),
        _ => Treatment::Stepped,
    }
}

/// Branches, and the one-byte `nop`, which the kernel treats as a branch to the next instruction.
fn branch(operand_size: bool) -> Treatment {
    if operand_size {
        Treatment::Refused("it is a branch with an operand-size prefix")
    } else {
        Treatment::Emulated
    }
}

#[cfg(test)]
mod tests {
    use super::{Treatment, treatment};

    #[test]
    fn emulated() {
        let cases: &[&[u8]] = &[
            &[0x90],
            &[0x55],
            &[0x41, 0x57],
            &[0xe8, 0, 0, 0, 0],
            &[0xe9, 0, 0, 0, 0],
            &[0xeb, 5],
            &[0x76, 5],
            &[0x0f, 0x86, 0, 0, 0, 0],
        ];
        for bytes in cases {
            assert_eq!(treatment(bytes), Treatment::Emulated, "{bytes:x?}");
        }
    }

    #[test]
    fn stepped() {
        let cases: &[&[u8]] = &[
            &[0xc3],
            &[0xc2, 8, 0],
            &[0x5d],
            &[0x48, 0x89, 0xe5],
            &[0x49, 0x3b, 0x66, 0x10],
            &[0x48, 0x83, 0xec, 0x18],
            &[0x64, 0x48, 0x8b, 0x0c, 0x25, 0xf8, 0xff, 0xff, 0xff],
            &[0x48, 0x55],
            &[0x66, 0x55],
            &[0x0f, 0x1f, 0x44, 0, 0],
            &[0x66, 0x0f, 0x38, 0, 0xc1],
            &[0xff, 0xe0],
            &[0x68, 1, 0, 0, 0],
            &[0xc5, 0xf8, 0x77],
            &[0xf3, 0x0f, 0x1e, 0xfa],
            &[0x62, 0xf1, 0x7c, 0x48, 0x10, 0x00],
            &[0xc5, 0xf9, 0xeb, 0xc0],
            &[0x0f, 0x05],
        ];
        for bytes in cases {
            assert_eq!(treatment(bytes), Treatment::Stepped, "{bytes:x?}");
        }
    }

    #[test]
    fn refused_instructions() {
        let cases: &[&[u8]] = &[
            &[0xf0, 0x0f, 0xc1, 0x08],
            &[0xcc],
            &[0xf4],
            &[0xcd, 0x80],
            &[0x66, 0x90],
            &[0x49, 0x90],
            &[0x66, 0xe8, 0, 0],
            &[0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0],
            &[0x3e, 0xff, 0xe0],
            &[0xc5, 0xfe, 0x6f, 0x07],
            &[0xc5, 0xf9, 0xef, 0xc0],
            &[0x62, 0xf1, 0xfe, 0x48, 0x6f, 0x00],
            &[0x8e, 0xd0],
            &[0xe4, 1],
            &[],
        ];
        for bytes in cases {
            assert!(matches!(treatment(bytes), Treatment::Refused(_)), "{bytes:x?}");
        }
    }
}
