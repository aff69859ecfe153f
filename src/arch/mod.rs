//! Differences between processors. All other rooms ask [`Arch`]; only this room knows registers, instructions and
//! relocations.
//!
//! # Adding a processor
//!
//! One file beside `amd64.rs` that implements [`Arch`], a variant of [`Processor`], and tests: those of `amd64.rs` with
//! that processor's instructions, and `tests/sites.rs`, `tests/places.rs` and the live tests on a machine that has it.
//! For arm64 the answers to the trait's questions are known: instructions have 4 bytes; `RET` is `c0 03 5f d6` and goes
//! to the link register R30, so that the stack's first slot is 8 bytes above the stack pointer with the frame's base at
//! it; R28 is the goroutine, R26 a closure's context; R0 to R15 and V0 to V15 carry values; the check is `CMP R16, RSP`
//! and `BLS`, whose condition is in `pstate`; the kernel emulates or refuses by
//! `arch/arm64/kernel/probes/decode-insn.c`; thread-local storage is TLS variant I at `TPIDR_EL0`; and a disassembler's
//! crate is named by that file only. Byte order is little-endian everywhere, and words have 8 bytes. Outside of this
//! room two things are specific to amd64: what `int64(x)` makes of a float that is too large (`lower/float.rs`), and
//! the sentences that refuse programs for other processors (`target/elf/header.rs`, the page of E0203 in
//! `diagnostic/code.rs`).

mod amd64;

use crate::gotype::abi::{Abi, Convention, Register};

/// A processor whose programs are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processor {
    /// x86-64.
    Amd64,
}

impl Processor {
    /// The processor of this machine number in an ELF header.
    #[must_use]
    pub fn of_machine(machine: u16) -> Option<Self> {
        [Self::Amd64]
            .into_iter()
            .find(|processor| processor.machine() == machine)
    }
}

impl std::ops::Deref for Processor {
    type Target = dyn Arch;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Amd64 => &amd64::Amd64,
        }
    }
}

/// The properties of a processor.
pub trait Arch: Sync {
    /// Its number in an ELF header (`e_machine`).
    fn machine(&self) -> u16;

    /// The registers with a special role.
    fn registers(&self) -> &'static Registers;

    /// How values are passed by one of Go's conventions.
    fn convention(&self, abi: Abi) -> &'static Convention;

    /// The general register of this number in DWARF.
    fn register_numbered(&self, dwarf: u16) -> Option<Register>;

    /// Which of a register's bits say, at the jump of a stack check, whether it is taken.
    fn flags(&self) -> &'static Flags;

    /// Where the kernel keeps a thread's pointer to its thread-local storage, as bpftrace writes it.
    fn thread_pointer(&self) -> &'static str;

    /// Where Go's heap begins: what a program has from its file lies below that (`mallocinit` in
    /// `src/runtime/malloc.go`).
    fn heap_begins(&self) -> u64;

    /// Where a thread-local symbol of this value is, from the thread's pointer, in an executable whose thread-local
    /// block is this.
    fn thread_offset(&self, value: u64, block: &ThreadBlock) -> Option<i64>;

    /// Calls `each` for every place in `code`, which begins at `address`, where the goroutine's register is loaded from
    /// the thread.
    fn loads_of_goroutine(&self, code: &[u8], address: u64, each: &mut dyn FnMut(ThreadLocal));

    /// What the goroutine's register holds behind an instruction that goes on to the next one, or jumps; `before` is
    /// what it held in front of it.
    fn holds_after(&self, code: &[u8], address: u64, before: Held) -> Held;

    /// True if a function that begins with `head` loads the goroutine from the thread before it calls anything.
    fn loads_goroutine_first(&self, head: &[u8]) -> bool;

    /// The text that the function at an address returns if it does nothing else, in parts: it is put together of what
    /// its argument, which is a pointer, has, and of constants.
    fn returned_text(&self, functions: &dyn ProgramCode, address: u64) -> Option<Vec<ReturnedText>>;

    /// The meaning of a relocation of this number in the loader's table; none if it does not matter for Go programs.
    fn relocation(&self, kind: u32) -> Option<Relocation>;

    /// How many texts `syscall.errors` has (`src/syscall/zerrors_linux_….go`).
    fn errno_texts(&self) -> u64;

    /// The instruction that `code` begins with; none if the bytes are not an instruction.
    fn instruction(&self, code: &[u8], address: u64) -> Option<Instruction>;

    /// One instruction behind the other, from the first byte of `code` to the last.
    ///
    /// # Errors
    /// Where bytes are no instruction.
    fn sweep(&self, code: &[u8], address: u64, into: &mut Vec<Instruction>) -> Result<(), Undecodable>;

    /// An instruction as text.
    fn text(&self, code: &[u8], address: u64) -> String;

    /// What the kernel does with a probe on an instruction.
    fn treatment(&self, code: &[u8]) -> Treatment;

    /// True if `code` begins with the instruction by which the kernel tells that a function begins, so that it takes
    /// the return address from where the stack pointer is (`is_uprobe_at_func_entry` in `arch/x86/events/core.c`,
    /// since Linux 6.12).
    fn pushes_frame(&self, code: &[u8]) -> bool;

    /// The stack check that a function begins with, if it has one: `stacksplit` of Go's assembler.
    ///
    /// # Errors
    /// When it begins like a stack check but continues in an unknown way.
    fn stack_check(&self, code: &Code<'_>) -> Result<Option<StackCheck>, StrangeCheck>;

    /// The move between the stack and a register that carries an argument or the context, if the instruction is one.
    fn stack_move(&self, code: &[u8], address: u64) -> Option<StackMove>;

    /// The effects of an instruction that would matter to a probe on a later one; `relied_on` are the registers that
    /// the probe reads.
    fn effects(&self, code: &[u8], address: u64, relied_on: &[Register]) -> Effects;

    /// What an instruction does that the compiler keeps where the source has it.
    fn work(&self, code: &[u8], address: u64) -> Work;

    /// True if the indirect jump `jump` (an index of `code`) is that of a `switch`: it takes its target from a table by
    /// an index.
    fn is_switch(&self, code: &Code<'_>, jump: usize) -> bool;

    /// The address of what may be a table of places to jump to, if the instruction has one.
    fn table(&self, code: &[u8], address: u64) -> Option<u64>;
}

/// The functions of a program.
pub trait ProgramCode {
    /// The code from an address to the end of the function that it is in.
    fn code(&self, address: u64) -> Option<&[u8]>;

    /// The name of the function that it is in.
    fn name(&self, address: u64) -> Option<&[u8]>;
}

/// A part of the text that a function returns. Places are so many bytes behind what its argument points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReturnedText {
    /// Bytes of the program.
    Constant {
        /// Where they are.
        address: u64,
        /// How many.
        length: u64,
    },
    /// The text at a place.
    Field(u64),
    /// The same as `strconv.Quote` writes it.
    Quoted(u64),
    /// A number in decimal digits.
    Decimal(Loaded),
    /// What the first method of the interface at a place returns.
    Said(u64),
    /// What `fmt.Sprintf` makes.
    Formatted {
        /// The format: a constant, or none.
        format: Vec<ReturnedText>,
        /// What it is about: the type of each, and where it is.
        operands: Vec<(OperandType, ReturnedValue)>,
    },
}

/// A number that was loaded, and made a whole word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// Its place.
    pub at: u64,
    /// Bytes.
    pub size: u64,
    /// Its sign is in all other bits of the word, which else are 0; of a whole word it is not known.
    pub signed: bool,
}

/// The type of what an interface holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperandType {
    /// The one with a descriptor at this address.
    Is(u64),
    /// That of the interface at a place.
    Of(u64),
}

/// What an interface holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReturnedValue {
    /// A text.
    Text(Vec<ReturnedText>),
    /// A number of so many bytes.
    Number(u64, Loaded),
    /// A word of the table at an address, by its number.
    InTable {
        /// Where the table is.
        table: u64,
        /// The number.
        number: Loaded,
    },
    /// What the program has at an address.
    Constant(u64),
    /// What the interface at a place holds.
    Of(u64),
}

/// The registers with a special role.
#[derive(Debug)]
pub struct Registers {
    /// The goroutine (`runtime.g`), in functions that follow ABIInternal.
    pub goroutine: Register,
    /// The closure object that a function value was called through, at its function's first instruction.
    pub context: Register,
    /// The stack pointer.
    pub stack: Register,
    /// The return address, at a function's first instruction and where it returns; none where the stack pointer points
    /// at it.
    pub link: Option<Register>,
}

/// When a jump of a stack check is taken.
#[derive(Debug)]
pub struct Flags {
    /// The register's name for bpftrace.
    pub register: &'static str,
    /// The bits that count.
    pub mask: u64,
    /// What these bits are called.
    pub names: &'static str,
    /// What they are exactly if the jump is not taken, and the function goes on.
    pub not_taken: u64,
}

/// The thread-local block of an executable (`PT_TLS`), bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadBlock {
    /// Link-time address.
    pub address: u64,
    /// Size in memory.
    pub size: u64,
    /// Alignment.
    pub align: u64,
}

/// Where a thread-local variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ThreadLocal {
    /// So many bytes from the thread's pointer.
    Offset(i64),
    /// So many as the word at this link-time address holds once the file is loaded: in shared objects.
    Word(u64),
}

/// What is known of what a register holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Nothing.
    Unknown,
    /// Where a thread-local variable is, from the thread's pointer.
    Place(ThreadLocal),
    /// The word that the thread keeps there.
    WordAt(ThreadLocal),
}

/// What the loader writes into a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relocation {
    /// An address of this file, moved to where it is loaded.
    Relative,
    /// The distance of a thread-local variable from the thread's pointer.
    ThreadOffset,
    /// The address of a symbol, which another file may define.
    Symbol,
}

/// The properties of an instruction that all users need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Link-time address.
    pub address: u64,
    /// Bytes.
    pub length: u8,
    /// Where control goes behind it.
    pub flow: Flow,
}

impl Instruction {
    /// The address behind it.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.address.wrapping_add(u64::from(self.length))
    }

    /// Where it goes otherwise than to the next instruction, if it says so itself.
    #[must_use]
    pub fn target(&self) -> Option<u64> {
        match self.flow {
            Flow::Branch(to) | Flow::Jump(to) | Flow::Transaction(to) | Flow::Call(to) => Some(to),
            Flow::Next | Flow::IndirectJump | Flow::Leave | Flow::Return | Flow::End => None,
        }
    }
}

/// Where control goes behind an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// To the next instruction.
    Next,
    /// There, or to the next one.
    Branch(u64),
    /// There.
    Jump(u64),
    /// To what a register or a word in memory says.
    IndirectJump,
    /// There if a transaction fails.
    Transaction(u64),
    /// There, and mostly back to the next one.
    Call(u64),
    /// Away, and mostly back to the next one: through a register, to the kernel.
    Leave,
    /// Back to who called the function.
    Return,
    /// Nowhere else: a trap, or a return from something that is no call.
    End,
}

/// Where decoding failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undecodable {
    /// Address of the bytes that are no instruction.
    pub address: u64,
}

/// A function's code.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    /// Its instructions, by address.
    pub instructions: &'a [Instruction],
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Its first byte.
    pub address: u64,
}

impl<'a> Code<'a> {
    /// The bytes of an instruction.
    #[must_use]
    pub fn bytes_of(&self, instruction: &Instruction) -> &'a [u8] {
        usize::try_from(instruction.address.wrapping_sub(self.address))
            .ok()
            .and_then(|at| {
                self.bytes
                    .get(at..at.checked_add(usize::from(instruction.length))?)
            })
            .unwrap_or_default()
    }

    /// The addresses that it takes.
    #[must_use]
    pub fn range(&self) -> std::ops::Range<u64> {
        self.address..self.address.saturating_add(self.bytes.len() as u64)
    }
}

/// How the kernel executes an instruction whose first byte a probe replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// It emulates the instruction: cheap.
    Emulated,
    /// It single-steps a copy and traps again behind it: expensive.
    Stepped,
    /// It does not allow a probe there; why.
    Refused(&'static str),
}

/// The first instructions of a function, when they check the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackCheck {
    /// Index of the final conditional jump.
    pub jump: usize,
    /// Where its jumps go: to code that gets more stack and begins the function again.
    pub targets: Vec<u64>,
}

/// A stack check of unknown form, at this address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrangeCheck(pub u64);

/// A move between the stack and a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackMove {
    /// Bytes from the stack pointer.
    pub slot: u64,
    /// The whole register that a part of, or all of, is moved.
    pub register: Register,
    /// The register is read, not written.
    pub saves: bool,
}

/// The effects of an instruction that would matter to a probe on a later one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// It may end in a panic: it goes through a pointer that may be nil, or divides.
    pub may_fault: bool,
    /// It writes one of the registers that are relied on.
    pub spoils_registers: bool,
    /// It writes memory.
    pub writes_memory: bool,
}

/// What an instruction does with memory that the compiler keeps in its place, and what marks it has set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// It does nothing, and takes one byte: what the compiler writes where a call was inlined and no other instruction
    /// stands for the call's line.
    pub is_mark: bool,
    /// It reads memory that is neither the stack's (where registers are put aside) nor at a fixed address (constants).
    pub reads: bool,
    /// It writes memory, other than the stack by its pointer, and does so once.
    pub writes: bool,
    /// It compares a word at a fixed address with 0, as tests of whether the garbage collector runs do.
    pub tests_collector: bool,
}
