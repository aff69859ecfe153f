//! What is known of registers and of the stack.

use crate::arch::{Loaded, ReturnedText, ReturnedValue};
use iced_x86::{Instruction, OpKind, Register};
use std::collections::BTreeMap;

/// `g._panic`, behind `g.stack` and two guards (`runtime.g`).
const PANIC: u64 = 32;
/// `g.stackguard0`.
const LIMIT: u64 = 16;
/// No field is farther away.
const FARTHEST: u64 = 1 << 16;
/// Where the first method is in an itab (`internal/abi.ITab.Fun`), and the type.
const METHOD: u64 = 24;
pub(super) const TYPE: u64 = 8;

/// What is known of a register, or of bytes of the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// The first argument, a pointer, and so many bytes more.
    Argument(u64),
    /// What was loaded from behind the first argument.
    Loaded(Loaded),
    /// An address or a number.
    Number(u64),
    /// An address on the stack, from where the function's return address is.
    Stack(i64),
    /// `g._panic`, in wrappers.
    Panic,
    /// The first method of the interface so far behind the first argument.
    Method(u64),
    /// The type of what that interface holds.
    TypeOf(u64),
    /// A text that was made, by its number.
    Made(usize),
    /// Its length.
    LengthOf(usize),
    /// Where a value lies that an interface is to hold, by its number.
    Boxed(usize),
}

impl Held {
    /// The whole word so far behind the first argument.
    pub(super) fn word(at: u64) -> Self {
        Self::Loaded(Loaded {
            at,
            size: 8,
            signed: false,
        })
    }

    /// Where it is from, if it is a whole word.
    pub(super) fn word_at(self) -> Option<u64> {
        match self {
            Self::Loaded(loaded) if loaded.size == 8 => Some(loaded.at),
            _ => None,
        }
    }

    /// The lowest bytes of it, the others 0.
    pub(super) fn lowest(self, size: u64) -> Option<Self> {
        if !matches!(size, 1 | 2 | 4) {
            return (size == 8).then_some(self);
        }
        match self {
            Self::Number(number) => Some(Self::Number(number & ((1 << (8 * size)) - 1))),
            Self::Loaded(loaded) if loaded.size >= size => Some(Self::Loaded(Loaded {
                size,
                signed: false,
                ..loaded
            })),
            Self::Loaded(loaded) if !loaded.signed => Some(self),
            _ => None,
        }
    }

    /// The lowest bytes of it, their sign in all others.
    pub(super) fn with_sign(self, size: u64) -> Option<Self> {
        match self {
            Self::Loaded(loaded) if loaded.size >= size => Some(Self::Loaded(Loaded {
                size,
                signed: size < 8,
                ..loaded
            })),
            Self::Loaded(_) => Some(self),
            _ => None,
        }
    }
}

/// What was compared last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// The stack and its limit.
    Limit,
    /// The argument, and 0.
    Argument,
    /// The panic, and 0.
    Panic,
    /// The itab of an interface so far behind the argument, and 0.
    Interface(u64),
}

/// A place in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Stack(i64),
    /// Behind the first argument.
    Argument(u64),
    /// In the file.
    Fixed(u64),
    /// So far behind what the word there points at.
    Behind(u64, u64),
    Goroutine(u64),
}

/// Who called.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Where it goes on.
    pub(super) back: u64,
    /// Where the return address is.
    pub(super) stack_at: i64,
    /// The called function leaves its registers as they are.
    pub(super) keeps_registers: bool,
}

#[derive(Clone, Debug)]
pub(super) struct State {
    /// The next instruction.
    pub(super) at: u64,
    pub(super) stack_at: i64,
    pub(super) callers: Vec<Caller>,
    pub(super) compared: Option<Compared>,
    registers: BTreeMap<u32, Held>,
    vectors: BTreeMap<u32, [Option<Held>; 2]>,
    /// By address: how many bytes, and what they are.
    stack: BTreeMap<i64, (u64, Held)>,
    texts: Vec<Vec<ReturnedText>>,
    pub(super) boxed: Vec<ReturnedValue>,
}

fn number(register: Register) -> u32 {
    register.full_register() as u32
}

/// The longest value on the stack.
const LONGEST: i64 = 8;

impl State {
    pub(super) fn new(at: u64) -> Self {
        let mut state = Self {
            at,
            stack_at: 0,
            callers: Vec::new(),
            compared: None,
            registers: BTreeMap::new(),
            vectors: BTreeMap::new(),
            stack: BTreeMap::new(),
            texts: Vec::new(),
            boxed: Vec::new(),
        };
        state.set(Register::RAX, Some(Held::Argument(0)));
        state
    }

    pub(super) fn get(&self, register: Register) -> Option<Held> {
        match register {
            Register::RSP => Some(Held::Stack(self.stack_at)),
            _ => self.registers.get(&number(register)).copied(),
        }
    }

    pub(super) fn set(&mut self, register: Register, held: Option<Held>) {
        match held {
            Some(held) => self.registers.insert(number(register), held),
            None => self.registers.remove(&number(register)),
        };
    }

    /// Go keeps the last vector register 0.
    pub(super) fn vector(&self, register: Register) -> [Option<Held>; 2] {
        match register {
            Register::XMM15 => [Some(Held::Number(0)); 2],
            _ => self.vectors.get(&number(register)).copied().unwrap_or_default(),
        }
    }

    /// None of the one that is 0.
    pub(super) fn set_vector(&mut self, register: Register, held: [Option<Held>; 2]) -> Option<()> {
        if register.full_register() == Register::XMM15.full_register() {
            return None;
        }
        self.vectors.insert(number(register), held);
        Some(())
    }

    /// After a call nothing is known of registers, except that frames are as they were.
    pub(super) fn forget_registers(&mut self) {
        let frame = self.get(Register::RBP);
        self.registers.clear();
        self.vectors.clear();
        self.compared = None;
        self.set(Register::RBP, frame);
    }

    /// The same, of a function that was followed and has returned something.
    pub(super) fn keep_results(&mut self) {
        let results = [Register::RAX, Register::RBX].map(|register| (register, self.get(register)));
        self.forget_registers();
        for (register, held) in results {
            self.set(register, held);
        }
    }

    /// Where the memory of an instruction is, as far as that is known.
    pub(super) fn place_of(&self, instruction: &Instruction) -> Option<Place> {
        if instruction.is_ip_rel_memory_operand() {
            return Some(Place::Fixed(instruction.ip_rel_memory_address()));
        }
        let plain =
            instruction.memory_index() == Register::None && instruction.segment_prefix() == Register::None;
        let offset = instruction.memory_displacement64();
        if instruction.memory_base() == Register::R14 {
            return plain.then_some(Place::Goroutine(offset));
        }
        let near = |base: u64| base.checked_add(offset).filter(|at| *at < FARTHEST);
        match self.get(instruction.memory_base()).filter(|_| plain)? {
            Held::Stack(at) => Some(Place::Stack(at.checked_add(offset.cast_signed())?)),
            Held::Argument(at) => near(at).map(Place::Argument),
            held => Some(Place::Behind(held.word_at()?, near(0)?)),
        }
    }

    /// So many bytes from there, the others 0.
    pub(super) fn load(&self, place: Place, size: u64) -> Option<Held> {
        match place {
            Place::Stack(at) => {
                let (stored, held) = *self.stack.get(&at)?;
                (stored == size).then_some(held)
            }
            Place::Argument(at) => Some(Held::Loaded(Loaded {
                at,
                size,
                signed: false,
            })),
            Place::Behind(at, METHOD) if size == 8 => Some(Held::Method(at)),
            Place::Goroutine(PANIC) if size == 8 => Some(Held::Panic),
            _ => None,
        }
    }

    /// Only the stack may be written: anything else could change what is returned.
    pub(super) fn store(&mut self, place: Place, size: u64, held: Option<Held>) -> Option<()> {
        let Place::Stack(at) = place else {
            return None;
        };
        let end = at.checked_add(i64::try_from(size).ok()?)?;
        let overlaps = |(from, (size, _)): (&i64, &(u64, Held))| {
            let its_end = from.saturating_add(i64::try_from(*size).unwrap_or(LONGEST));
            (its_end > at).then_some(*from)
        };
        let first = at.saturating_sub(LONGEST);
        let gone: Vec<i64> = self.stack.range(first..end).filter_map(overlaps).collect();
        for address in gone {
            self.stack.remove(&address);
        }
        if let Some(held) = held {
            self.stack.insert(at, (size, held));
        }
        Some(())
    }

    /// The text whose address and length two registers hold.
    pub(super) fn text(&self, at: Register, length: Register) -> Option<Vec<ReturnedText>> {
        self.text_of(self.get(at), self.get(length))
    }

    /// The text whose address and length are on the stack.
    pub(super) fn text_on_stack(&self, at: i64) -> Option<Vec<ReturnedText>> {
        let word = |at: i64| self.load(Place::Stack(at), 8);
        self.text_of(word(at), word(at.checked_add(8)?))
    }

    fn text_of(&self, at: Option<Held>, length: Option<Held>) -> Option<Vec<ReturnedText>> {
        match (at, length?) {
            (_, Held::Number(0)) => Some(Vec::new()),
            (Some(Held::Number(address)), Held::Number(length)) => {
                Some(vec![ReturnedText::Constant { address, length }])
            }
            (Some(Held::Made(text)), Held::LengthOf(same)) if text == same => self.texts.get(text).cloned(),
            (Some(at), length) => {
                let at = at.word_at()?;
                (at.checked_add(8) == length.word_at()).then(|| vec![ReturnedText::Field(at)])
            }
            _ => None,
        }
    }

    /// A call has given back this text.
    pub(super) fn gives(&mut self, text: Vec<ReturnedText>) {
        let made = self.texts.len();
        self.texts.push(text);
        self.forget_registers();
        self.set(Register::RAX, Some(Held::Made(made)));
        self.set(Register::RBX, Some(Held::LengthOf(made)));
    }

    /// A call has given back where this value lies.
    pub(super) fn gives_place(&mut self, value: ReturnedValue) {
        let held = self.boxed(value);
        self.forget_registers();
        self.set(Register::RAX, Some(held));
    }

    pub(super) fn boxed(&mut self, value: ReturnedValue) -> Held {
        self.boxed.push(value);
        Held::Boxed(self.boxed.len().saturating_sub(1))
    }

    /// What is compared, if that decides a jump that is known.
    pub(super) fn compares(&self, instruction: &Instruction) -> Option<Compared> {
        let of = instruction.op0_register();
        let is_limit = instruction.op1_kind() == OpKind::Memory
            && self.place_of(instruction) == Some(Place::Goroutine(LIMIT))
            && matches!(self.get(of), Some(Held::Stack(_)));
        is_limit.then_some(Compared::Limit)
    }

    /// What is compared with 0 by a test of a register with itself.
    pub(super) fn tests(&self, instruction: &Instruction) -> Option<Compared> {
        let of = instruction.op0_register();
        let is_of_itself = [instruction.op0_kind(), instruction.op1_kind()] == [OpKind::Register; 2]
            && of == instruction.op1_register()
            && of.size() == 8;
        match self.get(of).filter(|_| is_of_itself)? {
            Held::Argument(_) => Some(Compared::Argument),
            Held::Panic => Some(Compared::Panic),
            held => held.word_at().map(Compared::Interface),
        }
    }
}
