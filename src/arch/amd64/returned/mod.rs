//! The texts that functions return which put them together of their argument's fields and of constants.
//!
//! The code is followed as it runs, with what is known of registers and of the stack. Jumps that are passed by: of the
//! stack check, and of the tests whether the argument is nil and whether a panic is being recovered, which wrappers of
//! methods begin with (`stacksplit` in `src/cmd/internal/obj/x86/obj6.go`, `src/cmd/compile/internal/ssagen`). Of other
//! jumps both ways are followed, and have to give the same text. Anything that is not understood ends it without an
//! answer.

mod calls;
mod state;
mod step;

use super::decode::decoder;
use crate::arch::{ProgramCode, ReturnedText};
use iced_x86::{FlowControl, Instruction, Mnemonic, OpKind, Register};
use state::{Compared, Held, Place, State, TYPE};

/// More instructions than such functions have, all ways together.
const MOST: usize = 600;
/// A text has no more parts than this.
const MOST_PARTS: usize = 32;
/// Functions that call each other.
const DEEPEST: usize = 4;

/// How a way through a function ends.
#[derive(PartialEq, Eq)]
enum End {
    Returns(Vec<ReturnedText>),
    Panics,
}

/// What comes behind an instruction.
enum Next {
    Step,
    Jump(u64),
    Either(u64),
    End(End),
}

/// What the function at an address returns, which is given a pointer.
pub(super) fn text(functions: &dyn ProgramCode, address: u64) -> Option<Vec<ReturnedText>> {
    let mut left = MOST;
    match follow(functions, State::new(address), &mut left)? {
        End::Returns(parts) => Some(parts),
        End::Panics => None,
    }
}

/// Follows the code from where the state is.
fn follow(functions: &dyn ProgramCode, mut state: State, left: &mut usize) -> Option<End> {
    loop {
        *left = left.checked_sub(1)?;
        let instruction = next(functions, state.at)?;
        state.at = instruction.next_ip();
        match step(functions, &mut state, &instruction)? {
            Next::Step => {}
            Next::Jump(to) => state.at = to,
            Next::End(end) => return Some(end),
            Next::Either(to) => {
                let mut other = state.clone();
                other.at = to;
                let (one, other) = (follow(functions, state, left)?, follow(functions, other, left)?);
                return match (one, other) {
                    (End::Panics, end) | (end, End::Panics) => Some(end),
                    (one, other) => (one == other).then_some(one),
                };
            }
        }
    }
}

/// The instruction at an address.
fn next(functions: &dyn ProgramCode, at: u64) -> Option<Instruction> {
    let mut decoder = decoder(functions.code(at)?, at);
    let instruction = decoder.can_decode().then(|| decoder.decode())?;
    (!instruction.is_invalid()).then_some(instruction)
}

fn step(functions: &dyn ProgramCode, state: &mut State, instruction: &Instruction) -> Option<Next> {
    match instruction.flow_control() {
        FlowControl::Next => {
            step::run(state, instruction)?;
            Some(Next::Step)
        }
        FlowControl::UnconditionalBranch => match instruction.near_branch_target() {
            0 => None,
            to => Some(Next::Jump(to)),
        },
        FlowControl::ConditionalBranch => branch(functions, state, instruction),
        FlowControl::Call | FlowControl::IndirectCall => calls::call(functions, state, instruction),
        FlowControl::Return if instruction.mnemonic() == Mnemonic::Ret => returned(state),
        FlowControl::Exception | FlowControl::Interrupt => Some(Next::End(End::Panics)),
        _ => None,
    }
}

/// Back to who called it; in the end with a text.
fn returned(state: &mut State) -> Option<Next> {
    match state.callers.pop() {
        Some(caller) => {
            if state.stack_at != caller.stack_at {
                return None;
            }
            state.stack_at = state.stack_at.checked_add(8)?;
            if !caller.keeps_registers {
                state.keep_results();
            }
            Some(Next::Jump(caller.back))
        }
        None => {
            let parts = state.text(Register::RAX, Register::RBX)?;
            let fits = state.stack_at == 0 && parts.len() <= MOST_PARTS;
            fits.then_some(Next::End(End::Returns(parts)))
        }
    }
}

/// Which way a jump goes.
fn branch(functions: &dyn ProgramCode, state: &mut State, jump: &Instruction) -> Option<Next> {
    let to = jump.near_branch_target();
    if to == 0 {
        return None;
    }
    let taken = match (state.compared.take(), jump.mnemonic()) {
        (Some(Compared::Limit), Mnemonic::Jbe) => false,
        // The argument is not nil, and there is no panic.
        (Some(Compared::Argument), Mnemonic::Je) | (Some(Compared::Panic), Mnemonic::Jne) => false,
        (Some(Compared::Argument), Mnemonic::Jne) | (Some(Compared::Panic), Mnemonic::Je) => true,
        (Some(Compared::Limit), _) => return None,
        (Some(Compared::Interface(at)), Mnemonic::Je) => {
            return match type_of_interface(functions, state, to, at) {
                Some(behind) => Some(Next::Jump(behind)),
                None => Some(Next::Either(to)),
            };
        }
        _ => return Some(Next::Either(to)),
    };
    Some(if taken { Next::Jump(to) } else { Next::Step })
}

/// The type of an interface that may be nil: where it is not, the type is loaded from its itab; a nil one has none, and
/// that is what the register holds. Gives the place where both ways meet.
fn type_of_interface(functions: &dyn ProgramCode, state: &mut State, if_nil: u64, at: u64) -> Option<u64> {
    let load = next(functions, state.at)?;
    let itab = state.place_of(&load)?;
    let is_load = load.mnemonic() == Mnemonic::Mov
        && load.op0_kind() == OpKind::Register
        && load.op1_kind() == OpKind::Memory
        && itab == Place::Behind(at, TYPE);
    let to = load.op0_register();
    if !is_load || to.size() != 8 {
        return None;
    }
    let behind = load.next_ip();
    let meet = if behind == if_nil {
        // The register holds the itab, so nil.
        (state.get(load.memory_base()) == state.get(to)).then_some(if_nil)?
    } else {
        // The other way sets the register as well.
        let jump = next(functions, behind)?;
        let nil = next(functions, if_nil)?;
        let sets_nil = match nil.mnemonic() {
            Mnemonic::Mov if nil.op1_kind() == OpKind::Register => {
                nil.op0_register() == to && state.get(nil.op1_register()) == Some(Held::word(at))
            }
            Mnemonic::Xor => {
                nil.op0_register().full_register() == to && nil.op1_register() == nil.op0_register()
            }
            _ => false,
        };
        let is_jump = jump.mnemonic() == Mnemonic::Jmp && jump.near_branch_target() == nil.next_ip();
        (is_jump && sets_nil).then_some(nil.next_ip())?
    };
    state.set(to, Some(Held::TypeOf(at)));
    Some(meet)
}
