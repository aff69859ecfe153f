//! What a program is made of, for plans of recipes for a program made in memory.

use super::lower;
use crate::analyze::{Options, analyze};
use crate::bt::attach::AttachPoint;
use crate::bt::dialect::Dialect;
use crate::bt::{Expr, Item, Probe, Program, Stmt, visit};
use crate::manifest::Manifest;
use crate::plan::Plan;
use crate::plan::state::{Bound, ENTERED, Lost, RESTARTS};
use crate::source::Source;
use crate::syntax;
use crate::target::testing::Memory;
use crate::target::{Guard, Site};

fn dialect(release: &str) -> Dialect {
    Dialect::of_release(release).unwrap()
}

fn plan_of(recipe: &str, dialect: Dialect) -> Plan {
    let mut shop = Memory::new();
    shop.structure("main.Order", &[("Item", "string"), ("Customer", "string")]);
    shop.structure("main.Full", &[("Why", "string")]);
    shop.implements("*main.Full", "error");
    shop.function("main.take", &[("n", "int")], &["error"]);
    shop.function("main.put", &[("order", "*main.Order"), ("n", "int")], &[]);
    for of_run_time in [
        "runtime.park",
        "runtime.newproc1",
        "runtime.goexit1",
        "runtime.goexit",
    ] {
        shop.function(of_run_time, &[], &[]);
    }
    let source = Source::new("test.gobt", recipe);
    let (tree, _) = syntax::parse(&source);
    let options = Options {
        dialect,
        ..Options::default()
    };
    let (plan, problems) = analyze(&tree, &source, &shop, &options);
    plan.unwrap_or_else(|| panic!("{recipe}: {problems:?}"))
}

fn lowered(plan: &Plan, dialect: Dialect) -> Program {
    lower(plan, &Manifest::of(plan, dialect), dialect)
}

/// The program of a recipe for a release.
fn program(recipe: &str, release: &str) -> Program {
    let dialect = dialect(release);
    lowered(&plan_of(recipe, dialect), dialect)
}

/// The probes in functions of the program.
fn in_functions(program: &Program) -> Vec<&Probe> {
    let is_uprobe = |probe: &&Probe| matches!(probe.attach[0].point, AttachPoint::Uprobe { .. });
    program.probes().filter(is_uprobe).collect()
}

fn numbers(probe: &Probe) -> Vec<u64> {
    let number = |point: &AttachPoint| match point {
        AttachPoint::Uprobe { number, .. } => *number,
        other => panic!("{other:?}"),
    };
    probe
        .attach
        .iter()
        .map(|attached| number(&attached.point))
        .collect()
}

/// The maps that a block stores in, in order.
fn stored(block: &[Stmt]) -> Vec<&str> {
    let mut maps = Vec::new();
    visit::statements(block, &mut |statement| {
        if let Stmt::Store(map, ..) = statement {
            maps.push(map.as_str());
        }
    });
    maps
}

/// The maps that are cleared when the trace ends.
fn cleared(program: &Program) -> Vec<String> {
    let mut maps = Vec::new();
    for probe in program.probes().filter(|p| p.attach[0].point == AttachPoint::End) {
        visit::expressions(&probe.body, &mut |e| {
            if let Expr::Map(name, _) = e {
                maps.push(name.clone());
            }
        });
    }
    maps
}

fn setting<'p>(program: &'p Program, name: &str) -> Option<&'p str> {
    let found = program.config.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

/// The plan with another return of its first function.
fn with_second_return(mut plan: Plan) -> Plan {
    let returns = &mut plan.probes[1];
    let second = Site {
        address: returns.sites[0].address - 0x10,
        ..returns.sites[0].clone()
    };
    returns.sites.insert(0, second);
    plan
}

#[test]
fn a_count_is_one_store_and_keeps_nothing() {
    let program = program("count main.take", "0.23");
    let [probe] = in_functions(&program)[..] else {
        panic!("{:?}", program.items)
    };
    assert_eq!(numbers(probe), [0x40_0006]);
    assert_eq!(stored(&probe.body), ["count"]);
    assert!(program.maps.is_empty() && cleared(&program).is_empty());
}

#[test]
fn returns_share_one_body() {
    let dialect = dialect("0.23");
    let plan = with_second_return(plan_of("latency main.take", dialect));
    let program = lowered(&plan, dialect);
    let [entry, returns] = in_functions(&program)[..] else {
        panic!("{:?}", program.items)
    };
    assert_eq!(stored(&entry.body).first(), Some(&ENTERED));
    assert_eq!(numbers(returns), [0x40_002f, 0x40_003f]);
}

#[test]
fn returns_that_need_the_load_address_have_one_body_each() {
    let dialect = dialect("0.23");
    let mut plan = with_second_return(plan_of("on main.take return { print ret }", dialect));
    let fixed = lowered(&plan, dialect);
    assert_eq!(in_functions(&fixed).len(), 2);
    plan.identity.position_independent = true;
    let moved = lowered(&plan, dialect);
    let returns = &in_functions(&moved)[1..];
    let base = |probe: &Probe| {
        let mut sites = Vec::new();
        if let Some(Stmt::Assign(name, value, _)) = probe.body.first() {
            assert_eq!(name, "base");
            visit::in_expression(value, &mut |e| {
                if let Expr::Hex(site) = e {
                    sites.push(*site);
                }
            });
        }
        sites
    };
    let each: Vec<_> = returns
        .iter()
        .map(|probe| (numbers(probe), base(probe)))
        .collect();
    let alone = |site: u64| (vec![site], vec![site]);
    assert_eq!(each, [alone(0x40_002f), alone(0x40_003f)]);
    // What does not depend on it is still one.
    let mut plan = with_second_return(plan_of("latency main.take", dialect));
    plan.identity.position_independent = true;
    assert_eq!(in_functions(&lowered(&plan, dialect)).len(), 2);
}

#[test]
fn many_sites_find_the_load_address_in_one_body() {
    let dialect = Dialect {
        entry_word: Some(21),
        ..dialect("0.23")
    };
    let mut plan = with_second_return(plan_of("on main.take return { print ret }", dialect));
    plan.identity.position_independent = true;
    plan.identity.begins_at = Some(0x40_0000);
    let returns = |plan: &Plan| -> Vec<Vec<u64>> {
        let program = lowered(plan, dialect);
        in_functions(&program).into_iter().skip(1).map(numbers).collect()
    };
    assert_eq!(returns(&plan), [[0x40_002f], [0x40_003f]]);
    let more = plan.probes[1].sites.clone();
    plan.probes[1].sites.extend(more);
    assert_eq!(returns(&plan), [[0x40_002f, 0x40_003f, 0x40_002f, 0x40_003f]]);
    plan.identity.begins_at = None;
    assert_eq!(returns(&plan).len(), 4);
}

#[test]
fn functions_that_do_the_same_share_a_probe() {
    let sites = |recipe: &str| {
        let program = program(recipe, "0.23");
        let probes = in_functions(&program).into_iter();
        probes.map(numbers).collect::<Vec<_>>()
    };
    let alike = "on main.take, main.put { count by process }";
    assert_eq!(sites(alike), [[0x40_0006, 0x40_0086]]);
    let by_function = "on main.take, main.put { count by func }";
    assert_eq!(sites(by_function), [[0x40_0006], [0x40_0086]]);
}

#[test]
fn a_guard_stands_around_the_body() {
    let dialect = dialect("0.23");
    let mut plan = plan_of("count main.take", dialect);
    plan.probes[0].guard = Guard::CheckJumpNotTaken;
    let program = lowered(&plan, dialect);
    let [Stmt::Comment(_), Stmt::If(_, then, otherwise)] = &in_functions(&program)[0].body[..] else {
        panic!("{:?}", program.items)
    };
    assert_eq!((stored(then), otherwise.len()), (vec!["count"], 0));

    plan.probes[0].guard = Guard::FirstArrival;
    let program = lowered(&plan, dialect);
    let body = &in_functions(&program)[0].body;
    assert_eq!(stored(body), [RESTARTS, "count"]);
    let [.., Stmt::If(_, then, _)] = &body[..] else {
        panic!("{body:?}")
    };
    assert_eq!(stored(then), ["count"]);
}

#[test]
fn maps_of_open_calls_are_declared_where_they_can_drop_the_oldest() {
    let recipe = "on main.put { return { print arg n, elapsed } }";
    let declared = program(recipe, "0.27").maps;
    let [(entered, size), (kept, twice)] = &declared[..] else {
        panic!("{declared:?}")
    };
    assert_eq!((entered.as_str(), size.as_str()), (ENTERED, "lruhash(65536)"));
    assert_eq!((kept.as_str(), twice.as_str()), ("arg_n", "lruhash(131072)"));
    assert!(program(recipe, "0.23").maps.is_empty());
    assert_eq!(cleared(&program(recipe, "0.23")), [ENTERED, "arg_n"]);
}

#[test]
fn losses_are_counted_where_the_plan_says() {
    let lost = |recipe: &str| {
        let plan = plan_of(recipe, dialect("0.27"));
        plan.state.into_iter().find_map(|state| match state.bound {
            Bound::Counted(most, losses) => Some((losses.lost.why(most), losses.result)),
            _ => None,
        })
    };
    let result = || "calls_not_timed".to_owned();
    assert_eq!(lost("count main.take"), None);
    let all = "latency main.take";
    assert_eq!(lost(all), Some((Lost::Oldest.why(65536), result())));
    let some = "latency main.take where arg n > 3";
    assert_eq!(lost(some), Some((Lost::Newest.why(65536), result())));

    let counts = |recipe: &str, release: &str| {
        let program = program(recipe, release);
        let counts = |probe: &&Probe| stored(&probe.body).contains(&"calls_not_timed");
        in_functions(&program).iter().map(counts).collect::<Vec<_>>()
    };
    // Where calls begin, and where they return.
    assert_eq!(counts(all, "0.27"), [false, true]);
    assert_eq!(counts(some, "0.27"), [true, false]);
    assert_eq!(counts(all, "0.23"), [true, false]);
}

#[test]
fn text_has_another_limit_where_a_probe_holds_much_of_it() {
    let line = |texts: usize| {
        format!(
            "on main.put {{ print {} }}",
            vec!["arg order.Item"; texts].join(", ")
        )
    };
    let limit = |recipe: &str, release: &str| {
        let program = program(recipe, release);
        setting(&program, "max_strlen").map(str::to_owned)
    };
    // A text and its mark are two copies, and 16 are too many.
    assert_eq!(limit(&line(7), "0.23").as_deref(), Some("256"));
    assert_eq!(limit(&line(8), "0.23").as_deref(), Some("520"));
    assert_eq!(limit(&line(8), "0.27").as_deref(), Some("519"));
    assert_eq!(limit("count main.take", "0.23"), None);
}

#[test]
fn text_on_the_stack_is_short_but_as_long_as_what_it_is_compared_with() {
    let limit = |condition: &str| {
        let texts = ["arg order.Item"; 6].join(", ");
        let program = program(&format!("on main.put {condition} {{ print {texts} }}"), "0.17");
        let told = program
            .header
            .iter()
            .find_map(|line| line.split_once("BPFTRACE_STRLEN="));
        let (number, _) = told.unwrap().1.split_once(' ').unwrap();
        number.parse::<u64>().unwrap()
    };
    assert!(limit("") < 100, "{}", limit(""));
    let long = format!("where arg order.Customer == \"{}\"", "x".repeat(110));
    assert_eq!(limit(&long), 112);
}

#[test]
fn raw_probes_stay_what_they_are() {
    let program = program(
        "count main.take\nraw {\n    interval:s:1 { print(@x[1]); }\n}",
        "0.23",
    );
    let raw: Vec<&str> = program
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Raw(text) => Some(text.trim()),
            Item::Probe(_) => None,
        })
        .collect();
    assert_eq!(raw, ["interval:s:1 { print(@x[1]); }"]);
    // Lines may be printed, so the buffer is large.
    assert_eq!(setting(&program, "perf_rb_pages"), Some("4096"));
    assert_eq!(in_functions(&program).len(), 1);
}

/// bpftrace 0.27 reads all of a program's debug information for a script with a struct.
#[test]
fn records_need_no_structs() {
    let recipe = "on main.put { print arg order.Item, arg order.Customer; return { print elapsed, arg order.Item } }\n\
                  count main.take by ret\ngraph main.put into main.take with args following go\n\
                  on runtime.park { print goroutine, parent }\n";
    for release in ["0.17", "0.23", "0.27"] {
        let dialect = dialect(release);
        let plan = plan_of(recipe, dialect);
        assert!(!lowered(&plan, dialect).structs.is_empty());
        let program = super::record::lower(&plan, dialect, None).program;
        assert_eq!(program.structs, []);
        visit::of_probes(program.probes(), &mut |statement| {
            let mut look = |e: &Expr| {
                let is_of_struct = match e {
                    Expr::Cast(ty, _) => ty.contains("struct"),
                    other => matches!(other, Expr::Member(..)),
                };
                assert!(!is_of_struct, "{e:?}");
            };
            statement.each_operand(&mut |operand| visit::in_expression(operand, &mut look));
        });
    }
}
