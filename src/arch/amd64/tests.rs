//! What the decoder tells of single instructions and of the beginnings of functions.

use super::*;
use crate::arch::{Flow, Processor, ProgramCode};
use crate::gotype::abi::Slot;

const START: u64 = 0x1000;

fn code_of(bytes: &[u8]) -> Vec<Instruction> {
    let mut instructions = Vec::new();
    Amd64.sweep(bytes, START, &mut instructions).unwrap();
    instructions
}

fn check(bytes: &[u8]) -> Result<Option<StackCheck>, StrangeCheck> {
    let instructions = code_of(bytes);
    Amd64.stack_check(&Code {
        instructions: &instructions,
        bytes,
        address: START,
    })
}

#[test]
fn found_by_the_number_in_the_header() {
    assert_eq!(Processor::of_machine(62), Some(Processor::Amd64));
    assert_eq!(Processor::of_machine(183), None);
}

#[test]
fn registers_by_number() {
    let internal = Amd64.convention(Abi::Internal);
    assert_eq!(internal.slot_of(0), Some(Slot::Register(AX)));
    assert_eq!(internal.slot_of(4), Some(Slot::Register(SI)));
    // The context and the goroutine carry no arguments.
    assert_eq!((internal.slot_of(1), internal.slot_of(14)), (None, None));
    assert_eq!(internal.slot_of(17), Some(Slot::Vector(0)));
    assert_eq!(internal.slot_of(31), Some(Slot::Vector(14)));
    assert_eq!((internal.slot_of(16), internal.slot_of(32)), (None, None));
    for number in 0..40 {
        assert_eq!(Amd64.convention(Abi::Abi0).slot_of(number), None);
    }
}

#[test]
fn flows() {
    let cases: &[(&[u8], Flow)] = &[
        (&[0x90], Flow::Next),
        (&[0x76, 5], Flow::Branch(0x1007)),
        (&[0xeb, 5], Flow::Jump(0x1007)),
        (&[0xe8, 0, 1, 0, 0], Flow::Call(0x1105)),
        (&[0xff, 0xe0], Flow::IndirectJump),
        (&[0xff, 0xd0], Flow::Leave),
        (&[0x0f, 0x05], Flow::Leave),
        (&[0xcc], Flow::Leave),
        (&[0xc7, 0xf8, 4, 0, 0, 0], Flow::Transaction(0x100a)),
        (&[0xc3], Flow::Return),
        (&[0xc2, 8, 0], Flow::Return),
        (&[0x48, 0xcf], Flow::End),
        (&[0x0f, 0x0b], Flow::End),
    ];
    for (bytes, flow) in cases {
        let instruction = Amd64.instruction(bytes, START).unwrap();
        assert_eq!(instruction.flow, *flow, "{bytes:x?}");
        assert_eq!(instruction.end(), START + bytes.len() as u64, "{bytes:x?}");
    }
    assert_eq!(Amd64.instruction(&[0x06], START), None);
    assert_eq!(Amd64.instruction(&[], START), None);
    assert_eq!(Amd64.text(&[0x76, 5], START), "jbe 0x1007");
}

#[test]
fn checks() {
    let found = |jump, target| {
        Ok(Some(StackCheck {
            jump,
            targets: vec![target],
        }))
    };
    // cmp rsp, [r14+0x10]; jbe
    assert_eq!(check(&[0x49, 0x3b, 0x66, 0x10, 0x76, 8, 0x90]), found(1, 0x100e));
    // lea r12, [rsp-0x28]; cmp r12, [r14+0x10]; jbe
    let medium = [0x4c, 0x8d, 0x64, 0x24, 0xd8, 0x4d, 0x3b, 0x66, 0x10, 0x76, 0];
    assert_eq!(check(&medium), found(2, 0x100b));
    // mov r14, fs:[-8]; cmp rsp, [r14+0x10]; jbe
    let load = [0x64, 0x4c, 0x8b, 0x34, 0x25, 0xf8, 0xff, 0xff, 0xff];
    assert_eq!(
        check(&[&load[..], &[0x49, 0x3b, 0x66, 0x10, 0x76, 0]].concat()),
        found(2, 0x100f)
    );
    assert!(Amd64.loads_goroutine_first(&load) && !Amd64.loads_goroutine_first(&medium));
    // Another jump behind the comparison; a comparison with something else.
    assert_eq!(
        check(&[0x49, 0x3b, 0x66, 0x10, 0x77, 8]),
        Err(StrangeCheck(0x1004))
    );
    assert_eq!(check(&[0x49, 0x3b, 0x66, 0x20, 0x76, 8]), Ok(None));
    assert_eq!(check(&[0xc3]), Ok(None));
}

#[test]
fn moves_and_effects() {
    // mov [rsp+8], ecx; movzx eax, byte [rsp+0x10]; mov [rbx], rax; mov [rsp+8], r15
    assert_eq!(
        Amd64.stack_move(&[0x89, 0x4c, 0x24, 8], START),
        Some(StackMove {
            slot: 8,
            register: CX,
            saves: true
        })
    );
    assert_eq!(
        Amd64.stack_move(&[0x0f, 0xb6, 0x44, 0x24, 0x10], START),
        Some(StackMove {
            slot: 16,
            register: AX,
            saves: false
        })
    );
    assert_eq!(Amd64.stack_move(&[0x48, 0x89, 0x03], START), None);
    assert_eq!(Amd64.stack_move(&[0x4c, 0x89, 0x7c, 0x24, 8], START), None);
    // xor eax, eax
    let xor = |relied_on: &[Register]| Amd64.effects(&[0x31, 0xc0], START, relied_on);
    assert!(xor(&[AX]).spoils_registers && !xor(&[BX]).spoils_registers);
    // mov rcx, [rax]; mov [rsp+8], rax; div rcx
    assert!(Amd64.effects(&[0x48, 0x8b, 0x08], START, &[]).may_fault);
    let save = Amd64.effects(&[0x48, 0x89, 0x44, 0x24, 8], START, &[]);
    assert!(save.writes_memory && !save.may_fault);
    assert!(Amd64.effects(&[0x48, 0xf7, 0xf1], START, &[]).may_fault);
}

#[test]
fn relocations() {
    let kinds = [1, 6, 8, 18, 37].map(|kind| Amd64.relocation(kind));
    assert_eq!(
        kinds,
        [
            Some(Relocation::Symbol),
            Some(Relocation::Symbol),
            Some(Relocation::Relative),
            Some(Relocation::ThreadOffset),
            None,
        ]
    );
}

/// A program of functions by their addresses.
struct Program<'c>(&'c [(u64, &'c str, &'c [u8])]);

impl ProgramCode for Program<'_> {
    fn code(&self, address: u64) -> Option<&[u8]> {
        self.0.iter().find_map(|(from, _, code)| {
            let skip = usize::try_from(address.checked_sub(*from)?).ok()?;
            code.get(skip..).filter(|rest| !rest.is_empty())
        })
    }

    fn name(&self, address: u64) -> Option<&[u8]> {
        let found = self.0.iter().find(|(from, ..)| *from == address);
        found.map(|(_, name, _)| name.as_bytes())
    }
}

#[test]
fn texts_that_are_returned() {
    let text = |code: &[u8]| Amd64.returned_text(&Program(&[(START, "", code)]), START);
    let field = |at| Some(vec![ReturnedText::Field(at)]);
    // mov rcx, [rax+8]; mov rbx, [rax+0x10]; mov rax, rcx; ret
    let plain = [
        0x48, 0x8b, 0x48, 0x08, 0x48, 0x8b, 0x58, 0x10, 0x48, 0x89, 0xc8, 0xc3,
    ];
    assert_eq!(text(&plain), field(8));
    // test rax, rax; je: behind it the argument is not nil; jne: it is.
    let tested = |jump: u8| [&[0x48, 0x85, 0xc0, jump, 0x20], plain.as_slice()].concat();
    assert_eq!(text(&tested(0x74)), field(8));
    assert_eq!(text(&tested(0x75)), None);
    // cmp qword ptr [rax], 1; je: to something else, and to the same.
    let branching = |jump: u8| [&[0x48, 0x83, 0x38, 0x01, 0x74, jump], plain.as_slice()].concat();
    assert_eq!(text(&branching(0x20)), None);
    let other = [branching(12).as_slice(), &[0x31, 0xdb, 0xc3]].concat();
    assert_eq!(text(&other), None);
    let same = [branching(12).as_slice(), plain.as_slice()].concat();
    assert_eq!(text(&same), field(8));
    // inc qword ptr [rax]
    assert_eq!(text(&[&[0x48, 0xff, 0x00], plain.as_slice()].concat()), None);
    // The length of another field; no length.
    let mut other = plain;
    other[7] = 0x18;
    assert_eq!(text(&other), None);
    assert_eq!(text(&[0x48, 0x8b, 0x40, 0x08, 0xc3]), None);
    // lea rax, [rip+0x10]; mov ebx, 4; ret
    let constant = [0x48, 0x8d, 0x05, 0x10, 0, 0, 0, 0xbb, 4, 0, 0, 0, 0xc3];
    let bytes = ReturnedText::Constant {
        address: 0x1017,
        length: 4,
    };
    assert_eq!(text(&constant), Some(vec![bytes]));
    // add rax, 8; jmp 0x2000
    let jump = [0x48, 0x83, 0xc0, 0x08, 0xe9, 0xf7, 0x0f, 0, 0];
    let functions = [(START, "", jump.as_slice()), (0x2000, "", plain.as_slice())];
    assert_eq!(Amd64.returned_text(&Program(&functions), START), field(16));
    // A loop; a call of nothing; nothing.
    assert_eq!(text(&[0xeb, 0xfe]), None);
    assert_eq!(text(&[0xe8, 0, 0, 0, 0, 0xc3]), None);
    assert_eq!(text(&[]), None);
}

#[test]
fn texts_that_are_put_together() {
    // mov rdi, [rax]; mov rsi, [rax+8]; xor eax, eax; lea rbx, [rip+0x10]; mov ecx, 3; call 0x2000; ret
    let code = [
        0x48, 0x8b, 0x38, 0x48, 0x8b, 0x70, 0x08, 0x31, 0xc0, 0x48, 0x8d, 0x1d, 0x10, 0, 0, 0, 0xb9, 3, 0, 0,
        0, 0xe8, 0xe6, 0x0f, 0, 0, 0xc3,
    ];
    let text = |name: &str, code: &[u8]| {
        let functions = [(START, "main.f", code), (0x2000, name, &[0xcc][..])];
        Amd64.returned_text(&Program(&functions), START)
    };
    let constant = ReturnedText::Constant {
        address: 0x1020,
        length: 3,
    };
    let both = vec![constant, ReturnedText::Field(0)];
    assert_eq!(text("runtime.concatstring2", &code), Some(both));
    // There is no third.
    assert_eq!(text("runtime.concatstring3", &code), None);
    assert_eq!(text("main.g", &code), None);
    // mov rcx, [rax+0x10]; mov rax, [rax+0x18]; mov rcx, [rcx+0x18]; call rcx; ret
    let mut code = [
        0x48, 0x8b, 0x48, 0x10, 0x48, 0x8b, 0x40, 0x18, 0x48, 0x8b, 0x49, 0x18, 0xff, 0xd1, 0xc3,
    ];
    assert_eq!(text("", &code), Some(vec![ReturnedText::Said(0x10)]));
    // Of something else; another method.
    code[7] = 0x20;
    assert_eq!(text("", &code), None);
    (code[7], code[11]) = (0x18, 0x20);
    assert_eq!(text("", &code), None);
    // movsxd rax, dword [rax+4]; mov ebx, 10; call 0x2000; ret
    let mut code = [
        0x48, 0x63, 0x40, 4, 0xbb, 10, 0, 0, 0, 0xe8, 0xf2, 0x0f, 0, 0, 0xc3,
    ];
    let number = crate::arch::Loaded {
        at: 4,
        size: 4,
        signed: true,
    };
    let digits = vec![ReturnedText::Decimal(number)];
    assert_eq!(text("strconv.FormatInt", &code), Some(digits));
    assert_eq!(text("strconv.FormatUint", &code), None);
    code[5] = 16;
    assert_eq!(text("strconv.FormatInt", &code), None);
}
