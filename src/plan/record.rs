//! What a record holds: raw numbers and bytes that a probe writes instead of a line for people, and how they become
//! one.
//!
//! A script of records has no words, tables or formats in it; what its numbers mean is told here, by the probe that
//! wrote them.

use super::format::Format;
use super::{Column, Composed, NumberKind, Plan};
use crate::gotype::TypeRef;
use std::ops::Range;

/// The map that counts samples whose keys there was no room for.
pub const NO_ROOM: &str = "keys_without_room";

/// The map that says what is to be read of errors of each type, look by look.
pub const ERROR_LOOKS: &str = "error_looks";
/// The map with the numbers of looks at errors that are keys.
pub const ERROR_NUMBERS: &str = "error_numbers";
/// Stands for an error that there was no room for.
pub const NO_ROOM_FOR_ERROR: u64 = u64::MAX >> 1;
/// The map that counts the numbers that each processor has given out.
pub const NUMBERS_GIVEN: &str = "numbers_given";
/// The map that counts the records of the processor whose lost ones bpftrace does not count.
pub const WRITTEN: &str = "records_written";
/// What the maps with the numbers of keys are called, with the name of the result behind it.
pub const KEYS_OF: &str = "keys_of_";

/// Each power of two has 2^FINE buckets in a histogram of a run.
pub const FINE: u32 = 3;
/// The same where percentiles are asked for: 32, each 3 in 100 wide at the most.
pub const FINEST: u32 = 5;

/// First letters of records, which a tab follows. What else a script writes are words for the run.
const RECORDS: [char; 7] = ['L', 'K', 'C', 'E', 'V', 'X', 'G'];

/// What a script writes, or the format of that, is a record.
#[must_use]
pub fn is_record(text: &str) -> bool {
    text.strip_prefix(RECORDS)
        .is_some_and(|rest| rest.starts_with('\t'))
}

/// A map of the script's own, which is for nobody to see.
#[must_use]
pub fn is_hidden(plan: &Plan, map: &str) -> bool {
    let of_state = |name: &str| {
        map.strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("_is_"))
    };
    [NO_ROOM, ERROR_LOOKS, ERROR_NUMBERS, NUMBERS_GIVEN, WRITTEN].contains(&map)
        || map.starts_with(KEYS_OF)
        || plan.state.iter().any(|state| of_state(&state.name))
}

/// A field of a record, by its place in it.
pub type Field = usize;

/// What the records of one statement hold, in the order of their fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The number by which records say that they are of this layout: those of one site have different numbers.
    pub number: usize,
    /// What each field is.
    pub fields: Vec<FieldKind>,
    /// The line, or the keys of a result one after the other.
    pub pieces: Vec<Piece>,
    /// The values among the pieces.
    pub columns: Vec<(Column, Range<usize>)>,
    /// Of a key with a stack: how far the program was moved when it was loaded.
    pub base: Option<Field>,
    /// The result that this is a key of; none if it is a line.
    pub key_of: Option<KeyOf>,
    /// The call of a tree that this tells of.
    pub tells: Option<Tells>,
}

/// What a record tells of a call tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tells {
    /// Which of the plan's trees.
    pub tree: usize,
    /// What.
    pub what: TellsOf,
}

/// What a record of a call tree is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TellsOf {
    /// A call begins.
    Begin,
    /// A call returns.
    Return,
    /// The goroutine ends.
    End,
    /// The goroutine has made another one.
    Start,
    /// A call that was inlined.
    Inlined,
}

/// How a key of a result is told.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyOf {
    /// The result's name.
    pub result: String,
    /// The site and the number of the layout are the first parts of the key as bpftrace has it.
    pub by_site: bool,
    /// Parts of the key are no numbers: bpftrace has a number for it, which a record of this layout was written for.
    pub is_numbered: bool,
}

/// How a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// 64 bits.
    Number,
    /// Bytes.
    Bytes,
    /// Addresses, one a line.
    Stack,
    /// Characters that are neither tab nor newline, or the last field.
    Text,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Characters.
    Text(String),
    /// The time of day.
    Clock,
    /// A value, shown in a way.
    Shown(Taken, Format),
    /// The first if the field is not 0, else the second.
    Unless(Field, Vec<Piece>, Vec<Piece>),
    /// `nil` if the field is 0, else what it points at.
    Pointee(Field, Vec<Piece>),
    /// A list.
    List(Box<List>),
    /// Values that are put together.
    Composed(Composed, Vec<Taken>),
}

/// The elements of a slice or array, as many as were read.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// How many there are.
    pub count: Count,
    /// It is `nil` if one of these is 0: the list lies behind these pointers.
    pub behind: Vec<Field>,
    /// Where they are.
    pub taken: Elements,
    /// What is shown of one, by its own fields; nothing if only their number is shown.
    pub element: Vec<Piece>,
}

/// The number of elements of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Of a slice.
    Field(Field),
    /// Of an array.
    Fixed(u64),
}

/// How the elements of a list were taken.
#[derive(Clone, Debug, PartialEq)]
pub enum Elements {
    /// Nothing is taken of them: they look alike. So many are shown.
    Alike(u64),
    /// As they are in memory.
    Bytes {
        /// The address of the first.
        data: Field,
        /// The bytes of the first ones.
        bytes: Field,
        /// How many bytes one has.
        size: u64,
        /// The fields of one.
        fields: Vec<Inside>,
    },
    /// The first ones, each for itself.
    First(Vec<Vec<Piece>>),
    /// Each in a record of its own, before that of the list.
    Records {
        /// The number of the list in the record.
        list: u64,
        /// At most so many.
        most: u64,
        /// What the fields of one are.
        fields: Vec<FieldKind>,
    },
}

/// A field that lies inside of bytes that were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// A number.
    Number {
        /// Where it begins.
        offset: u64,
        /// Bytes.
        size: u64,
        /// The top bit is a sign.
        signed: bool,
    },
    /// Bytes.
    Bytes {
        /// Where they begin.
        offset: u64,
        /// How many.
        size: u64,
    },
    /// The address of what is so far behind the beginning.
    Address(u64),
}

/// A value as it was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// Where its parts are.
    pub what: What,
    /// It is `nil` if one of these is 0: it lies behind these pointers.
    pub behind: Vec<Field>,
}

/// A stack as it was walked by frame pointers, and what such a walk misses.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// Addresses, from the probe's to the goroutine's beginning.
    pub addresses: Field,
    /// What the call returns to, if the stack pointer points at that.
    pub caller: Field,
    /// Of the goroutine below a system stack: where it goes on, the word at its stack pointer, what its callers return
    /// to. None where no system stack is used.
    pub below: Vec<Field>,
    /// What the `go` statement's call returned to; none if that was not taken.
    pub created: Option<Field>,
    /// At most so many frames.
    pub most: Option<u64>,
}

/// Where the parts of a value are.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A number.
    Number {
        /// Its bits.
        bits: Field,
        /// It may be negative.
        signed: bool,
        /// What it means.
        kind: NumberKind,
        /// It is the time that a call took.
        is_measured: bool,
    },
    /// Text, or a slice of bytes.
    Text {
        /// The address of its first byte; none of text that was kept.
        data: Option<Field>,
        /// How many bytes it has.
        len: Field,
        /// Its first bytes.
        bytes: Field,
        /// Not 0 if all around them reads as zero, which may mean that it is not in memory; of bytes.
        unread: Option<Field>,
    },
    /// An array of bytes.
    Array {
        /// Its address.
        data: Field,
        /// How many bytes it has.
        len: u64,
        /// Its first bytes.
        bytes: Field,
    },
    /// An interface.
    Interface {
        /// Itab or type.
        tab: Field,
        /// The type that the itab has; none if the first word is the type.
        descriptor: Option<Field>,
        /// The value, or its address; none in keys.
        data: Option<Field>,
        /// The interface's type.
        ty: TypeRef,
        /// Which of the record's errors it is, if its message was read.
        error: Option<u64>,
    },
    /// An error that has a number, by which a record tells what it is; 0 is `nil`.
    Error(Field),
    /// `time.Time`
    Time {
        /// `wall`
        wall: Field,
        /// `ext`
        ext: Field,
    },
    /// Seconds since 1970.
    Seconds(Field),
    /// A stack.
    Stack(Walk),
    /// An address in code.
    Code {
        /// The address.
        address: Field,
        /// A call returns there: it is the place of the instruction before.
        is_return: bool,
    },
    /// Characters that the kernel has, such as a thread's name.
    Kernel(Field),
    /// Text that is known.
    Constant(String),
}
