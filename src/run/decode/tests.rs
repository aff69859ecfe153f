//! What records are taken for, for recipes for a program made in memory.

use super::stack::Kernel;
use super::{Clock, Decoded, Decoder};
use crate::analyze::{Options, analyze};
use crate::bt::dialect::Dialect;
use crate::lower::lower_records;
use crate::plan::record::{FieldKind, Layout};
use crate::plan::{ErrorShape, KnownError, Plan};
use crate::source::Source;
use crate::syntax;
use crate::target::testing::Memory;
use crate::target::{Addresses, CodeDepth, CodeFrame};

/// A file that nothing is known of.
struct Nothing;

impl Addresses for Nothing {
    fn code_frames(&self, _: u64) -> Vec<CodeFrame> {
        Vec::new()
    }

    fn code_depth(&self, _: u64) -> Option<CodeDepth> {
        None
    }

    fn type_at_descriptor(&self, _: u64) -> Option<String> {
        None
    }

    fn descriptor_in_itab(&self, _: u64) -> Option<u64> {
        None
    }

    fn constant_bytes(&self, _: u64, _: u64) -> Option<&[u8]> {
        None
    }
}

/// A recipe for a program made in memory, with what its records hold.
pub(crate) fn recorded(recipe: &str) -> (Plan, Vec<Vec<Layout>>) {
    let mut shop = Memory::new();
    shop.structure("main.Order", &[("Item", "string"), ("Customer", "string")]);
    shop.structure("main.Full", &[("Why", "string")]);
    shop.implements("*main.Full", "error");
    shop.function("main.take", &[("n", "int")], &["error"]);
    shop.function("main.put", &[("order", "*main.Order"), ("n", "int")], &[]);
    for of_run_time in ["runtime.newproc1", "runtime.goexit1", "runtime.goexit"] {
        shop.function(of_run_time, &[], &[]);
    }
    let source = Source::new("test.gobt", recipe);
    let (tree, _) = syntax::parse(&source);
    let dialect = Dialect::of_release("0.27").unwrap();
    let options = Options {
        dialect,
        records: true,
        ..Options::default()
    };
    let (plan, problems) = analyze(&tree, &source, &shop, &options);
    let plan = plan.unwrap_or_else(|| panic!("{recipe}: {problems:?}"));
    let recorded = lower_records(&plan, dialect, None);
    (plan, recorded.layouts)
}

pub(crate) fn decoder<'a>((plan, layouts): &'a (Plan, Vec<Vec<Layout>>)) -> Decoder<'a> {
    Decoder::new(
        plan,
        layouts,
        &Nothing,
        1024,
        Clock::default(),
        Kernel::of_release(None),
    )
}

/// Fields of a layout: these digits for each number, and five letters for bytes.
fn fields(layout: &Layout, number: &str) -> Vec<String> {
    let field = |kind: &FieldKind| match kind {
        FieldKind::Bytes => "61 62 63 64 65".to_owned(),
        _ => number.to_owned(),
    };
    layout.fields.iter().map(field).collect()
}

/// A record of the first layout there is, at the first site of its probe.
fn record(kind: &str, (plan, layouts): &(Plan, Vec<Vec<Layout>>), own: &str, fields: &[String]) -> String {
    let at = layouts.iter().position(|own| !own.is_empty()).unwrap();
    let site = plan.probes[at].sites[0].address;
    let number = layouts[at][0].number;
    format!("{kind}\t7\t{number}\t{site:x}\t{own}\t{}\n", fields.join("\t"))
}

fn text(decoded: Decoded) -> String {
    match decoded {
        Decoded::Line(line) => String::from_utf8(line.text).unwrap(),
        other => panic!("{other:?}"),
    }
}

const LINE: &str = "on main.put { print \"{arg order.Item} {arg n}\" }";

#[test]
fn lines_are_made_of_fields() {
    let made = recorded(LINE);
    let mut decoder = decoder(&made);
    let layout = &made.1[0][0];
    let there = record("L", &made, "9", &fields(layout, "5"));
    assert_eq!(text(decoder.printf(&there)), "abcde 5");
    let cut = record("L", &made, "9", &fields(layout, "6"));
    assert_eq!(text(decoder.printf(&cut)), "abcde… 6");
    let nil = record("L", &made, "9", &fields(layout, "0"));
    assert_eq!(text(decoder.printf(&nil)), "nil 0");
    assert_eq!(decoder.printf("hello\n"), Decoded::Other("hello\n".to_owned()));
}

#[test]
fn a_record_without_a_part_is_lost() {
    let made = recorded(LINE);
    let mut decoder = decoder(&made);
    let all = fields(&made.1[0][0], "5");
    let (before, rest) = all.split_at(2);
    let part = format!("C\t7\t{}\n", before.join("\t"));
    let rest = record("L", &made, "9", rest);
    let whole = record("L", &made, "9", &all);
    assert_eq!(decoder.printf(&part), Decoded::Kept);
    assert_eq!(text(decoder.printf(&rest)), "abcde 5");
    assert_eq!(decoder.printf(&rest), Decoded::Lost);
    // A part whose record did not come makes the next one wrong, once.
    assert_eq!(decoder.printf(&part), Decoded::Kept);
    assert_eq!(decoder.printf(&whole), Decoded::Lost);
    assert_eq!(text(decoder.printf(&whole)), "abcde 5");
    // It is forgotten where a loss was told: another thread may have the number.
    assert_eq!(decoder.printf(&part), Decoded::Kept);
    decoder.lost();
    assert_eq!(text(decoder.printf(&whole)), "abcde 5");
}

#[test]
fn keys_have_numbers() {
    let made = recorded("f: count main.put by arg order.Item");
    let mut decoder = decoder(&made);
    let told = record("K", &made, "2a", &fields(&made.1[0][0], "5"));
    assert_eq!(decoder.printf(&told), Decoded::Kept);
    let texts = |key: &str| -> Vec<Vec<u8>> {
        let cells = decoder.cells_of("f", key).unwrap();
        cells.into_iter().map(|cell| cell.text).collect()
    };
    assert_eq!(texts("42"), [b"abcde"]);
    assert_eq!(texts("43"), [b"(lost)"]);
}

#[test]
fn errors_are_chains() {
    let mut made = recorded("on main.take return { print \"{ret}\" }");
    let known = |name: &str, descriptor: u64, shape: ErrorShape| {
        KnownError::new(name.to_owned(), descriptor, Vec::new(), shape)
    };
    made.0.errors = vec![
        known("*fs.PathError", 0x1000, ErrorShape::Path(0, 16, 32)),
        known("*errors.errorString", 0x1100, ErrorShape::Message(0)),
    ];
    let mut decoder = decoder(&made);
    let line = |words: [&str; 3]| record("L", &made, "9", &words.map(str::to_owned));
    let outer = line(["1000", "1000", "2000"]);
    let looks = [
        "1000\t2000\t0\t8\t4\t1001\t6f 70 65 6e",
        "1001\t2000\t0\t8\t4\t1100\t2f 65 74 63",
        "1100\t3000\t0\t8\t4\t0\t67 6f 6e 65",
    ];
    let mut said = |looks: &[&str], line: &str| {
        for look in looks {
            let record = format!("E\t7\t0\t{look}\n");
            assert_eq!(decoder.printf(&record), Decoded::Kept);
        }
        text(decoder.printf(line))
    };
    assert_eq!(said(&looks, &outer), "open /etc: gone");
    // Without what was read of it, an error is told by its type alone.
    assert_eq!(said(&[], &outer), "(type not in this file)");
    // What is missing of it is neither empty nor nil.
    assert_eq!(said(&looks[..2], &outer), "open /etc: …");
    assert_eq!(said(&looks[..1], &outer), "open …: …");
    assert_eq!(said(&[looks[0], looks[2]], &outer), "open …: …");
    // Text that could not be read is all zeros.
    let unread = ["1100\t3000\t0\t8\t4\t0\t00 00 00 00"];
    let line = line(["1100", "1100", "3000"]);
    assert_eq!(said(&unread, &line), "(message not in memory)");
}

/// Of an error some looks are missing: what they read is not taken for nil or 0.
#[test]
fn looks_at_an_error_that_are_missing() {
    use crate::plan::{ErrorPiece, ErrorPieces};
    let mut made = recorded("on main.take return { print \"{ret}\" }");
    let known = |descriptor: u64, shape: ErrorShape| {
        KnownError::new("*net.OpError".to_owned(), descriptor, Vec::new(), shape)
    };
    let pieces = |piece: ErrorPiece| {
        ErrorShape::Pieces(ErrorPieces {
            pieces: vec![ErrorPiece::Constant("at ".into()), piece],
            read: vec![0, 16],
            numbers: vec![24, 40],
        })
    };
    made.0.errors = vec![
        known(0x1000, ErrorShape::Net(0, 16, 32, 48, 64)),
        known(0x1100, pieces(ErrorPiece::Endpoint(0, 16, Some(40)))),
        known(0x1200, pieces(ErrorPiece::Each(32))),
    ];
    let mut decoder = decoder(&made);
    let mut said = |descriptor: &str| {
        let line = record(
            "L",
            &made,
            "9",
            &[descriptor.into(), descriptor.into(), "2000".into()],
        );
        let look = format!("E\t7\t0\t{descriptor}\t2000\t0\t8\t4\t1001\t64 69 61 6c\n");
        assert_eq!(decoder.printf(&look), Decoded::Kept);
        text(decoder.printf(&line))
    };
    assert_eq!(said("1000"), "dial … …");
    assert_eq!(said("1100"), "at …");
    assert_eq!(said("1200"), "at …");
}

/// A program in which `main.take` begins at `site`, `main.outer` calls it, and `main.main` calls that.
struct Calls {
    site: u64,
}

const OUTER: u64 = 0x9000;
const MAIN: u64 = 0x8000;

impl Addresses for Calls {
    fn code_frames(&self, address: u64) -> Vec<CodeFrame> {
        let function = match address {
            at if at.abs_diff(self.site) < 0x100 => "main.take",
            at if at.abs_diff(OUTER) < 0x100 => "main.outer",
            _ => "main.main",
        };
        vec![CodeFrame {
            function: function.to_owned(),
            line: None,
            inlined: false,
            wrapper: false,
        }]
    }

    fn code_depth(&self, address: u64) -> Option<CodeDepth> {
        let pushes_frame = address == self.site;
        let is_probe = pushes_frame || address == self.site + 8;
        Some(CodeDepth {
            bytes: if is_probe { 0 } else { 16 },
            pushes_frame,
        })
    }

    fn type_at_descriptor(&self, _: u64) -> Option<String> {
        None
    }

    fn descriptor_in_itab(&self, _: u64) -> Option<u64> {
        None
    }

    fn constant_bytes(&self, _: u64, _: u64) -> Option<&[u8]> {
        None
    }
}

/// The kernel puts the return address into some stacks by itself: since 6.12, and before where a distribution has that
/// change.
#[test]
fn a_caller_is_there_once() {
    let made = recorded("count main.take by stack");
    let site = made.0.probes[0].sites[0].address;
    let program = Calls { site };
    let tell = |kernel: Option<(u32, u32)>, stacks: &[(u64, &[u64])]| -> Vec<Vec<String>> {
        let kernel = Kernel::of_release(kernel);
        let decoder = Decoder::new(&made.0, &made.1, &program, 1024, Clock::default(), kernel);
        let told = stacks.iter().map(|(caller, addresses)| {
            let lines: Vec<String> = addresses.iter().map(|at| format!("\n{at:x}")).collect();
            let key = format!("{caller},0,{}\n", lines.concat());
            let cell = decoder.cells_of("count", &key).unwrap().remove(0);
            let frames = cell.json.as_array().unwrap().iter();
            frames
                .map(|frame| frame["function"].as_str().unwrap_or("?").replace("main.", ""))
                .collect()
        });
        told.collect()
    };
    let (outer, main, take) = (OUTER + 5, MAIN + 5, site + 5);
    let with: (u64, &[u64]) = (outer, &[site, outer, main]);
    let without: (u64, &[u64]) = (outer, &[site, main]);
    let right = ["take", "outer", "main"];
    // By the kernel's release.
    assert_eq!(tell(Some((6, 12)), &[with]), [right]);
    assert_eq!(tell(Some((6, 11)), &[without]), [right]);
    // Stacks know better.
    assert_eq!(tell(Some((6, 18)), &[without]), [right]);
    assert_eq!(tell(Some((5, 14)), &[with]), [right]);
    assert_eq!(tell(None, &[with, with]), [right, right]);
    // What calls itself tells nothing: the address is that of its caller and of its caller's caller.
    let recursive: (u64, &[u64]) = (take, &[site, take, take, outer]);
    assert_eq!(
        tell(Some((6, 12)), &[recursive])[0],
        ["take", "take", "take", "outer"]
    );
    let three = ["take", "take", "take", "take", "outer"];
    assert_eq!(tell(Some((6, 11)), &[recursive])[0], three);
    assert_eq!(tell(Some((6, 12)), &[without, recursive])[1], three);
    // Where a call returns the kernel adds nothing.
    let at_return: (u64, &[u64]) = (outer, &[site + 8, outer, main]);
    assert_eq!(
        tell(Some((6, 12)), &[at_return])[0],
        ["take", "outer", "outer", "main"]
    );
    // No stack, no walk.
    assert_eq!(tell(Some((6, 12)), &[(outer, &[])])[0], ["?"]);
}
