//! The rules as a table. Rows with registers were observed in running programs by Go 1.17 to 1.27 (`tests/go/places.rs`
//! compares them with what the compilers emit), those of ABI0 in assembly that the linker accepts (`go vet`, asmdecl).

use super::{Argument, Convention, NoPlace, Placed, Slot, assign};
use crate::arch::Processor;
use crate::gotype::abi::Abi;
use crate::gotype::{Field, GoType, Kind, TypeRef};

/// Types by their Go source, made as they are named.
#[derive(Default)]
struct Types {
    known: Vec<(String, GoType, u64)>,
}

impl Types {
    fn get(&self, ty: TypeRef) -> Result<GoType, ()> {
        self.known
            .get(ty.0 as usize)
            .map(|(_, ty, _)| ty.clone())
            .ok_or(())
    }

    fn size(&self, ty: TypeRef) -> u64 {
        self.known[ty.0 as usize].1.size
    }

    fn align(&self, ty: TypeRef) -> u64 {
        self.known[ty.0 as usize].2
    }

    fn add(&mut self, name: &str, size: u64, align: u64, kind: Kind) -> TypeRef {
        let ty = GoType {
            name: name.to_owned(),
            size,
            kind,
            descriptor: None,
        };
        self.known.push((name.to_owned(), ty, align));
        TypeRef(self.known.len() as u64 - 1)
    }

    /// `int8`, `[2]T`, `[]T`, `struct{T;T}`, …
    fn named(&mut self, name: &str) -> TypeRef {
        if let Some(at) = self.known.iter().position(|(other, ..)| other == name) {
            return TypeRef(at as u64);
        }
        let bytes = |prefix: &str| {
            name.strip_prefix(prefix)
                .and_then(|bits| bits.parse::<u64>().ok())
        };
        if let Some(bits) = bytes("int") {
            return self.add(name, bits / 8, bits / 8, Kind::Int);
        }
        if let Some(bits) = bytes("uint") {
            return self.add(name, bits / 8, bits / 8, Kind::Uint);
        }
        if let Some(bits) = bytes("float") {
            return self.add(name, bits / 8, bits / 8, Kind::Float);
        }
        if let Some(bits) = bytes("complex") {
            return self.add(name, bits / 8, bits / 16, Kind::Complex);
        }
        if let Some(element) = name.strip_prefix("[]") {
            let element = self.named(element);
            return self.add(name, 24, 8, Kind::Slice(element));
        }
        if let Some((count, element)) = name.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let count = count.parse().unwrap();
            let element = self.named(element);
            let (size, align) = (self.size(element) * count, self.align(element));
            return self.add(name, size, align, Kind::Array(element, count));
        }
        if let Some(fields) = name
            .strip_prefix("struct{")
            .and_then(|rest| rest.strip_suffix('}'))
        {
            return self.structure(name, fields);
        }
        match name {
            "int" => self.add(name, 8, 8, Kind::Int),
            "bool" => self.add(name, 1, 1, Kind::Bool),
            "string" => self.add(name, 16, 8, Kind::String),
            "any" => self.add(name, 16, 8, Kind::Interface { methods: false }),
            "func" => self.add(name, 8, 8, Kind::Func),
            "pointer" => self.add(name, 8, 8, Kind::UnsafePointer),
            other => panic!("unknown type {other}"),
        }
    }

    fn structure(&mut self, name: &str, list: &str) -> TypeRef {
        let (mut fields, mut size, mut align) = (Vec::new(), 0_u64, 1);
        let (mut depth, mut start) = (0, 0);
        let mut parts = Vec::new();
        for (at, byte) in list.bytes().enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                b';' if depth == 0 => {
                    parts.push(&list[start..at]);
                    start = at + 1;
                }
                _ => {}
            }
        }
        if !list.is_empty() {
            parts.push(&list[start..]);
        }
        for part in parts {
            let ty = self.named(part);
            let offset = size.next_multiple_of(self.align(ty));
            fields.push(Field {
                name: "_".to_owned(),
                ty,
                offset,
                embedded: false,
            });
            size = offset + self.size(ty);
            align = align.max(self.align(ty));
        }
        let size = size.next_multiple_of(align);
        self.add(name, size, align, Kind::Struct(fields))
    }
}

fn internal() -> &'static Convention {
    Processor::Amd64.convention(Abi::Internal)
}

fn stack_only() -> &'static Convention {
    Processor::Amd64.convention(Abi::Abi0)
}

fn show(values: &[Placed]) -> String {
    let one = |placed: &Placed| {
        let pieces: Vec<String> = placed
            .pieces
            .iter()
            .map(|piece| match piece.slot {
                Slot::Register(register) => register.name().to_owned(),
                Slot::Vector(number) => format!("X{number}"),
                Slot::Stack(offset) => format!("+{offset}"),
            })
            .collect();
        if pieces.is_empty() {
            "-".to_owned()
        } else {
            pieces.join(" ")
        }
    };
    values.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn split(list: &str) -> Vec<&str> {
    list.split(", ").filter(|one| !one.is_empty()).collect()
}

/// `ARGUMENTS -> RESULTS` in types; a `*` is a word that the source does not show.
fn places(signature: &str, convention: &Convention) -> String {
    let (arguments, results) = signature.split_once("->").unwrap();
    let mut types = Types::default();
    let arguments: Vec<Argument> = split(arguments.trim())
        .into_iter()
        .map(|name| match name {
            "*" => Argument::Word,
            _ => Argument::Value(types.named(name)),
        })
        .collect();
    let results: Vec<TypeRef> = split(results.trim())
        .into_iter()
        .map(|name| types.named(name))
        .collect();
    let all = assign(&arguments, &results, convention, &mut |ty| types.get(ty)).unwrap();
    format!("{} | {}", show(&all.arguments), show(&all.results))
}

#[test]
fn registers() {
    let rows = [
        ("int8, string, []int64 -> any", "ax, bx cx, di si r8 | ax bx"),
        (
            "int64, string, []int64, any, []uint8, int64, string -> ",
            "ax, bx cx, di si r8, r9 r10, +8, r11, +32 | ",
        ),
        (
            "struct{int8;string;float32}, int64 -> struct{int8;string;float32}, int64",
            "ax bx cx X0, di | ax bx cx X0, di",
        ),
        (
            "struct{int;int;int;int;int;int;int;int;int}, int -> struct{int;int;int;int;int;int;int;int;int}, int",
            "ax bx cx di si r8 r9 r10 r11, +8 | ax bx cx di si r8 r9 r10 r11, +16",
        ),
        (
            "struct{int;int;int;int;int;int;int;int;int;int}, int -> struct{int;int;int;int;int;int;int;int;int;int}, \
             int",
            "+8, ax | +88, ax",
        ),
        ("[2]int64, int64 -> [2]int64, int64", "+8, ax | +24, ax"),
        ("[1]int64, int64 -> [1]int64, int64", "ax, bx | ax, bx"),
        ("[0]int64, int64 -> [0]int64, int64", "-, ax | -, ax"),
        ("struct{int64;int64;int32;int32}, int64 -> ", "ax bx cx di, si | "),
        (
            "complex128, complex64, int64 -> complex128, complex64",
            "X0 X1, X2 X3, ax | X0 X1, X2 X3",
        ),
        (
            "uint8, [2]uint64, uint8 -> struct{uint64;[2]uint64}, string",
            "ax, +8, bx | +24, ax bx",
        ),
        (
            "[3]uint8, [2]int16, int8, [2]int64 -> [3]uint8, [2]int32, int8",
            "+8, +12, ax, +16 | +32, +36, ax",
        ),
        ("struct{[2]struct{};int}, int -> ", "+8, ax | "),
        ("struct{}, int -> struct{}, int", "-, ax | -, ax"),
        (
            "struct{[1]struct{string;struct{};[1]complex64};bool} -> ",
            "ax bx X0 X1 cx | ",
        ),
        ("int, * -> int", "ax, bx | ax"),
        ("*, struct{string;int64}, string -> ", "ax, bx cx di, si r8 | "),
        ("bool, func, pointer -> func", "ax, bx, cx | ax"),
        // A value that needs more than is left goes to the stack, and takes nothing from later ones.
        (
            "int, int, int, int, int, int, int, string, []int, int -> ",
            "ax, bx, cx, di, si, r8, r9, r10 r11, +8, +32 | ",
        ),
        (
            "int, int, int, int, int, int, int, int, string, int -> ",
            "ax, bx, cx, di, si, r8, r9, r10, +8, r11 | ",
        ),
        // What has no size still aligns what follows it on the stack.
        ("[3]uint8, [0]int64, [2]uint8 -> [2]uint8", "+8, -, +16 | +24"),
        (
            "float64, float64, float64, float64, float64, float64, float64, float64, float64, float64, float64, float64, float64, float64, \
             float64, float64, float32 -> float32",
            "X0, X1, X2, X3, X4, X5, X6, X7, X8, X9, X10, X11, X12, X13, X14, +8, +16 | X0",
        ),
        // Fifteen vector registers are not enough for eight complex numbers.
        (
            "complex64, complex64, complex64, complex64, complex64, complex64, complex64, complex64, float32 -> ",
            "X0 X1, X2 X3, X4 X5, X6 X7, X8 X9, X10 X11, X12 X13, +8, X14 | ",
        ),
        (" -> ", " | "),
    ];
    for (signature, expected) in rows {
        assert_eq!(places(signature, internal()), expected, "{signature}");
    }
}

#[test]
fn stack() {
    let rows = [
        (
            "int8, uint16, bool, int32, uint8 -> int8, uint16, bool",
            "+8, +10, +12, +16, +20 | +24, +26, +28",
        ),
        ("int, string -> int", "+8, +16 | +32"),
        ("[]uint8, int8 -> string", "+8, +32 | +40"),
        ("struct{}, int -> ", "-, +8 | "),
    ];
    for (signature, expected) in rows {
        assert_eq!(places(signature, stack_only()), expected, "{signature}");
    }
}

#[test]
fn room_for_registers() {
    let mut types = Types::default();
    let arguments: Vec<Argument> = ["int8", "[2]int64", "string", "int16"]
        .into_iter()
        .map(|name| Argument::Value(types.named(name)))
        .collect();
    let results = [types.named("[3]uint8")];
    let all = assign(&arguments, &results, internal(), &mut |ty| types.get(ty)).unwrap();
    let frames: Vec<_> = all.arguments.iter().map(|placed| placed.frame.unwrap()).collect();
    // The array, then the result at 24 and what aligns it, then the registers.
    assert_eq!(frames, [32, 8, 40, 56]);
    assert_eq!(all.results[0].frame, Some(24));
}

#[test]
fn refuses_what_cannot_be() {
    let lay_out = |ty: GoType| {
        let resolve = &mut |_| Ok::<_, ()>(ty.clone());
        assign(&[Argument::Value(TypeRef(0))], &[], internal(), resolve)
    };
    let ty = |size: u64, kind: Kind| GoType {
        name: "T".to_owned(),
        size,
        kind,
        descriptor: None,
    };
    let field = |offset: u64| Field {
        name: "f".to_owned(),
        ty: TypeRef(0),
        offset,
        embedded: false,
    };
    for impossible in [
        ty(3, Kind::Int),
        ty(8, Kind::String),
        ty(u64::MAX, Kind::Array(TypeRef(0), u64::MAX)),
        ty(8, Kind::Opaque("?".to_owned())),
        // A struct of itself: without end, and with many ways down.
        ty(8, Kind::Struct(vec![field(0)])),
        ty(8, Kind::Struct(vec![field(0), field(0), field(0)])),
        ty(8, Kind::Struct(vec![field(u64::MAX)])),
        ty(8, Kind::Array(TypeRef(0), 1)),
    ] {
        assert!(matches!(lay_out(impossible), Err(NoPlace::Shape(_))));
    }
}
