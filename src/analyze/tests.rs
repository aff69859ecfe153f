//! Recipes for a program made in memory: what the plan is, and what is said of mistakes.

use super::{Options, analyze};
use crate::plan;
use crate::source::Source;
use crate::syntax;
use crate::target::testing::Memory;

/// A shop: a function for each kind of argument.
fn shop() -> Memory {
    let mut shop = Memory::new();
    shop.named("main.ID", "string");
    shop.structure("main.Base", &[("Created", "int64")]);
    let order = [
        ("", "main.Base"),
        ("Item", "string"),
        ("Count", "uint32"),
        ("next", "*main.ID"),
    ];
    shop.structure("main.Order", &order);
    shop.structure("main.Full", &[("Why", "string")]);
    shop.implements("*main.Full", "error");
    shop.function(
        "main.take",
        &[("n", "int"), ("small", "int8"), ("ok", "bool")],
        &["error"],
    );
    shop.function(
        "main.(*Store).Put",
        &[("order", "*main.Order"), ("ids", "[]main.ID")],
        &[],
    );
    shop.function(
        "main.wide",
        &[("pair", "[2]int64"), ("price", "float64"), ("any", "any")],
        &["int"],
    );
    shop.function(
        "main.stock",
        &[("m", "map[string]int"), ("c", "chan int"), ("f", "func()")],
        &[],
    );
    shop
}

/// The plan of a recipe for the shop, or the codes and messages of what is wrong with it.
fn plan_of(recipe: &str) -> Result<String, Vec<String>> {
    let source = Source::new("test.gobt", recipe);
    let (tree, problems) = syntax::parse(&source);
    assert!(!problems.has_errors(), "{recipe}: {:?}", problems.sorted());
    let (plan, problems) = analyze(&tree, &source, &shop(), &Options::default());
    match plan {
        Some(made) => Ok(plan::print::plan(&made)),
        None => Err(problems
            .iter()
            .map(|p| format!("{} {}", p.code, p.message))
            .collect()),
    }
}

/// Whether the plan has each of these, in this order.
fn has(recipe: &str, wanted: &[&str]) {
    let plan = plan_of(recipe).unwrap();
    let mut rest = plan.as_str();
    for part in wanted {
        let at = rest
            .find(part)
            .unwrap_or_else(|| panic!("{recipe}: no `{part}` in\n{plan}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn a_count_needs_the_entry_only() {
    let plan = plan_of("count main.take").unwrap();
    assert!(
        plan.contains("function main.take at 0x400000\nentry of main.take (None)\n  at 0x400006 push rbp"),
        "{plan}"
    );
    assert!(!plan.contains("return"), "{plan}");
}

#[test]
fn a_latency_pairs_entries_with_returns() {
    has(
        "latency main.take by goroutine where arg n > 3",
        &[
            "function main.take",
            "paired",
            "entry of main.take (None)\n  at 0x400006",
            "Enter",
            "return of main.take\n  at 0x40003f ret",
            "Aggregate",
        ],
    );
}

#[test]
fn scalars_are_narrowed_to_their_sizes() {
    has(
        "on main.take { print arg n, arg small, arg ok }",
        &[
            "n=\"), Shown(Number(Number { expr: Register(ax), signed: true",
            "small=\"), Shown(Number(Number { expr: Narrow { of: Register(bx), size: 1, signed: true }",
            "ok=\"), Shown(Number(Number { expr: Narrow { of: Register(cx), size: 1, signed: false }",
            "kind: Bool",
        ],
    );
    has(
        "count main.take by arg ok where arg small > 20",
        &[
            "if ",
            "op: Greater",
            "of: Register(bx)",
            "Aggregate",
            "keys: [",
            "of: Register(cx)",
        ],
    );
}

#[test]
fn values_that_fit_no_register_are_on_the_stack() {
    has(
        "on main.wide { print arg pair[1] }",
        &["StackPointer", "offset: 16, size: 8"],
    );
}

#[test]
fn fields_are_at_their_offsets() {
    let item = [
        "Load(Load { base: Register(ax)",
        "offset: 8, size: 8",
        "offset: 16, size: 8",
        "String)",
    ];
    has("on main.(*Store).Put { print arg order.Item }", &item);
    // Promoted from an embedded struct; a pointer behind a field of 4 bytes.
    has(
        "on main.(*Store).Put { print arg order.Created, arg order.next }",
        &[
            "field: \"Base\"",
            "field: \"Created\"",
            "field: \"next\"",
            "offset: 32",
            "kind: Pointer",
        ],
    );
}

#[test]
fn elements_are_read_where_there_are_any() {
    has(
        "on main.(*Store).Put { print arg ids[0], len(arg ids) }",
        &[
            "op: Less, a: Int(0), b: Register(cx)",
            "Register(bx), Int(0))",
            "len(arg ids)=",
            "expr: Register(cx)",
        ],
    );
}

#[test]
fn maps_channels_and_functions() {
    has(
        "on main.stock { print len(arg m), len(arg c), cap(arg c), arg f }",
        &[
            "base: Register(ax), object: None, offset: 0, size: 8",
            "base: Register(bx), object: None, offset: 0, size: 8",
            "base: Register(bx), object: None, offset: 8, size: 8",
            "Code(Choose(Binary { op: NotEqual, a: Register(cx)",
        ],
    );
}

#[test]
fn interfaces() {
    has(
        "on main.wide { print arg any }",
        &["Interface { tab: Register(ax), data: Register(bx), methods: false"],
    );
    has(
        "on main.take return { print ret }",
        &["paired", "Enter", "return", "methods: true", "Error)"],
    );
    // The type that the itab names is compared before the field is read.
    has(
        "on main.take return { print ret.(*main.Full).Why }",
        &[
            "op: Equal, a: Load(Load { base: Register(ax), object: None, offset: 8",
            "Address(",
            "field: \"Why\"",
        ],
    );
}

#[test]
fn mistakes() {
    let cases = [
        ("count main.tkae", "E0301 the program has no function `main.tkae`"),
        (
            "on main.take { print arg m }",
            "E0303 `main.take` has no argument `m`",
        ),
        (
            "on main.(*Store).Put { print arg order.Itme }",
            "E0305 main.Order has no field `Itme`",
        ),
        (
            "on main.take return { print ret.(main.Ful).Why }",
            "E0309 the program has no type `main.Ful`",
        ),
        (
            "on main.take return { print ret.(main.Full).Why }",
            "E0413 `main.Full` is never in an error: it does not have that interface's `Error`",
        ),
        (
            "on main.take { print arg n + arg ok }",
            "E0401 an int and a bool do not go together here",
        ),
        (
            "on main.wide { print arg price }",
            "E0404 `price` cannot be read here",
        ),
        ("count main.wide where arg price > 3", "E0406"),
    ];
    for (recipe, expected) in cases {
        let said = plan_of(recipe).expect_err(recipe).join("\n");
        assert!(said.starts_with(expected), "{recipe}: {said}");
    }
}
