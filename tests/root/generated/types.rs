//! Random Go types, values of them, and the parts of a value that a recipe can name.

use super::kinds::KINDS;
use crate::support::numbers::Numbers;

/// A Go type of the generated program.
#[derive(Clone, Debug)]
pub enum Type {
    /// An integer, by Go's name, with its smallest and largest value.
    Int(&'static str, i128, i128),
    /// `bool`
    Bool,
    /// `string`
    Text,
    /// `[]byte`
    Bytes,
    /// `[]T`
    Slice(Box<Type>),
    /// `[N]T`
    Array(Box<Type>, usize),
    /// A pointer to the struct of this number.
    Pointer(usize),
    /// The struct of this number.
    Struct(usize),
    /// `error`
    Error,
    /// `any`
    Any,
    /// `time.Duration`
    Duration,
    /// `map[string]int`
    Map,
    /// `chan int`
    Channel,
    /// One of the kinds that strangers bring.
    Kind(usize),
    /// `Cell[T]`, or a pointer to one: receivers with a type parameter.
    Cell(Box<Type>, bool),
    /// A type whose registers cannot be seen, so that only what stands around it is looked at.
    Unseen(&'static str, &'static str),
}

/// A struct of the generated program: fields by name (`_` for blank ones, a struct's own name for embedded ones).
#[derive(Clone, Debug)]
pub struct Struct {
    /// Its fields.
    pub fields: Vec<(String, Type)>,
}

/// A value.
#[derive(Clone, Debug)]
pub enum Value {
    /// As Go writes it; its parts, if it has some, are only known to the program.
    Plain(String),
    /// `nil`
    Nil,
    /// Elements or fields, or what a pointer points at.
    Parts(Vec<Value>),
}

/// A part of a value: how a recipe names it, and what the program prints for it.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// `arg p1.X`
    pub recipe: String,
    /// A verb of Go's fmt and the expression for it, or, where there is nothing, what a recipe shows then.
    pub truth: Result<(&'static str, String), &'static str>,
    /// It is text, which takes many instructions to show.
    pub text: bool,
    /// It is a whole number of at most 32 bits.
    pub small: bool,
}

const INTEGERS: [(&str, i128, i128); 12] = [
    ("int", i64::MIN as i128, i64::MAX as i128),
    ("int8", -128, 127),
    ("int16", i16::MIN as i128, i16::MAX as i128),
    ("int32", i32::MIN as i128, i32::MAX as i128),
    ("int64", i64::MIN as i128, i64::MAX as i128),
    ("uint", 0, u64::MAX as i128),
    ("uint8", 0, 255),
    ("uint16", 0, u16::MAX as i128),
    ("uint32", 0, u32::MAX as i128),
    ("uint64", 0, u64::MAX as i128),
    ("Level", i16::MIN as i128, i16::MAX as i128), // type Level int16
    ("rune", i32::MIN as i128, i32::MAX as i128),
];

/// Structs that hold each other only downwards.
pub fn structs(dice: &mut Numbers, count: usize, kinds: bool) -> Vec<Struct> {
    let mut all: Vec<Struct> = Vec::new();
    for number in 0..count {
        let mut fields = Vec::new();
        for field in 0..dice.below(5) {
            let name = if dice.once_in(7) {
                "_".to_owned()
            } else {
                format!("X{field}")
            };
            fields.push((name, random(dice, number, 2, kinds)));
        }
        if number > 0 && dice.once_in(3) {
            let embedded = dice.below(number);
            fields.push((format!("S{embedded}"), Type::Struct(embedded)));
        }
        all.push(Struct { fields });
    }
    all
}

/// A type that uses structs below `structs` and is at most `depth` deep.
///
/// With `kinds`, half of the types are of those that strangers bring.
pub fn random(dice: &mut Numbers, structs: usize, depth: usize, kinds: bool) -> Type {
    if kinds && dice.once_in(2) {
        return Type::Kind(dice.below(KINDS.len()));
    }
    match dice.below(if depth == 0 { 11 } else { 17 }) {
        0..=4 => {
            let (name, low, high) = INTEGERS[dice.below(INTEGERS.len())];
            Type::Int(name, low, high)
        }
        5 => Type::Bool,
        6 | 7 => Type::Text,
        8 => Type::Duration,
        9 => [
            Type::Unseen("float64", "2.5"),
            Type::Unseen("float32", "1.5"),
            Type::Unseen("complex128", "complex(1, 2)"),
            Type::Unseen("struct{}", "struct{}{}"),
            Type::Unseen("[0]int64", "[0]int64{}"),
        ][dice.below(5)]
        .clone(),
        10 => [Type::Error, Type::Any, Type::Map, Type::Channel, Type::Bytes][dice.below(5)].clone(),
        11 => Type::Slice(Box::new(random(dice, structs, 0, kinds))),
        12 => Type::Array(Box::new(random(dice, structs, depth - 1, kinds)), dice.below(4)),
        13 | 14 if structs > 0 => Type::Pointer(dice.below(structs)),
        15 | 16 if structs > 0 => Type::Struct(dice.below(structs)),
        _ => Type::Text,
    }
}

impl Type {
    /// As Go writes it.
    pub fn go(&self) -> String {
        match self {
            Self::Int(name, ..) | Self::Unseen(name, _) => (*name).to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Text => "string".to_owned(),
            Self::Bytes => "[]byte".to_owned(),
            Self::Slice(element) => format!("[]{}", element.go()),
            Self::Array(element, length) => format!("[{length}]{}", element.go()),
            Self::Pointer(number) => format!("*S{number}"),
            Self::Struct(number) => format!("S{number}"),
            Self::Error => "error".to_owned(),
            Self::Any => "interface{}".to_owned(),
            Self::Duration => "time.Duration".to_owned(),
            Self::Map => "map[string]int".to_owned(),
            Self::Channel => "chan int".to_owned(),
            Self::Kind(number) => KINDS[*number].go.to_owned(),
            Self::Cell(of, pointer) => format!("{}Cell[{}]", if *pointer { "*" } else { "" }, of.go()),
        }
    }

    /// Some value.
    pub fn value(&self, dice: &mut Numbers, structs: &[Struct]) -> Value {
        match self {
            Self::Int(name, low, high) => {
                let number = match dice.below(5) {
                    0 => *low,
                    1 => *high,
                    2 => 0,
                    _ => low + i128::from(dice.any()) % (high - low + 1),
                };
                Value::Plain(format!("{name}({number})"))
            }
            Self::Bool => Value::Plain(dice.once_in(2).to_string()),
            Self::Text => Value::Plain(format!("{:?}", text(dice))),
            Self::Bytes => Value::Plain(format!("[]byte({:?})", text(dice))),
            Self::Slice(element) => {
                let length = dice.below(4);
                if length == 3 && dice.once_in(3) {
                    return Value::Nil;
                }
                Value::Parts((0..length).map(|_| element.value(dice, structs)).collect())
            }
            Self::Array(element, length) => {
                Value::Parts((0..*length).map(|_| element.value(dice, structs)).collect())
            }
            Self::Pointer(_) if dice.once_in(4) => Value::Nil,
            Self::Pointer(number) => Value::Parts(vec![Self::Struct(*number).value(dice, structs)]),
            Self::Struct(number) => Value::Parts(
                structs[*number]
                    .fields
                    .iter()
                    .map(|(_, ty)| ty.value(dice, structs))
                    .collect(),
            ),
            Self::Error => match dice.below(3) {
                0 => Value::Nil,
                1 => Value::Plain(format!("errors.New({:?})", text(dice))),
                _ => Value::Plain(format!("fmt.Errorf({:?}, errors.New(\"inner\"))", "outer: %w")),
            },
            Self::Any => {
                let all = [
                    "5",
                    "\"text\"",
                    "S0{}",
                    "&S1{}",
                    "time.Second",
                    "[]int(nil)",
                    "Level(3)",
                ];
                match dice.below(all.len() + 1) {
                    0 => Value::Nil,
                    n => Value::Plain(all[n - 1].to_owned()),
                }
            }
            Self::Duration => Value::Plain(format!("time.Duration({})", dice.below(1 << 40))),
            Self::Map => match dice.below(3) {
                0 => Value::Nil,
                1 => Value::Plain("map[string]int{}".to_owned()),
                _ => Value::Plain("map[string]int{\"a\": 1, \"b\": 2, \"c\": 3}".to_owned()),
            },
            Self::Channel => match dice.below(3) {
                0 => Value::Nil,
                1 => Value::Plain("make(chan int)".to_owned()),
                _ => Value::Plain(format!("filled({}, {})", dice.below(3), 3 + dice.below(4))),
            },
            Self::Kind(number) => Value::Plain(dice.of_these(KINDS[*number].values).to_owned()),
            Self::Unseen(_, value) => Value::Plain((*value).to_owned()),
            Self::Cell(of, _) => Value::Parts(vec![of.value(dice, structs)]),
        }
    }

    /// The value as Go writes it.
    pub fn literal(&self, value: &Value, structs: &[Struct]) -> String {
        match (self, value) {
            (_, Value::Plain(text)) => text.clone(),
            (_, Value::Nil) => "nil".to_owned(),
            (Self::Pointer(number), Value::Parts(parts)) => {
                format!("&{}", Self::Struct(*number).literal(&parts[0], structs))
            }
            (Self::Cell(of, pointer), Value::Parts(parts)) => {
                let held = of.literal(&parts[0], structs);
                let address = if *pointer { "&" } else { "" };
                format!("{address}Cell[{}]{{Before: -3, V: {held}, After: 4}}", of.go())
            }
            (Self::Struct(number), Value::Parts(parts)) => {
                let fields = structs[*number].fields.iter().zip(parts);
                let named = fields
                    .filter(|((name, _), _)| name != "_") // Go has no way to set it
                    .map(|((name, ty), part)| format!("{name}: {}", ty.literal(part, structs)));
                format!("S{number}{{{}}}", named.collect::<Vec<_>>().join(", "))
            }
            (Self::Slice(element) | Self::Array(element, _), Value::Parts(parts)) => {
                let all: Vec<_> = parts.iter().map(|part| element.literal(part, structs)).collect();
                format!("{}{{{}}}", self.go(), all.join(", "))
            }
            (_, Value::Parts(_)) => unreachable!("only these have parts"),
        }
    }

    /// What can be named in the value, which a recipe calls `recipe` and Go `go`. There is no value where a pointer on
    /// the way is nil or an index is out of bounds. Which leaves there are, and in which order, is a matter of the type
    /// alone.
    pub fn leaves(
        &self,
        recipe: &str,
        go: &str,
        value: Option<&Value>,
        structs: &[Struct],
        all: &mut Vec<Leaf>,
    ) {
        let there = value.is_some();
        let mut leaf = |recipe: String, verb, expression: String, else_: &'static str, text| {
            let truth = if there { Ok((verb, expression)) } else { Err(else_) };
            all.push(Leaf {
                recipe,
                truth,
                text,
                small: false,
            });
        };
        let part = |index: usize| match value {
            Some(Value::Parts(parts)) => parts.get(index),
            _ => None,
        };
        match self {
            Self::Int(_, low, high) => {
                leaf(recipe.to_owned(), "%d", go.to_owned(), "0", false);
                if let Some(leaf) = all.last_mut() {
                    leaf.small = *low >= i128::from(i32::MIN) && *high <= i128::from(u32::MAX);
                }
            }
            Self::Bool => leaf(recipe.to_owned(), "%t", go.to_owned(), "false", false),
            Self::Text => {
                leaf(recipe.to_owned(), "%s", go.to_owned(), "", true);
                leaf(format!("len({recipe})"), "%d", format!("len({go})"), "0", false);
            }
            Self::Bytes => leaf(format!("{recipe} as string"), "%s", go.to_owned(), "", true),
            Self::Error => leaf(recipe.to_owned(), "%s", format!("message({go})"), "nil", true),
            Self::Any => leaf(recipe.to_owned(), "%s", format!("kind({go})"), "nil", true),
            Self::Duration => leaf(recipe.to_owned(), "%s", go.to_owned(), "0s", false),
            Self::Map => leaf(format!("len({recipe})"), "%d", format!("len({go})"), "0", false),
            Self::Channel => {
                leaf(format!("len({recipe})"), "%d", format!("len({go})"), "0", false);
                leaf(format!("cap({recipe})"), "%d", format!("cap({go})"), "0", false);
            }
            Self::Unseen(..) => {}
            Self::Cell(of, _) => {
                leaf(
                    format!("{recipe}.Before"),
                    "%d",
                    format!("{go}.Before"),
                    "0",
                    false,
                );
                leaf(format!("{recipe}.After"), "%d", format!("{go}.After"), "0", false);
                of.leaves(&format!("{recipe}.V"), &format!("{go}.V"), part(0), structs, all);
            }
            Self::Kind(number) => {
                for (part, verb, expression, nothing) in KINDS[*number].parts {
                    let expression = expression.replace("{g}", go);
                    leaf(
                        part.replace("{r}", recipe),
                        verb,
                        expression,
                        nothing,
                        *verb == "%s",
                    );
                }
            }
            Self::Slice(element) => {
                leaf(format!("len({recipe})"), "%d", format!("len({go})"), "0", false);
                leaf(format!("cap({recipe})"), "%d", format!("cap({go})"), "0", false);
                for index in [0, 2] {
                    let (recipe, go) = (format!("{recipe}[{index}]"), format!("{go}[{index}]"));
                    element.leaves(&recipe, &go, part(index), structs, all);
                }
            }
            Self::Array(element, length) => {
                if let Some(last) = length.checked_sub(1) {
                    let (recipe, go) = (format!("{recipe}[{last}]"), format!("{go}[{last}]"));
                    element.leaves(&recipe, &go, part(last), structs, all);
                }
            }
            Self::Pointer(number) => {
                leaf(
                    format!("{recipe} == nil"),
                    "%t",
                    format!("{go} == nil"),
                    "true",
                    false,
                );
                Self::Struct(*number).leaves(recipe, go, part(0), structs, all);
            }
            Self::Struct(number) => {
                for (index, (name, ty)) in structs[*number].fields.iter().enumerate() {
                    if name != "_" {
                        let (recipe, go) = (format!("{recipe}.{name}"), format!("{go}.{name}"));
                        ty.leaves(&recipe, &go, part(index), structs, all);
                    }
                }
            }
        }
    }

    /// Conditions on the value, in a recipe and in Go, where it is one of the kinds that have some.
    pub fn conditions(&self, recipe: &str, go: &str) -> Vec<(String, String)> {
        let Self::Kind(number) = self else {
            return Vec::new();
        };
        let all = KINDS[*number].conditions.iter();
        all.map(|(r, g)| (r.replace("{r}", recipe), g.replace("{g}", go)))
            .collect()
    }
}

/// Text without line breaks: of ASCII, with characters that mean something to bpftrace or Go, and some of more than one
/// byte.
fn text(dice: &mut Numbers) -> String {
    const SIGNS: [&str; 16] = [
        "a", "b", "Z", "0", " ", "%", "%s", "\"", "\\", "{", "}", "*/", "é", "世", "'", "$",
    ];
    (0..dice.below(20))
        .map(|_| SIGNS[dice.below(SIGNS.len())])
        .collect()
}
