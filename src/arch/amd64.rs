//! amd64: registers and conventions of Go 1.17 to 1.27 on linux/amd64.
//!
//! Sources: `src/cmd/compile/abi-internal.md` (registers), System V ABI, amd64 supplement, figure 3.36 (DWARF's
//! numbers) and "Relocation", `stacksplit` and `load_g` in `src/cmd/internal/obj/x86/obj6.go`.

mod decode;
mod goroutine;
mod returned;
#[cfg(test)]
mod tests;
mod uprobe;

use super::{
    Arch, Code, Effects, Flags, Held, Instruction, ProgramCode, Registers, Relocation, ReturnedText,
    StackCheck, StackMove, StrangeCheck, ThreadBlock, ThreadLocal, Treatment, Undecodable, Work,
};
use crate::gotype::abi::{Abi, Convention, Register, Vectors};

/// `EM_X86_64`.
const MACHINE: u16 = 62;
/// `R_X86_64_64`, `R_X86_64_GLOB_DAT`: the address of a symbol.
const SYMBOLS: [u32; 2] = [1, 6];
/// `R_X86_64_RELATIVE`.
const RELATIVE: u32 = 8;
/// `R_X86_64_TPOFF64`.
const THREAD_OFFSET: u32 = 18;

/// The processor.
pub(super) struct Amd64;

const AX: Register = Register::new("ax", 0);
const DX: Register = Register::new("dx", 1);
const CX: Register = Register::new("cx", 2);
const BX: Register = Register::new("bx", 3);
const SI: Register = Register::new("si", 4);
const DI: Register = Register::new("di", 5);
const SP: Register = Register::new("sp", 7);
const R8: Register = Register::new("r8", 8);
const R9: Register = Register::new("r9", 9);
const R10: Register = Register::new("r10", 10);
const R11: Register = Register::new("r11", 11);
const R12: Register = Register::new("r12", 12);
const R13: Register = Register::new("r13", 13);
const R14: Register = Register::new("r14", 14);
const R15: Register = Register::new("r15", 15);

/// Those that hold values, the goroutine's and the stack's left out.
const GENERAL: [Register; 13] = [AX, DX, CX, BX, SI, DI, R8, R9, R10, R11, R12, R13, R15];

const REGISTERS: Registers = Registers {
    goroutine: R14,
    context: DX,
    stack: SP,
    link: None,
};

/// True of the registers of arguments and of the context, and of those of the goroutine and the stack.
fn carries_argument(register: Register) -> bool {
    ![R12, R13, R15].contains(&register)
}

/// DWARF's number of X0.
const FIRST_VECTOR: u16 = 17;

/// A call pushes the return address, so the first slot is behind it; the frame's base is what the stack pointer was
/// before.
const INTERNAL: Convention = Convention {
    integers: &[AX, BX, CX, DI, SI, R8, R9, R10, R11],
    vectors: Vectors {
        count: 15,
        dwarf: FIRST_VECTOR,
    },
    first_slot: 8,
    frame_base: 8,
};

const ABI0: Convention = Convention {
    integers: &[],
    vectors: Vectors {
        count: 0,
        dwarf: FIRST_VECTOR,
    },
    first_slot: 8,
    frame_base: 8,
};

/// `JBE` is taken if CF or ZF is set.
const FLAGS: Flags = Flags {
    register: "flags",
    mask: 0x41,
    names: "CF and ZF",
    not_taken: 0,
};

impl Arch for Amd64 {
    fn machine(&self) -> u16 {
        MACHINE
    }

    fn registers(&self) -> &'static Registers {
        &REGISTERS
    }

    fn convention(&self, abi: Abi) -> &'static Convention {
        match abi {
            Abi::Internal => &INTERNAL,
            Abi::Abi0 => &ABI0,
        }
    }

    fn flags(&self) -> &'static Flags {
        &FLAGS
    }

    fn thread_pointer(&self) -> &'static str {
        "curtask->thread.fsbase"
    }

    fn heap_begins(&self) -> u64 {
        0xc0_0000_0000
    }

    fn thread_offset(&self, value: u64, block: &ThreadBlock) -> Option<i64> {
        goroutine::thread_offset(value, block)
    }

    fn loads_of_goroutine(&self, code: &[u8], address: u64, each: &mut dyn FnMut(ThreadLocal)) {
        goroutine::loads(code, address, each);
    }

    fn returned_text(&self, functions: &dyn ProgramCode, address: u64) -> Option<Vec<ReturnedText>> {
        returned::text(functions, address)
    }

    fn holds_after(&self, code: &[u8], address: u64, before: Held) -> Held {
        goroutine::holds_after(code, address, before)
    }

    fn loads_goroutine_first(&self, head: &[u8]) -> bool {
        decode::loads_goroutine_first(head)
    }

    fn relocation(&self, kind: u32) -> Option<Relocation> {
        match kind {
            RELATIVE => Some(Relocation::Relative),
            THREAD_OFFSET => Some(Relocation::ThreadOffset),
            kind if SYMBOLS.contains(&kind) => Some(Relocation::Symbol),
            _ => None,
        }
    }

    fn errno_texts(&self) -> u64 {
        // `zerrors_linux_amd64.go`, Go 1.17 to 1.27.
        133
    }

    fn instruction(&self, code: &[u8], address: u64) -> Option<Instruction> {
        decode::instruction(code, address)
    }

    fn sweep(&self, code: &[u8], address: u64, into: &mut Vec<Instruction>) -> Result<(), Undecodable> {
        decode::sweep(code, address, into)
    }

    fn text(&self, code: &[u8], address: u64) -> String {
        decode::text(code, address)
    }

    fn treatment(&self, code: &[u8]) -> Treatment {
        uprobe::treatment(code)
    }

    fn pushes_frame(&self, code: &[u8]) -> bool {
        code.first() == Some(&0x55)
    }

    fn stack_check(&self, code: &Code<'_>) -> Result<Option<StackCheck>, StrangeCheck> {
        decode::stack_check(code)
    }

    fn stack_move(&self, code: &[u8], address: u64) -> Option<StackMove> {
        decode::stack_move(code, address)
    }

    fn effects(&self, code: &[u8], address: u64, relied_on: &[Register]) -> Effects {
        decode::effects(code, address, relied_on)
    }

    fn register_numbered(&self, dwarf: u16) -> Option<Register> {
        GENERAL.into_iter().find(|register| register.dwarf() == dwarf)
    }

    fn work(&self, code: &[u8], address: u64) -> Work {
        decode::work(code, address)
    }

    fn is_switch(&self, code: &Code<'_>, jump: usize) -> bool {
        decode::is_switch(code, jump)
    }

    fn table(&self, code: &[u8], address: u64) -> Option<u64> {
        decode::table(code, address)
    }
}
