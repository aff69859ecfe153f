//! What small functions return that give back a text: a field of their argument, or a constant.
//!
//! The code is followed in one straight line. Jumps that are passed by: of the stack check, and of the tests whether
//! the argument is nil and whether a panic is being recovered, which wrappers of methods begin with (`stacksplit` in
//! `src/cmd/internal/obj/x86/obj6.go`, `src/cmd/compile/internal/ssagen`). Anything else that could give another text
//! ends it without an answer.

use super::decode::decoder;
use crate::arch::ReturnedText;
use iced_x86::{Code, Instruction, Mnemonic, OpKind, Register};
use std::collections::BTreeMap;

/// `g._panic`, behind `g.stack` and two guards (`runtime.g`).
const PANIC: u64 = 32;
/// No field is farther away.
const FARTHEST: u64 = 1 << 16;
/// More instructions than such a function has.
const MOST: usize = 40;

/// What is known of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// The first argument, a pointer, and so many bytes more.
    Argument(u64),
    /// The word so far behind the first argument.
    Word(u64),
    /// An address or a number.
    Number(u64),
    /// `g._panic`, in wrappers.
    Panic,
}

#[derive(Default)]
struct Registers(BTreeMap<u32, Held>);

impl Registers {
    fn number(register: Register) -> u32 {
        register.full_register() as u32
    }

    fn get(&self, register: Register) -> Option<Held> {
        self.0.get(&Self::number(register)).copied()
    }

    fn set(&mut self, register: Register, held: Option<Held>) {
        match held {
            Some(held) => self.0.insert(Self::number(register), held),
            None => self.0.remove(&Self::number(register)),
        };
    }
}

/// What the function returns; `code_of` gives the code of the function that begins at an address.
pub(super) fn text<'c>(code_of: &dyn Fn(u64) -> Option<&'c [u8]>, address: u64) -> Option<ReturnedText> {
    let mut decoder = decoder(code_of(address)?, address);
    let mut registers = Registers::default();
    registers.set(Register::RAX, Some(Held::Argument(0)));
    // The jump that is passed by if it is next.
    let mut passed = None;
    for _ in 0..MOST {
        if !decoder.can_decode() {
            return None;
        }
        let instruction = decoder.decode();
        match instruction.mnemonic() {
            // Wrappers of methods that are embedded end in a jump, up to Go 1.18.
            Mnemonic::Jmp if instruction.near_branch_target() != 0 => {
                let to = instruction.near_branch_target();
                decoder = self::decoder(code_of(to)?, to);
            }
            Mnemonic::Ret => return result(&registers),
            jump if passed == Some(jump) => passed = None,
            Mnemonic::Cmp => passed = checks_stack(&instruction).then_some(Mnemonic::Jbe),
            Mnemonic::Test => passed = passed_after_test(&registers, &instruction),
            Mnemonic::Nop | Mnemonic::Endbr64 => {}
            Mnemonic::Push | Mnemonic::Pop if instruction.op0_register() == Register::RBP => {}
            Mnemonic::Sub | Mnemonic::Add if instruction.op0_register() == Register::RSP => {}
            Mnemonic::Add if instruction.op1_kind() == OpKind::Immediate8to64 => {
                let to = instruction.op0_register();
                let moved = match registers.get(to) {
                    Some(Held::Argument(offset)) => offset.checked_add(instruction.immediate(1)),
                    _ => None,
                };
                registers.set(to, moved.filter(|offset| *offset < FARTHEST).map(Held::Argument));
            }
            Mnemonic::Mov => moved(&mut registers, &instruction)?,
            Mnemonic::Lea if instruction.is_ip_rel_memory_operand() => {
                let address = instruction.ip_rel_memory_address();
                registers.set(instruction.op0_register(), Some(Held::Number(address)));
            }
            // Of the frame pointer.
            Mnemonic::Lea if instruction.op0_register() == Register::RBP => {}
            Mnemonic::Xor if clears(&instruction) => {
                registers.set(instruction.op0_register(), Some(Held::Number(0)));
            }
            _ => return None,
        }
        if matches!(
            instruction.mnemonic(),
            Mnemonic::Add | Mnemonic::Sub | Mnemonic::Xor
        ) {
            passed = None;
        }
    }
    None
}

fn result(registers: &Registers) -> Option<ReturnedText> {
    match (registers.get(Register::RAX)?, registers.get(Register::RBX)?) {
        (Held::Word(offset), Held::Word(length)) if offset.checked_add(8) == Some(length) => {
            Some(ReturnedText::Field(offset))
        }
        (Held::Number(address), Held::Number(length)) => Some(ReturnedText::Constant { address, length }),
        _ => None,
    }
}

/// `xor eax, eax`
fn clears(instruction: &Instruction) -> bool {
    let of = instruction.op0_register();
    [OpKind::Register; 2] == [instruction.op0_kind(), instruction.op1_kind()]
        && of == instruction.op1_register()
        && of.size() >= 4
}

/// `cmp rsp, [r14+0x10]`: `g.stackguard0`.
fn checks_stack(instruction: &Instruction) -> bool {
    instruction.op0_register() == Register::RSP
        && instruction.op1_kind() == OpKind::Memory
        && instruction.memory_base() == Register::R14
        && instruction.memory_displacement64() == 16
}

/// The jump behind `test rax, rax` that is not taken if the argument is not nil, or if there is no panic.
fn passed_after_test(registers: &Registers, instruction: &Instruction) -> Option<Mnemonic> {
    let of = instruction.op0_register();
    let is_of_itself = instruction.code() == Code::Test_rm64_r64
        && instruction.op0_kind() == OpKind::Register
        && of == instruction.op1_register();
    match registers.get(of).filter(|_| is_of_itself)? {
        Held::Argument(_) => Some(Mnemonic::Je),
        Held::Panic => Some(Mnemonic::Jne),
        Held::Word(_) | Held::Number(_) => None,
    }
}

/// A move of a whole word into a register; one into memory changes no register.
fn moved(registers: &mut Registers, instruction: &Instruction) -> Option<()> {
    if instruction.op0_kind() == OpKind::Memory {
        // Arguments are saved on the stack; anything else could change what is returned.
        return (instruction.memory_base() == Register::RSP).then_some(());
    }
    let to = instruction.op0_register();
    let is_of_frame = || match instruction.op1_kind() {
        OpKind::Register => true,
        OpKind::Memory => instruction.memory_base() == Register::RSP,
        _ => false,
    };
    if to == Register::RBP || to == Register::RSP {
        return is_of_frame().then_some(());
    }
    let held = match instruction.op1_kind() {
        OpKind::Register if to.size() == 8 => registers.get(instruction.op1_register()),
        OpKind::Memory if to.size() == 8 && instruction.memory_index() == Register::None => {
            let offset = instruction.memory_displacement64();
            match registers.get(instruction.memory_base()) {
                Some(Held::Argument(more)) if offset < FARTHEST => Some(Held::Word(more + offset)),
                None if instruction.memory_base() == Register::R14 && offset == PANIC => Some(Held::Panic),
                _ => None,
            }
        }
        OpKind::Immediate32 | OpKind::Immediate64 | OpKind::Immediate32to64 if to.size() >= 4 => {
            Some(Held::Number(instruction.immediate(1)))
        }
        _ => None,
    };
    registers.set(to, held);
    Some(())
}
