//! What instructions do that neither jump nor call.

use super::state::{Held, Place, State};
use crate::arch::{Loaded, ReturnedValue};
use iced_x86::{Instruction, InstructionInfoFactory, Mnemonic, OpAccess, OpKind, Register};

/// Runs one; none if what it does is not understood.
pub(super) fn run(state: &mut State, instruction: &Instruction) -> Option<()> {
    match instruction.mnemonic() {
        Mnemonic::Nop | Mnemonic::Endbr64 => Some(()),
        Mnemonic::Cmp => {
            state.compared = state.compares(instruction);
            Some(())
        }
        Mnemonic::Test => {
            state.compared = state.tests(instruction);
            Some(())
        }
        Mnemonic::Push if instruction.op0_kind() == OpKind::Register => {
            state.stack_at = state.stack_at.checked_sub(8)?;
            let held = state.get(instruction.op0_register());
            state.store(Place::Stack(state.stack_at), 8, held)
        }
        Mnemonic::Pop if instruction.op0_kind() == OpKind::Register => {
            let held = state.load(Place::Stack(state.stack_at), 8);
            state.stack_at = state.stack_at.checked_add(8)?;
            set(state, instruction.op0_register(), held)
        }
        Mnemonic::Add | Mnemonic::Sub if moves_pointer(instruction) => {
            state.compared = None;
            let to = instruction.op0_register();
            let by = instruction.immediate(1).cast_signed();
            let by = match instruction.mnemonic() {
                Mnemonic::Add => by,
                _ => by.checked_neg()?,
            };
            let held = state.get(to).and_then(|held| moved(held, by));
            set(state, to, held)
        }
        Mnemonic::Mov => moves(state, instruction, Held::lowest),
        Mnemonic::Movzx => moves(state, instruction, Held::lowest),
        Mnemonic::Movsx | Mnemonic::Movsxd => {
            let is_whole = instruction.op0_register().size() == 8;
            moves(state, instruction, |held, size| {
                held.with_sign(size).filter(|_| is_whole)
            })
        }
        Mnemonic::Movups | Mnemonic::Movupd | Mnemonic::Movaps | Mnemonic::Movapd | Mnemonic::Movdqu => {
            moves_two(state, instruction)
        }
        Mnemonic::Lea => {
            let held = address(state, instruction);
            set(state, instruction.op0_register(), held)
        }
        Mnemonic::Xor if clears(instruction) => {
            state.compared = None;
            set(state, instruction.op0_register(), Some(Held::Number(0)))
        }
        _ => other(state, instruction),
    }
}

fn set(state: &mut State, register: Register, held: Option<Held>) -> Option<()> {
    if register == Register::RSP {
        let Some(Held::Stack(at)) = held else {
            return None;
        };
        state.stack_at = at;
        return Some(());
    }
    state.set(register, held);
    Some(())
}

/// A whole register and a number.
fn moves_pointer(instruction: &Instruction) -> bool {
    let is_number = matches!(
        instruction.op1_kind(),
        OpKind::Immediate8to64 | OpKind::Immediate32to64
    );
    instruction.op0_kind() == OpKind::Register && is_number
}

fn moved(held: Held, by: i64) -> Option<Held> {
    match held {
        Held::Stack(at) => at.checked_add(by).map(Held::Stack),
        Held::Argument(at) => at.checked_add_signed(by).map(Held::Argument),
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

/// The second byte of a word.
fn is_second_byte(register: Register) -> bool {
    matches!(
        register,
        Register::AH | Register::BH | Register::CH | Register::DH
    )
}

fn moves(
    state: &mut State,
    instruction: &Instruction,
    made: impl Fn(Held, u64) -> Option<Held>,
) -> Option<()> {
    let size = |register: Register| register.size() as u64;
    let (held, read) = match instruction.op1_kind() {
        OpKind::Register => {
            let from = instruction.op1_register();
            let known = state.get(from).filter(|_| from.is_gpr() && !is_second_byte(from));
            (known, size(from))
        }
        OpKind::Memory => {
            let read = instruction.memory_size().size() as u64;
            let place = state.place_of(instruction);
            (place.and_then(|place| state.load(place, read)), read)
        }
        _ => (Some(Held::Number(instruction.try_immediate(1).ok()?)), 8),
    };
    if instruction.op0_kind() == OpKind::Memory {
        let written = instruction.memory_size().size() as u64;
        let held = held.and_then(|held| held.lowest(written));
        return state.store(state.place_of(instruction)?, written, held);
    }
    let to = instruction.op0_register();
    if !to.is_gpr() {
        return other(state, instruction);
    }
    // Of a part of a register the rest stays.
    let held = held.filter(|_| to.size() >= 4);
    let held = held.and_then(|held| made(held, read));
    let held = held.and_then(|held| held.lowest(size(to)));
    set(state, to, held)
}

/// Two words at once.
fn moves_two(state: &mut State, instruction: &Instruction) -> Option<()> {
    match (instruction.op0_kind(), instruction.op1_kind()) {
        (OpKind::Memory, OpKind::Register) => {
            let Place::Stack(at) = state.place_of(instruction)? else {
                return None;
            };
            let [low, high] = state.vector(instruction.op1_register());
            state.store(Place::Stack(at), 8, low)?;
            state.store(Place::Stack(at.checked_add(8)?), 8, high)
        }
        (OpKind::Register, OpKind::Memory) => {
            let held = match state.place_of(instruction) {
                Some(Place::Stack(at)) => {
                    let word = |at: i64| state.load(Place::Stack(at), 8);
                    [word(at), word(at.checked_add(8)?)]
                }
                Some(Place::Argument(at)) => [Some(Held::word(at)), Some(Held::word(at.checked_add(8)?))],
                _ => [None; 2],
            };
            state.set_vector(instruction.op0_register(), held)
        }
        (OpKind::Register, OpKind::Register) => {
            let held = state.vector(instruction.op1_register());
            state.set_vector(instruction.op0_register(), held)
        }
        _ => None,
    }
}

/// What `lea` gives.
fn address(state: &mut State, instruction: &Instruction) -> Option<Held> {
    if instruction.op0_register().size() != 8 {
        return None;
    }
    if let Some(held) = in_table(state, instruction) {
        return Some(held);
    }
    match state.place_of(instruction)? {
        Place::Stack(at) => Some(Held::Stack(at)),
        Place::Argument(at) => Some(Held::Argument(at)),
        Place::Fixed(address) => Some(Held::Number(address)),
        Place::Behind(..) | Place::Goroutine(_) => None,
    }
}

/// Where a small number lies in a table of words (`runtime.staticuint64s`).
fn in_table(state: &mut State, instruction: &Instruction) -> Option<Held> {
    let is_of_words = instruction.memory_index_scale() == 8 && instruction.memory_displacement64() == 0;
    let base = state.get(instruction.memory_base()).filter(|_| is_of_words)?;
    match (base, state.get(instruction.memory_index())?) {
        (
            Held::Number(table),
            Held::Loaded(
                number @ Loaded {
                    size: 1,
                    signed: false,
                    ..
                },
            ),
        ) => Some(state.boxed(ReturnedValue::InTable { table, number })),
        _ => None,
    }
}

/// Of any other instruction what it writes is known no more.
fn other(state: &mut State, instruction: &Instruction) -> Option<()> {
    if instruction.is_string_instruction() || instruction.is_privileged() {
        return None;
    }
    state.compared = None;
    let writes = |access: OpAccess| {
        matches!(
            access,
            OpAccess::Write | OpAccess::CondWrite | OpAccess::ReadWrite | OpAccess::ReadCondWrite
        )
    };
    let mut factory = InstructionInfoFactory::new();
    let used = factory.info(instruction);
    for memory in used.used_memory().iter().filter(|memory| writes(memory.access())) {
        let place = state.place_of(instruction)?;
        state.store(place, memory.memory_size().size() as u64, None)?;
    }
    for register in used.used_registers().iter().filter(|used| writes(used.access())) {
        let register = register.register();
        if register.is_gpr() {
            set(state, register.full_register(), None)?;
        } else if register.is_vector_register() {
            state.set_vector(register, [None; 2])?;
        }
    }
    Some(())
}
