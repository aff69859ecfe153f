//! A Go program of random functions that says what each call was given and returned, and the recipe that prints the
//! same.

use super::kinds::{DECLARATIONS, JOINED, LINUX};
use super::types::{Leaf, Struct, Type, Value, random, structs};
use crate::support::numbers::Numbers;
use std::fmt::Write as _;

/// Calls of each function.
const CALLS: usize = 4;
/// Values that are printed when a call begins, of its results, and of arguments when it returns: as many as a person
/// might want. A probe has room for few more.
const ENTRY: usize = 12;
const RETURN: usize = 8;
const LATE: usize = 3;
/// Values in one line, and texts among them.
const VALUES: usize = 5;
const TEXTS: usize = 2;

/// The generated sources.
pub struct Sources {
    /// `main.go`
    pub go: String,
    /// `probe.gobt`
    pub recipe: String,
    /// Further files by name, which programs with the kinds of strangers use.
    pub more: Vec<(&'static str, &'static str)>,
}

struct Function {
    number: usize,
    receiver: Option<Type>,
    parameters: Vec<Type>,
    /// The last parameter is `...T`.
    variadic: bool,
    results: Vec<Type>,
    generic: Option<Type>,
    deferred: bool,
    large: bool,
    apart: bool,
    late: bool,
    kinds: bool,
}

/// Parameters of programs with the kinds of strangers.
const NAMES: [&str; 10] = [
    "unix", "asm", "buffer", "gap0", "comm", "pid", "delete", "by", "where", "Größe",
];

/// The program and the recipe of this number, with the kinds of types that strangers bring or without.
pub fn generate(seed: u64, functions: usize, kinds: bool) -> Sources {
    let mut dice = Numbers::seeded(seed);
    let structs = structs(&mut dice, 8, kinds);
    let imports = if kinds {
        "\t\"io/fs\"\n\t\"math\"\n\t\"os\"\n\t\"strings\"\n\t\"syscall\"\n\t\"unsafe\"\n\n\t\"gobt.example/generated/linux\"\n"
    } else {
        ""
    };
    let mut go = HEAD.replace("IMPORTS\n", imports);
    go.push_str(if kinds { DECLARATIONS } else { MESSAGE });
    for (number, s) in structs.iter().enumerate() {
        let _ = writeln!(go, "\ntype S{number} struct {{");
        for (name, ty) in &s.fields {
            match ty {
                Type::Struct(n) if *name == format!("S{n}") => writeln!(go, "\t{name}").unwrap(),
                _ => writeln!(go, "\t{name} {}", ty.go()).unwrap(),
            }
        }
        go.push_str("}\n");
    }
    let mut recipe = String::new();
    let mut calls = String::new();
    for number in 0..functions {
        let function = Function::random(&mut dice, number, kinds);
        function.write(&mut dice, &structs, &mut go, &mut recipe);
        let _ = writeln!(calls, "\tcall{number}()");
    }
    let _ = write!(
        go,
        "\nfunc main() {{\n\ttruth.Begin()\n{calls}\tfor i, line := range lines {{\n\t\ttruth.Text(fmt.Sprint(\"line\", i), line)\n\t}}\n\tfor name, value := range sums {{\n\t\ttruth.Number(name, value)\n\t}}\n\ttruth.End()\n}}\n"
    );
    Sources {
        go,
        recipe,
        more: if kinds {
            [("linux/linux.go", LINUX)].into_iter().chain(JOINED).collect()
        } else {
            Vec::new()
        },
    }
}

impl Function {
    fn random(dice: &mut Numbers, number: usize, kinds: bool) -> Self {
        let receiver = match dice.below(4) {
            0 => Some(Type::Struct(dice.below(8))),
            1 => Some(Type::Pointer(dice.below(8))),
            _ if kinds && dice.once_in(3) => {
                // Of pointers one function is made for all, which does not say what they point at.
                let of = [Type::Int("int64", 0, 9), Type::Text, Type::Bool];
                let of = Box::new(dice.of_these(&of).clone());
                Some(Type::Cell(of, dice.once_in(2)))
            }
            _ => None,
        };
        let mut parameters: Vec<_> = (0..dice.below(9)).map(|_| random(dice, 8, 2, kinds)).collect();
        let generic = (receiver.is_none() && dice.once_in(5))
            .then(|| random(dice, 8, 0, false))
            // Its body knows an int64 only, and an interface with a method.
            .filter(|ty| !matches!(ty, Type::Duration | Type::Error));
        parameters.extend(generic.clone());
        let variadic = dice.once_in(6);
        if variadic {
            parameters.push(Type::Slice(Box::new(random(dice, 8, 0, kinds))));
        }
        Self {
            number,
            receiver,
            parameters,
            variadic,
            results: (0..dice.below(4)).map(|_| random(dice, 8, 2, kinds)).collect(),
            generic,
            deferred: dice.once_in(4),
            large: dice.once_in(4),
            apart: dice.once_in(3),
            late: dice.once_in(2),
            kinds,
        }
    }

    /// What a parameter is called.
    fn name(&self, parameter: usize) -> String {
        match NAMES.get(parameter) {
            Some(name) if self.kinds => (*name).to_owned(),
            _ => format!("p{parameter}"),
        }
    }

    fn write(&self, dice: &mut Numbers, structs: &[Struct], go: &mut String, recipe: &mut String) {
        self.write_function(go);
        let number = self.number;
        let _ = writeln!(go, "\nfunc call{number}() {{");
        let mut shown = (Vec::new(), Vec::new());
        let mut counted = Vec::new();
        for call in 0..CALLS {
            let value = |dice: &mut Numbers, ty: &Type| ty.value(dice, structs);
            let receiver = self.receiver.as_ref().map(|ty| match ty {
                // A method is called through a pointer that may be nil, but the program's own truth needs no nil here.
                Type::Pointer(n) => Value::Parts(vec![Type::Struct(*n).value(dice, structs)]),
                ty => value(dice, ty),
            });
            let arguments: Vec<_> = self.parameters.iter().map(|ty| value(dice, ty)).collect();
            let results: Vec<_> = self.results.iter().map(|ty| value(dice, ty)).collect();
            counted = self.write_sums(receiver.as_ref(), &arguments, structs, go);
            shown = self.write_call(call, receiver.as_ref(), &arguments, &results, structs, go);
        }
        go.push_str("}\n");
        let name = match (&self.receiver, &self.generic) {
            (Some(Type::Pointer(n)), _) => format!("main.(*S{n}).F{number}"),
            (Some(Type::Cell(_, false)), _) => format!("main.Cell[...].F{number}"),
            (Some(Type::Cell(_, true)), _) => format!("main.(*Cell[...]).F{number}"),
            (Some(ty), _) => format!("main.{}.F{number}", ty.go()),
            (None, Some(_)) => format!("main.F{number}[...]"),
            (None, None) => format!("main.F{number}"),
        };
        let _ = writeln!(recipe, "on {name} {{");
        for line in counted.iter().chain(&shown.0) {
            let _ = writeln!(recipe, "    {line}");
        }
        if !shown.1.is_empty() {
            let _ = writeln!(recipe, "    return {{");
            for line in &shown.1 {
                let _ = writeln!(recipe, "        {line}");
            }
            let _ = writeln!(recipe, "    }}");
        }
        let _ = writeln!(recipe, "}}\n");
    }

    fn write_function(&self, go: &mut String) {
        let number = self.number;
        let results: Vec<String> = self
            .results
            .iter()
            .enumerate()
            .map(|(i, ty)| format!("r{i} {}", ty.go()))
            .collect();
        let _ = writeln!(
            go,
            "\nvar results{number} struct {{\n\t{}\n}}",
            results.join("\n\t")
        );
        let mut parameters = vec!["n int".to_owned()];
        for (i, ty) in self.parameters.iter().enumerate() {
            let last = i + 1 == self.parameters.len();
            let is_generic =
                self.generic.is_some() && i + 1 + usize::from(self.variadic) == self.parameters.len();
            parameters.push(match ty {
                Type::Slice(element) if last && self.variadic => {
                    format!("{} ...{}", self.name(i), element.go())
                }
                _ if is_generic => format!("{} T", self.name(i)),
                ty => format!("{} {}", self.name(i), ty.go()),
            });
        }
        let receiver = self
            .receiver
            .as_ref()
            .map(|ty| match ty {
                Type::Cell(_, false) => "(s Cell[T]) ".to_owned(),
                Type::Cell(_, true) => "(s *Cell[T]) ".to_owned(),
                ty => format!("(s {}) ", ty.go()),
            })
            .unwrap_or_default();
        let generic = if self.generic.is_some() {
            "[T interface{}]"
        } else {
            ""
        };
        let named = if number.is_multiple_of(2) {
            results.join(", ")
        } else {
            self.results.iter().map(Type::go).collect::<Vec<_>>().join(", ")
        };
        let _ = writeln!(
            go,
            "\n//go:noinline\nfunc {receiver}F{number}{generic}({}) ({named}) {{",
            parameters.join(", ")
        );
        if self.deferred {
            go.push_str("\tdefer func() { sink += n }()\n");
        }
        if self.large {
            go.push_str("\tvar room [3000]byte\n\tfill(&room)\n");
        }
        if self.late {
            go.push_str("\tsink += deep(20)\n");
        }
        let back: Vec<_> = (0..self.results.len())
            .map(|i| format!("results{number}.r{i}"))
            .collect();
        let _ = writeln!(go, "\tsink++\n\treturn {}\n}}", back.join(", "));
    }

    /// Adds up a number among the arguments of a call and counts where conditions hold; gives the statements that do
    /// the same.
    fn write_sums(
        &self,
        receiver: Option<&Value>,
        arguments: &[Value],
        structs: &[Struct],
        go: &mut String,
    ) -> Vec<String> {
        let number = self.number;
        let (mut leaves, mut conditions) = (Vec::new(), Vec::new());
        go.push_str("\t{\n");
        if let (Some(ty), Some(value)) = (&self.receiver, receiver) {
            let _ = writeln!(
                go,
                "\t\tvar s {} = {}\n\t\tkeep(&s)",
                ty.go(),
                ty.literal(value, structs)
            );
            ty.leaves("recv", "s", Some(value), structs, &mut leaves);
        }
        for (i, (ty, value)) in self.parameters.iter().zip(arguments).enumerate() {
            let name = self.name(i);
            let recipe = format!("arg {name}");
            let literal = ty.literal(value, structs);
            let _ = writeln!(go, "\t\tvar {name} {} = {literal}\n\t\tkeep(&{name})", ty.go());
            ty.leaves(&recipe, &name, Some(value), structs, &mut leaves);
            conditions.extend(ty.conditions(&recipe, &name));
        }
        let mut statements = Vec::new();
        if let Some(leaf) = leaves.iter().find(|leaf| leaf.small) {
            let value = leaf.truth.as_ref().map_or("0", |(_, expression)| expression);
            let _ = writeln!(go, "\t\tsum(\"F{number}\", int64({value}))");
            let recipe = &leaf.recipe;
            statements = vec![
                format!("sum_F{number}: sum {recipe}"),
                format!("low_F{number}: min {recipe}"),
                format!("high_F{number}: max {recipe}"),
                format!("by_F{number}: count by {recipe}"),
            ];
        }
        for (at, (recipe, condition)) in conditions.iter().take(2).enumerate() {
            let _ = writeln!(go, "\t\tcount(\"if_F{number}_{at}\", {condition})");
            statements.push(format!("if_F{number}_{at}: count where {recipe}"));
        }
        go.push_str("\t}\n");
        statements
    }

    /// One call; gives the lines of the recipe, which are the same for each.
    fn write_call(
        &self,
        call: usize,
        receiver: Option<&Value>,
        arguments: &[Value],
        results: &[Value],
        structs: &[Struct],
        go: &mut String,
    ) -> (Vec<String>, Vec<String>) {
        let number = self.number;
        go.push_str("\t{\n");
        let mut leaves = Vec::new();
        if let (Some(ty), Some(value)) = (&self.receiver, receiver) {
            let _ = writeln!(go, "\t\tvar s {} = {}", ty.go(), ty.literal(value, structs));
            ty.leaves("recv", "s", Some(value), structs, &mut leaves);
        }
        for (i, (ty, value)) in self.parameters.iter().zip(arguments).enumerate() {
            let name = self.name(i);
            let _ = writeln!(go, "\t\tvar {name} {} = {}", ty.go(), ty.literal(value, structs));
            ty.leaves(&format!("arg {name}"), &name, Some(value), structs, &mut leaves);
        }
        let mut back = Vec::new();
        for (i, (ty, value)) in self.results.iter().zip(results).enumerate() {
            let target = format!("results{number}.r{i}");
            let _ = writeln!(go, "\t\t{target} = {}", ty.literal(value, structs));
            ty.leaves(&format!("ret {i}"), &target, Some(value), structs, &mut back);
        }
        let entry = lines(&format!("F{number}"), call, &some(&leaves, ENTRY), go);
        let mut back = lines(&format!("F{number} returns"), call, &some(&back, RETURN), go);
        if self.late {
            // What arguments point at is read when the call returns, from where it is by then.
            back.extend(lines(&format!("F{number} late"), call, &some(&leaves, LATE), go));
        }
        let mut passed = vec![call.to_string()];
        let mut copies = String::new();
        for (i, (ty, value)) in self.parameters.iter().zip(arguments).enumerate() {
            passed.push(match (ty, value) {
                (Type::Pointer(_), Value::Parts(_)) if self.apart => {
                    let _ = writeln!(copies, "\t\t\tq{i} := *{}", self.name(i));
                    format!("&q{i}")
                }
                _ => self.name(i),
            });
        }
        let mut passed = passed.join(", ");
        if self.variadic {
            passed.push_str("...");
        }
        let through = if receiver.is_some() { "s." } else { "" };
        let statement = format!("{through}F{number}({passed})");
        if self.apart {
            // On a stack of its own, which is small, and has to hold what pointers point at.
            let _ = writeln!(
                go,
                "\t\tdone := make(chan bool)\n\t\tgo func() {{\n{copies}\t\t\t{statement}\n\t\t\tclose(done)\n\t\t}}()\n\t\t<-done"
            );
        } else {
            let _ = writeln!(go, "\t\t{statement}");
        }
        for i in 0..arguments.len() {
            let _ = writeln!(go, "\t\tkeep(&{})", self.name(i));
        }
        if receiver.is_some() {
            go.push_str("\t\tkeep(&s)\n");
        }
        go.push_str("\t}\n");
        (entry, back)
    }
}

/// At most `limit` of the leaves, from all over them.
fn some(leaves: &[Leaf], limit: usize) -> Vec<Leaf> {
    let step = leaves.len().div_ceil(limit).max(1);
    leaves.iter().step_by(step).cloned().collect()
}

/// Writes the truth of the leaves, a few in a line, and gives the statements that print the same.
fn lines(name: &str, call: usize, leaves: &[Leaf], go: &mut String) -> Vec<String> {
    let mut statements = Vec::new();
    let mut rest = leaves;
    while !rest.is_empty() {
        let mut texts = 0;
        let count = rest
            .iter()
            .take(VALUES)
            .take_while(|leaf| {
                texts += usize::from(leaf.text);
                texts <= TEXTS
            })
            .count();
        let (these, more) = rest.split_at(count);
        rest = more;
        let part = statements.len();
        let mut print = format!("{name} {part} {{arg n}}");
        let (mut format, mut values) = (format!("{name} {part} {call}"), String::new());
        for leaf in these {
            let _ = write!(print, " [{{{}}}]", leaf.recipe);
            match &leaf.truth {
                Ok((verb, expression)) => {
                    let _ = write!(format, " [{verb}]");
                    let _ = write!(values, ", {expression}");
                }
                Err(text) => {
                    let _ = write!(format, " [{text}]");
                }
            }
        }
        let _ = writeln!(go, "\t\tsay({format:?}{values})");
        statements.push(format!("print {print:?}"));
    }
    statements
}

const HEAD: &str = r#"// Command generated calls functions of every shape with values of every kind.
package main

import (
	"errors"
	"fmt"
	"time"
IMPORTS

	"gobt.example/truth"
)

// Level is a number with a name.
type Level int16

var (
	sink  int
	kept  interface{}
	lines []string
	sums  = map[string]int64{}
	_     = errors.New
	_     = time.Second
)

func say(format string, values ...interface{}) { lines = append(lines, fmt.Sprintf(format, values...)) }

//go:noinline
func keep(p interface{}) { kept = p }

//go:noinline
func fill(room *[3000]byte) {
	for i := range room {
		room[i] = byte(sink)
	}
}

//go:noinline
func deep(n int) int {
	var room [3000]byte
	fill(&room)
	if n == 0 {
		return int(room[7])
	}
	return deep(n-1) + int(room[n])
}

func filled(elements, room int) chan int {
	c := make(chan int, room)
	for i := 0; i < elements; i++ {
		c <- i
	}
	return c
}

func sum(name string, value int64) {
	sums["sum_"+name] += value
	sums[fmt.Sprintf("by_%s[%d]", name, value)]++
	if low, ok := sums["low_"+name]; !ok || value < low {
		sums["low_"+name] = value
	}
	if high, ok := sums["high_"+name]; !ok || value > high {
		sums["high_"+name] = value
	}
}

func count(name string, holds bool) {
	sums[name] += 0
	if holds {
		sums[name]++
	}
}

func kind(v interface{}) string {
	if v == nil {
		return "nil"
	}
	return fmt.Sprintf("%T", v)
}
"#;

const MESSAGE: &str = r#"
func message(err error) string {
	if err == nil {
		return "nil"
	}
	return err.Error()
}
"#;
