//! Calls: of functions of the run time and of the library whose results are known, of the methods of interfaces, and of
//! others, which are followed.

use super::state::{Caller, Held, Place, State};
use super::{DEEPEST, End, MOST_PARTS, Next};
use crate::arch::{OperandType, ProgramCode, ReturnedText, ReturnedValue};
use iced_x86::{Instruction, OpKind, Register};

/// How many operands a format has at the most.
const MOST_OPERANDS: u64 = 16;
/// How many bytes a text that is not kept may take on the stack (`runtime.tmpBuf`).
const BUFFER: u64 = 32;

pub(super) fn call(functions: &dyn ProgramCode, state: &mut State, call: &Instruction) -> Option<Next> {
    match call.near_branch_target() {
        0 => {
            let at = method_called(state, call)?;
            // The data word of the same interface.
            if state.get(Register::RAX)?.word_at()? != at.checked_add(8)? {
                return None;
            }
            state.gives(vec![ReturnedText::Said(at)]);
            Some(Next::Step)
        }
        to => {
            let name = functions.name(to)?;
            if panics(name) {
                return Some(Next::End(End::Panics));
            }
            match known(state, name) {
                Some(done) => done.map(|()| Next::Step),
                None => enter(state, name, to),
            }
        }
    }
}

/// The interface whose first method is called.
fn method_called(state: &State, call: &Instruction) -> Option<u64> {
    let held = match call.op0_kind() {
        OpKind::Register => state.get(call.op0_register()),
        OpKind::Memory => state.load(state.place_of(call)?, 8),
        _ => None,
    };
    match held? {
        Held::Method(at) => Some(at),
        _ => None,
    }
}

/// It never returns.
fn panics(name: &[u8]) -> bool {
    name.strip_prefix(b"runtime.").is_some_and(|name| {
        let is_one = |begin: &&[u8]| name.starts_with(begin);
        [b"panic".as_slice(), b"goPanic", b"gopanic"].iter().any(is_one)
    })
}

/// Goes on in the called function.
fn enter(state: &mut State, name: &[u8], to: u64) -> Option<Next> {
    if state.callers.len() >= DEEPEST {
        return None;
    }
    state.stack_at = state.stack_at.checked_sub(8)?;
    state.store(Place::Stack(state.stack_at), 8, None)?;
    state.callers.push(Caller {
        back: state.at,
        stack_at: state.stack_at,
        // Those that fill and copy memory.
        keeps_registers: matches!(name, b"runtime.duffzero" | b"runtime.duffcopy"),
    });
    Some(Next::Jump(to))
}

/// Calls a function whose result is known: the inner answer is none if that was called with something else. How
/// arguments are passed is `ABIInternal` of Go 1.17 and later.
fn known(state: &mut State, name: &[u8]) -> Option<Option<()>> {
    use Register::{RAX, RBX, RCX, RDI, RSI};
    Some(match name {
        // Race detection.
        b"runtime.racefuncenter"
        | b"runtime.racefuncexit"
        | b"runtime.raceread"
        | b"runtime.racereadrange"
        | b"runtime.makeslice" => {
            state.forget_registers();
            Some(())
        }
        b"runtime.concatstring2" => joined(state, 2),
        b"runtime.concatstring3" => joined(state, 3),
        b"runtime.concatstring4" => joined(state, 4),
        b"runtime.concatstring5" => joined(state, 5),
        b"runtime.concatstrings" => joined_list(state),
        b"runtime.slicebytetostring" => buffer(state).and_then(|()| text(state, RBX, RCX)),
        b"runtime.convTstring" => boxed_text(state),
        b"runtime.convT64" => boxed_number(state, 8),
        b"runtime.convT32" => boxed_number(state, 4),
        b"runtime.convT16" => boxed_number(state, 2),
        b"fmt.Sprintf" => formatted(state, (RAX, RBX), (RCX, RDI)),
        b"strconv.FormatInt" | b"internal/strconv.FormatInt" => decimal(state, true),
        b"strconv.FormatUint" | b"internal/strconv.FormatUint" => decimal(state, false),
        b"strconv.Itoa" | b"internal/strconv.Itoa" => {
            state.set(RBX, Some(Held::Number(10)));
            decimal(state, true)
        }
        b"strconv.Quote" | b"internal/strconv.Quote" => quoted(state, RAX, RBX),
        b"strconv.quoteWith" | b"internal/strconv.quoteWith" => {
            plain_quotes(state, [RCX, RDI, RSI]).and_then(|()| quoted(state, RAX, RBX))
        }
        b"strconv.appendQuotedWith" | b"internal/strconv.appendQuotedWith" => {
            let is_empty = state.get(RBX) == Some(Held::Number(0));
            plain_quotes(state, [Register::R8, Register::R9, Register::R10])
                .filter(|()| is_empty)
                .and_then(|()| quoted(state, RDI, RSI))
        }
        _ => return None,
    })
}

/// A text that is made of so many others.
fn joined(state: &mut State, count: usize) -> Option<()> {
    use Register::{R8, R9, R10, R11, RBX, RCX, RDI, RSI};
    buffer(state)?;
    let mut parts = Vec::new();
    for (at, length) in [(RBX, RCX), (RDI, RSI), (R8, R9), (R10, R11)]
        .into_iter()
        .take(count)
    {
        parts.extend(state.text(at, length)?);
    }
    // There is no register for the fifth.
    if count > 4 {
        parts.extend(state.text_on_stack(state.stack_at)?);
    }
    gives(state, parts)
}

/// The same of a list on the stack.
fn joined_list(state: &mut State) -> Option<()> {
    buffer(state)?;
    let (Held::Stack(from), Held::Number(count)) = (state.get(Register::RBX)?, state.get(Register::RCX)?)
    else {
        return None;
    };
    let mut parts = Vec::new();
    for nth in 0..i64::try_from(count)
        .ok()
        .filter(|count| *count <= MOST_PARTS as i64)?
    {
        parts.extend(state.text_on_stack(from.checked_add(16 * nth)?)?);
    }
    gives(state, parts)
}

fn gives(state: &mut State, parts: Vec<ReturnedText>) -> Option<()> {
    if parts.len() > MOST_PARTS {
        return None;
    }
    state.gives(parts);
    Some(())
}

/// A text that is not kept is made on the stack.
fn buffer(state: &mut State) -> Option<()> {
    match state.get(Register::RAX)? {
        Held::Number(0) => Some(()),
        Held::Stack(at) => state.store(Place::Stack(at), BUFFER, None),
        _ => None,
    }
}

/// The same text again.
fn text(state: &mut State, at: Register, length: Register) -> Option<()> {
    let parts = state.text(at, length)?;
    gives(state, parts)
}

fn boxed_text(state: &mut State) -> Option<()> {
    let parts = state.text(Register::RAX, Register::RBX)?;
    state.gives_place(ReturnedValue::Text(parts));
    Some(())
}

fn boxed_number(state: &mut State, size: u64) -> Option<()> {
    match state.get(Register::RAX)? {
        Held::Loaded(loaded) => state.gives_place(ReturnedValue::Number(size, loaded)),
        _ => return None,
    }
    Some(())
}

fn decimal(state: &mut State, signed: bool) -> Option<()> {
    let is_ten = state.get(Register::RBX) == Some(Held::Number(10));
    match state.get(Register::RAX).filter(|_| is_ten)? {
        Held::Loaded(loaded) => {
            let is_whole = loaded.size == 8;
            // One without a sign of its own.
            if loaded.signed && !signed {
                return None;
            }
            let signed = if is_whole { signed } else { loaded.signed };
            gives(
                state,
                vec![ReturnedText::Decimal(crate::arch::Loaded { signed, ..loaded })],
            )
        }
        _ => None,
    }
}

fn quoted(state: &mut State, at: Register, length: Register) -> Option<()> {
    match state.text(at, length)?.as_slice() {
        [ReturnedText::Field(at)] => gives(state, vec![ReturnedText::Quoted(*at)]),
        _ => None,
    }
}

/// Double quotes, and neither of the choices.
fn plain_quotes(state: &State, [quote, ascii, graphic]: [Register; 3]) -> Option<()> {
    let number = |register: Register| match state.get(register) {
        Some(Held::Number(number)) => Some(number),
        _ => None,
    };
    let same = number(quote)? == u64::from(b'"') && number(ascii)? == 0 && number(graphic)? == 0;
    same.then_some(())
}

/// What a format makes of the interfaces of a list on the stack.
fn formatted(state: &mut State, format: (Register, Register), list: (Register, Register)) -> Option<()> {
    let format = state.text(format.0, format.1)?;
    let Held::Number(count) = state.get(list.1)? else {
        return None;
    };
    let mut operands = Vec::new();
    if count > 0 {
        let Held::Stack(from) = state.get(list.0)? else {
            return None;
        };
        for nth in 0..i64::try_from(count.min(MOST_OPERANDS + 1)).ok()? {
            operands.push(operand(state, from.checked_add(16 * nth)?)?);
        }
    }
    if operands.len() as u64 > MOST_OPERANDS {
        return None;
    }
    gives(state, vec![ReturnedText::Formatted { format, operands }])
}

/// The interface at a place on the stack.
fn operand(state: &State, at: i64) -> Option<(OperandType, ReturnedValue)> {
    let word = |at: i64| state.load(Place::Stack(at), 8);
    Some(match (word(at)?, word(at.checked_add(8)?)?) {
        (Held::TypeOf(of), data) if data.word_at() == of.checked_add(8) => {
            (OperandType::Of(of), ReturnedValue::Of(of))
        }
        (Held::Number(descriptor), Held::Number(address)) => {
            (OperandType::Is(descriptor), ReturnedValue::Constant(address))
        }
        (Held::Number(descriptor), Held::Boxed(value)) => {
            (OperandType::Is(descriptor), state.boxed.get(value)?.clone())
        }
        _ => return None,
    })
}
