//! Debug information that no compiler makes: reading it must end, with an answer or an error.

use object::read::elf::ElfFile64;

use crate::diagnostic::Code;
use crate::gotype::{Kind, TypeRef};
use crate::target::dwarf::Debug;
use crate::target::{Function, Unreadable};

/// Abbreviations for the entries below, with all attributes in forms of fixed size.
const ABBREVIATIONS: &[&[u8]] = &[
    // 1: compile unit: name, language, low_pc, high_pc
    &[1, 0x11, 1, 0x03, 0x08, 0x13, 0x0b, 0x11, 0x01, 0x12, 0x01, 0, 0],
    // 2: typedef: name, type (ref_addr)
    &[2, 0x16, 0, 0x03, 0x08, 0x49, 0x10, 0, 0],
    // 3: structure: name, byte_size (data1)
    &[3, 0x13, 1, 0x03, 0x08, 0x0b, 0x0b, 0, 0],
    // 4: member: name, type, data_member_location (data1)
    &[4, 0x0d, 0, 0x03, 0x08, 0x49, 0x10, 0x38, 0x0b, 0, 0],
    // 5: subprogram: name, low_pc, high_pc
    &[5, 0x2e, 1, 0x03, 0x08, 0x11, 0x01, 0x12, 0x01, 0, 0],
    // 6: formal parameter: name, type
    &[6, 0x05, 0, 0x03, 0x08, 0x49, 0x10, 0, 0],
    // 7: subprogram: abstract_origin, low_pc, high_pc
    &[7, 0x2e, 1, 0x31, 0x10, 0x11, 0x01, 0x12, 0x01, 0, 0],
    // 8: formal parameter: abstract_origin
    &[8, 0x05, 0, 0x31, 0x10, 0, 0],
    // 9: array: name, type, byte_size (data8)
    &[9, 0x01, 1, 0x03, 0x08, 0x49, 0x10, 0x0b, 0x07, 0, 0],
    // 10: subrange: count (data8)
    &[10, 0x21, 0, 0x37, 0x07, 0, 0],
    // 11: inlined call: abstract_origin, low_pc
    &[11, 0x1d, 1, 0x31, 0x10, 0x11, 0x01, 0, 0],
];

/// One unit called `runtime`, with the entries that a test adds.
struct Unit {
    bytes: Vec<u8>,
}

impl Unit {
    fn new() -> Self {
        let mut unit = Self { bytes: vec![0; 4] };
        unit.raw(&4_u16.to_le_bytes()).raw(&0_u32.to_le_bytes()).raw(&[8]);
        unit.raw(&[1])
            .text("runtime")
            .raw(&[22])
            .word(0x1000)
            .word(0x2000);
        unit
    }

    fn at(&self) -> u32 {
        self.bytes.len() as u32
    }

    fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.raw(text.as_bytes()).raw(&[0])
    }

    fn word(&mut self, word: u64) -> &mut Self {
        self.raw(&word.to_le_bytes())
    }

    fn reference(&mut self, to: u32) -> &mut Self {
        self.raw(&to.to_le_bytes())
    }

    fn finish(mut self) -> Vec<u8> {
        self.raw(&[0]);
        let length = self.bytes.len() as u32 - 4;
        self.bytes[..4].copy_from_slice(&length.to_le_bytes());
        self.bytes
    }
}

fn abbreviations() -> Vec<u8> {
    let mut bytes = ABBREVIATIONS.concat();
    bytes.push(0);
    bytes
}

/// An ELF file of these sections: name, flags, bytes.
fn elf(sections: &[(&str, u64, &[u8])]) -> Vec<u8> {
    let mut names = vec![0];
    let mut data = Vec::new();
    let mut headers = vec![0; 64];
    let mut header = |name: u32, kind: u32, flags: u64, offset: u64, size: u64| {
        headers.extend(name.to_le_bytes());
        headers.extend(kind.to_le_bytes());
        for word in [flags, 0, offset, size] {
            headers.extend(word.to_le_bytes());
        }
        headers.extend([0; 8]);
        for word in [1_u64, 0] {
            headers.extend(word.to_le_bytes());
        }
    };
    for (name, flags, bytes) in sections {
        header(
            names.len() as u32,
            1,
            *flags,
            64 + data.len() as u64,
            bytes.len() as u64,
        );
        names.extend(name.bytes().chain([0]));
        data.extend_from_slice(bytes);
    }
    let name = names.len() as u32;
    names.extend(b".shstrtab\0");
    header(name, 3, 0, 64 + data.len() as u64, names.len() as u64);
    data.extend(names);
    let mut file = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    file.extend(2_u16.to_le_bytes());
    file.extend(62_u16.to_le_bytes());
    file.extend(1_u32.to_le_bytes());
    for word in [0x1000, 0, 64 + data.len() as u64] {
        file.extend(word.to_le_bytes());
    }
    file.extend(0_u32.to_le_bytes());
    for half in [
        64,
        56,
        0,
        64,
        sections.len() as u16 + 2,
        sections.len() as u16 + 1,
    ] {
        file.extend(half.to_le_bytes());
    }
    file.extend(data);
    file.extend(headers);
    file
}

/// Asks `question` about a unit.
fn ask(unit: Unit, question: impl FnOnce(&Debug<'_>)) {
    ask_raw(&unit.finish(), &abbreviations(), question);
}

fn ask_raw(info: &[u8], abbreviations: &[u8], question: impl FnOnce(&Debug<'_>)) {
    let file = elf(&[(".debug_info", 0, info), (".debug_abbrev", 0, abbreviations)]);
    let file = ElfFile64::parse(&file[..]).unwrap();
    question(&Debug::open(&file, None).unwrap().unwrap());
}

fn function(address: u64) -> Function {
    Function {
        name: "main.f".to_owned(),
        address,
        size: 1,
        ..Function::default()
    }
}

#[test]
fn typedef_of_itself() {
    let mut unit = Unit::new();
    let at = unit.at();
    unit.raw(&[2]).text("T").reference(at);
    ask(unit, |debug| {
        assert_eq!(debug.type_named("T").unwrap(), Some(TypeRef(u64::from(at))));
        let problem = debug.type_of(TypeRef(u64::from(at))).unwrap_err();
        assert_eq!(problem.code, Code::DEBUG_DAMAGED);
    });
}

#[test]
fn struct_in_itself() {
    let mut unit = Unit::new();
    let at = unit.at();
    unit.raw(&[3]).text("T").raw(&[16]);
    for offset in [0, 8] {
        unit.raw(&[4]).text("f").reference(at).raw(&[offset]);
    }
    unit.raw(&[0]);
    unit.raw(&[5]).text("main.f").word(0x1000).word(0x1001);
    unit.raw(&[6]).text("p").reference(at).raw(&[0]);
    ask(unit, |debug| {
        let ty = debug.type_of(TypeRef(u64::from(at))).unwrap();
        assert!(matches!(ty.kind, Kind::Struct(fields) if fields.len() == 2));
        let signature = debug.signature(&function(0x1000), 22, &|_| None).unwrap();
        assert_eq!(signature.text, "func f(p T)");
        assert!(matches!(
            signature.parameters[0].place,
            Err(Unreadable::UnknownType(_))
        ));
        // The table of the run time cannot make it worse.
        let table = [
            0xfe, 0xfe, 0xfe, 0xfe, 0xfe, 0xfc, 0xfd, 0xfd, 0xfd, 0xfd, 0xfd, 0xff,
        ];
        debug.signature(&function(0x1000), 19, &|_| Some(&table)).unwrap();
        debug
            .signature(&function(0x1000), 19, &|_| Some(&[0xfe; 300]))
            .unwrap();
    });
}

#[test]
fn array_of_everything() {
    let mut unit = Unit::new();
    let at = unit.at();
    unit.raw(&[9]).text("[0]T").reference(at).word(u64::MAX);
    unit.raw(&[10]).word(u64::MAX).raw(&[0]);
    unit.raw(&[5]).text("main.f").word(0x1000).word(0x1001);
    unit.raw(&[6]).text("p").reference(at).raw(&[0]);
    ask(unit, |debug| {
        let signature = debug.signature(&function(0x1000), 22, &|_| None).unwrap();
        assert!(matches!(
            signature.parameters[0].place,
            Err(Unreadable::UnknownType(_))
        ));
        debug
            .signature(&function(0x1000), 19, &|_| Some(&[0xfe, 0xfd, 0xff]))
            .unwrap();
    });
}

#[test]
fn origin_in_a_circle() {
    let mut unit = Unit::new();
    let at = unit.at();
    unit.raw(&[7]).reference(at).word(0x1000).word(0x1001);
    let parameter = unit.at();
    unit.raw(&[8]).reference(parameter).raw(&[0]);
    ask(unit, |debug| {
        let problem = debug.signature(&function(0x1000), 22, &|_| None).unwrap_err();
        assert_eq!(problem.code, Code::DEBUG_DAMAGED);
        assert_eq!(debug.overview(&|_| None).unwrap_err().code, Code::DEBUG_DAMAGED);
    });
}

#[test]
fn references_to_nowhere() {
    for to in [0, 1, 5, u32::MAX] {
        let mut unit = Unit::new();
        unit.raw(&[5]).text("main.f").word(0x1000).word(0x1001);
        unit.raw(&[6]).text("p").reference(to);
        unit.raw(&[11]).reference(to).word(0x1000).raw(&[0, 0]);
        ask(unit, |debug| {
            // What is there may look like an entry; it is enough that nothing goes wrong.
            let _ = debug.signature(&function(0x1000), 22, &|_| None);
            let _ = debug.overview(&|_| None);
            let _ = debug.inlined(&|_| true, 5);
            let _ = debug.inlined_names();
            let _ = debug.type_of(TypeRef(u64::from(to)));
        });
    }
}

#[test]
fn nesting_without_end() {
    let mut unit = Unit::new();
    for _ in 0..100_000 {
        unit.raw(&[5]).text("main.f").word(0x1000).word(0x1001);
    }
    ask(unit, |debug| {
        let _ = debug.signature(&function(0x1000), 22, &|_| None);
        let _ = debug.overview(&|_| None);
    });
}

#[test]
fn same_long_function_over_and_over() {
    let mut unit = Unit::new();
    let long = unit.at();
    unit.raw(&[5]).text("main.f").word(0x1000).word(0x1001);
    for _ in 0..100_000 {
        unit.raw(&[11]).reference(long).word(0x1000).raw(&[0]);
    }
    unit.raw(&[0]);
    for address in 0..20_000 {
        unit.raw(&[7])
            .reference(long)
            .word(0x1001 + address)
            .word(0x1001)
            .raw(&[0]);
    }
    ask(unit, |debug| {
        assert_eq!(debug.overview(&|_| None).unwrap_err().code, Code::DEBUG_DAMAGED);
    });
}

#[test]
fn same_long_name_over_and_over() {
    let mut unit = Unit::new();
    let long = unit.at();
    unit.raw(&[2]).text(&"x".repeat(1_000_000)).reference(long);
    for address in 0..5_000 {
        unit.raw(&[5]).text("main.f").word(0x1000 + address).word(0x1001);
        unit.raw(&[6]).text("p").reference(long).raw(&[0]);
    }
    ask(unit, |debug| {
        assert_eq!(debug.overview(&|_| None).unwrap_err().code, Code::DEBUG_DAMAGED);
    });
}

#[test]
fn truncated_anywhere() {
    let mut unit = Unit::new();
    let at = unit.at();
    unit.raw(&[3]).text("T").raw(&[8]);
    unit.raw(&[4]).text("f").reference(at).raw(&[0, 0]);
    unit.raw(&[5]).text("main.f").word(0x1000).word(0x1001);
    unit.raw(&[6]).text("p").reference(at).raw(&[0]);
    let info = unit.finish();
    for length in 1..info.len() {
        ask_raw(&info[..length], &abbreviations(), |debug| {
            assert!(debug.type_named("T").is_err());
            assert!(debug.overview(&|_| None).is_err());
        });
        // A unit whose header says that it is so short.
        let mut short = info[..length].to_vec();
        if length > 4 {
            short[..4].copy_from_slice(&(length as u32 - 4).to_le_bytes());
            ask_raw(&short, &abbreviations(), |debug| {
                let _ = debug.type_named("T");
                let _ = debug.overview(&|_| None);
                let _ = debug.signature(&function(0x1000), 22, &|_| None);
            });
        }
    }
}

#[test]
fn too_many_attributes() {
    let mut table = vec![1, 0x11, 1];
    for _ in 0..1000 {
        // An attribute that takes no bytes in an entry.
        table.extend([0x3f, 0x19]);
    }
    table.extend([0, 0, 0]);
    ask_raw(&Unit::new().finish(), &table, |debug| {
        assert_eq!(debug.type_named("T").unwrap_err().code, Code::DEBUG_DAMAGED);
    });
}

#[test]
fn inflates_to_too_much() {
    const COMPRESSED: u64 = 0x800;
    for size in [1 << 40, u64::MAX, 100 << 20] {
        let mut header = 1_u32.to_le_bytes().to_vec();
        header.extend(0_u32.to_le_bytes());
        header.extend(u64::to_le_bytes(size));
        header.extend(1_u64.to_le_bytes());
        header.extend([0x78, 0x9c, 3, 0, 0, 0, 0, 1]);
        let file = elf(&[(".debug_info", COMPRESSED, &header)]);
        let file = ElfFile64::parse(&file[..]).unwrap();
        let debug = Debug::open(&file, None).unwrap().unwrap();
        assert_eq!(debug.type_named("T").unwrap_err().code, Code::DEBUG_DAMAGED);
    }
}
