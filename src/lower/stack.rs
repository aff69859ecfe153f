//! How long text may be in releases of bpftrace that keep it on the stack of a probe, which has 512 bytes.
//!
//! What takes room was read in 0.17's code generator (`src/ast/passes/codegen_llvm.cpp`) and tried: every `str` has a
//! buffer of the full length until it was copied to where it goes; a `printf` has all its arguments side by side; a
//! variable keeps its room until the end of the probe.

use super::used::each_store;
use crate::bt::{self, Expr as Bt, Item, Stmt};
use std::collections::BTreeMap;

/// What a probe can use of its 512 bytes for what is counted here: the rest goes to keys and to registers that are put
/// aside.
const STACK: u64 = 464;

/// What is left over of a text from a map when it was compared in a condition (measured).
const COMPARED: u64 = 48;

/// So many variables that are numbers stay in registers; of the others, not all of which are needed at once, each takes
/// so many bytes on the average (measured).
const REGISTERS: u64 = 6;
const PUT_ASIDE: u64 = 6;

/// The shortest limit that still says something; where not even that fits, bpftrace says that the stack is too small.
const SHORTEST: u64 = 16;

/// What a string of these releases takes that is not read from memory: a literal has at most 63 bytes and its end.
const LITERAL: u64 = 64;

/// Room that is taken: bytes, and pieces of text of the full length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Room {
    bytes: u64,
    texts: u64,
}

impl Room {
    const NUMBER: Self = Self { bytes: 8, texts: 0 };
    const TEXT: Self = Self { bytes: 0, texts: 1 };

    fn literal(text: &str) -> Self {
        let bytes = (text.len() as u64 + 1).next_multiple_of(8).min(LITERAL);
        Self { bytes, texts: 0 }
    }

    fn and(self, other: Self) -> Self {
        Self {
            bytes: self.bytes + other.bytes,
            texts: self.texts + other.texts,
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            bytes: self.bytes.max(other.bytes),
            texts: self.texts.max(other.texts),
        }
    }
}

/// The longest limit of text, in bytes with its end, with which all probes fit on their stacks.
pub(super) fn longest_text(items: &[Item]) -> u64 {
    let maps = kept_texts(items);
    let limits = bt::probes(items).map(|probe| {
        let mut stack = Stack {
            maps: &maps,
            variables: BTreeMap::new(),
            compares_text: false,
            left_over: Room::default(),
        };
        let statements = stack.block(&probe.body).and(stack.left_over);
        let (numbers, texts): (Vec<Room>, Vec<Room>) =
            stack.variables.values().partition(|room| **room == Room::NUMBER);
        let mut room = texts.into_iter().fold(statements, Room::and);
        room.bytes += PUT_ASIDE * (numbers.len() as u64).saturating_sub(REGISTERS);
        if stack.compares_text {
            room.bytes += COMPARED;
        }
        match STACK.saturating_sub(room.bytes).checked_div(room.texts) {
            None => u64::MAX,
            Some(limit) => (limit / 8 * 8).max(SHORTEST),
        }
    });
    limits.min().unwrap_or(u64::MAX)
}

/// The maps that text is stored in.
fn kept_texts(items: &[Item]) -> BTreeMap<&str, Room> {
    let mut maps = BTreeMap::new();
    each_store(items, &mut |map, _, value| match value {
        Bt::Str(text) => {
            let room: &mut Room = maps.entry(map).or_default();
            *room = room.or(Room::literal(text));
        }
        value if reads_text(value) => {
            maps.insert(map, Room::TEXT);
        }
        _ => {}
    });
    maps
}

fn reads_text(value: &Bt) -> bool {
    matches!(value, Bt::Call("str", _))
}

/// What one probe has on its stack.
struct Stack<'p> {
    /// Maps that hold text, and how much one value takes.
    maps: &'p BTreeMap<&'p str, Room>,
    variables: BTreeMap<&'p str, Room>,
    /// A condition looks text up.
    compares_text: bool,
    /// Text that statements had which look up what was kept at entry: nothing else gets that room (measured).
    left_over: Room,
}

impl<'p> Stack<'p> {
    /// The most that any statement of a block takes besides variables.
    fn block(&mut self, block: &'p [Stmt]) -> Room {
        block
            .iter()
            .map(|statement| self.statement(statement))
            .fold(Room::default(), Room::or)
    }

    fn statement(&mut self, statement: &'p Stmt) -> Room {
        match statement {
            Stmt::Assign(name, value, _) => {
                let room = self.value(value);
                let variable = self.variables.entry(name).or_default();
                *variable = variable.or(room);
                self.passing(value)
            }
            Stmt::Store(_, keys, value) => {
                let room = self.all(keys).and(self.value(value));
                self.put(room, &keys.iter().chain([value]).collect::<Vec<_>>())
            }
            Stmt::Call(Bt::Call(_, arguments)) => {
                let room = Room::NUMBER.and(self.all(arguments));
                self.put(room, &arguments.iter().collect::<Vec<_>>())
            }
            Stmt::Delete(_, keys) => self.all(keys),
            Stmt::Unroll(_, body) | Stmt::Loop(.., body) => self.block(body),
            Stmt::If(condition, a, b) => {
                let passing = self.passing(condition);
                if self.looks_text_up(condition) {
                    self.compares_text = true;
                }
                passing.or(self.block(a)).or(self.block(b))
            }
            _ => Room::default(),
        }
    }

    /// What a statement takes that puts `values` into `room`.
    fn put(&mut self, room: Room, values: &[&Bt]) -> Room {
        let passing = values
            .iter()
            .fold(Room::default(), |most, value| most.or(self.passing(value)));
        let room = room.and(passing);
        let keeps_text = |value: &Bt| match value {
            Bt::Map(name, _) => self.maps.get(name.as_str()).is_some_and(|kept| kept.texts > 0),
            _ => false,
        };
        let in_key = |value: &Bt| matches!(value, Bt::Map(_, keys) if keys.iter().any(keeps_text));
        if values.iter().any(|value| keeps_text(value) || in_key(value)) {
            self.left_over.texts += room.texts;
        }
        room
    }

    fn looks_text_up(&self, condition: &Bt) -> bool {
        match condition {
            Bt::Map(name, _) => self.maps.contains_key(name.as_str()),
            Bt::Binary(_, a, b) => self.looks_text_up(a) || self.looks_text_up(b),
            Bt::Unary(_, a) | Bt::Cast(_, a) => self.looks_text_up(a),
            _ => false,
        }
    }

    fn all(&self, values: &[Bt]) -> Room {
        values
            .iter()
            .fold(Room::default(), |sum, value| sum.and(self.value(value)))
    }

    /// What a value takes where it is put.
    fn value(&self, value: &Bt) -> Room {
        match value {
            Bt::Str(text) => Room::literal(text),
            Bt::Call("str", _) => Room::TEXT,
            Bt::Call("buf", arguments) => match arguments.get(1) {
                Some(Bt::Int(length)) => Room {
                    bytes: u64::try_from(*length).unwrap_or(0).next_multiple_of(8) + 8,
                    texts: 0,
                },
                _ => Room::TEXT.and(Room::NUMBER),
            },
            Bt::Call(..) => Room::NUMBER.and(Room::NUMBER).and(Room::NUMBER), // addresses, symbols, times
            Bt::Var(name) => self.variables.get(name.as_str()).copied().unwrap_or(Room::NUMBER),
            Bt::Map(name, _) => self.maps.get(name.as_str()).copied().unwrap_or(Room::NUMBER),
            Bt::Tuple(values) => self.all(values),
            Bt::Ternary(_, a, b) => match (&**a, &**b) {
                (Bt::Str(_), _) | (_, Bt::Str(_)) => Room {
                    bytes: LITERAL,
                    texts: 0,
                },
                (a, b) => self.value(a).or(self.value(b)),
            },
            _ => Room::NUMBER,
        }
    }

    /// What a value takes besides, until it is where it is put.
    fn passing(&self, value: &Bt) -> Room {
        let mut inside = Room::default();
        value.each_operand(&mut |operand| inside = inside.or(self.passing(operand)));
        match value {
            Bt::Call("str" | "buf", _) => Room::TEXT,
            Bt::Call(..) => Room::default(),
            Bt::Map(_, keys) => self.all(keys).and(self.value(value)).and(inside),
            _ => inside,
        }
    }
}
