//! Numbers: from the plan's expressions to bpftrace's, with the casts that keep every release to the same meaning.

use super::run_time::Word;
use super::writer::Writer;
use crate::bt::Expr as Bt;
use crate::goname::types;
use crate::plan::{Expr, GoroutineSource, Known, Load, Number, Object, Op};
use crate::target::Runtime;

/// bpftrace's type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ty {
    /// 64 bits, unsigned.
    U64,
    /// 64 bits, signed.
    I64,
    /// Fewer bits.
    Narrow {
        /// The top bit is a sign.
        signed: bool,
    },
    /// A constant, which takes the type of what it meets.
    Constant,
    /// 0 or 1.
    Truth,
}

impl Writer<'_> {
    /// A number in 64 bits, signed or not as it is.
    pub(super) fn number(&mut self, n: &Number) -> Bt {
        let (e, ty) = self.typed(&n.expr);
        widen(e, ty, n.signed)
    }

    /// A number as 64 unsigned bits, whatever it means.
    pub(super) fn unsigned(&mut self, e: &Expr) -> Bt {
        let (e, ty) = self.typed(e);
        match ty {
            Ty::Narrow { signed: true } => e.cast("int64").cast("uint64"),
            Ty::I64 => e.cast("uint64"),
            _ => widen(e, ty, false),
        }
    }

    /// A condition for `if`.
    pub(super) fn truth(&mut self, n: &Number) -> Bt {
        self.condition(&n.expr)
    }

    /// A condition for `if`.
    pub(super) fn condition(&mut self, e: &Expr) -> Bt {
        let (e, ty) = self.typed(e);
        if ty == Ty::Truth {
            e
        } else {
            e.binary("!=", Bt::Int(0))
        }
    }

    /// `pid`, `tid`, `cpu` as they are.
    pub(super) fn builtin(&mut self, e: &Expr) -> Bt {
        self.typed(e).0
    }

    fn typed(&mut self, e: &Expr) -> (Bt, Ty) {
        match e {
            // 0.17 takes each constant for a signed number, and warns.
            Expr::Int(n) if *n > i128::from(i64::MAX) && !self.dialect.orders_unsigned() => {
                (Bt::Int(*n).cast("uint64"), Ty::U64)
            }
            Expr::Int(n) => (Bt::Int(*n), Ty::Constant),
            Expr::Address(a) => (
                self.address(*a),
                if self.plan.identity.position_independent {
                    Ty::U64
                } else {
                    Ty::Constant
                },
            ),
            Expr::Register(r) => (Bt::Reg(r.name()), Ty::U64),
            Expr::StackPointer => (Bt::Reg(self.registers().stack.name()), Ty::U64),
            Expr::Context => (Bt::Reg(self.registers().context.name()), Ty::U64),
            Expr::Element(level) => (self.element(*level), Ty::U64),
            Expr::AtEntry(value) => (self.at_entry(value), Ty::U64),
            Expr::Load(load) => self.load(load),
            Expr::Narrow { of, size, signed } => {
                let (inner, _) = self.typed(of);
                (
                    inner.cast(int_name(*size, *signed)),
                    Ty::Narrow { signed: *signed },
                )
            }
            Expr::Binary { op, a, b, signed } => self.binary(*op, a, b, *signed),
            Expr::Negate(x) => {
                let (x, ty) = self.typed(x);
                (Bt::Unary("-", Box::new(widen(x, ty, true))), Ty::I64)
            }
            Expr::Complement(x) => {
                let x = self.unsigned(x);
                (Bt::Unary("~", Box::new(x)), Ty::U64)
            }
            Expr::Not(x) => {
                let x = self.condition(x);
                (Bt::Unary("!", Box::new(x)), Ty::Truth)
            }
            Expr::Choose(c, a, b) => {
                // One in another is more than 0.23 can compile, so each gets a variable.
                let what = (e.clone(), None);
                if let Some(variable) = self.recall(&what) {
                    return (variable, Ty::U64);
                }
                let c = self.condition(c);
                let a = self.unsigned(a);
                let b = self.unsigned(b);
                let value = c.choose(constant_as_u64(a), constant_as_u64(b));
                (self.remember(what, "_part", value), Ty::U64)
            }
            Expr::TextIs(data, len, constant) => (self.text_is(data, len, constant), Ty::Truth),
            // Records tell texts of one beginning apart by their lengths, and say that they are cut.
            Expr::Digest(_, len) if self.records.is_some() => self.typed(len),
            Expr::Digest(data, len) => (self.digest(data, len), Ty::U64),
            Expr::KnownIs(Known::AtEntry(kept), constant) if self.records.is_some() => {
                (self.kept_is(kept, constant), Ty::Truth)
            }
            Expr::KnownIs(known, constant) => {
                let digest = match known {
                    Known::AtEntry(kept) => self.kept_digest(kept),
                    Known::Constant(_) => None,
                };
                let known = self.known(known);
                let same = if self.dialect.compares_by_operator() {
                    known.binary("==", Bt::Str(constant.clone()))
                } else {
                    // With the end of both.
                    let size = i128::try_from(constant.len() + 1).unwrap_or(0);
                    Bt::Call("strncmp", vec![known, Bt::Str(constant.clone()), Bt::Int(size)])
                        .binary("==", Bt::Int(0))
                };
                let same = match digest {
                    Some(digest) => digest.binary("==", Bt::Int(0)).binary("&&", same),
                    None => same,
                };
                (same, Ty::Truth)
            }
            Expr::Chosen { one_of, .. } => {
                // Once in a probe: what is done when the call returns is for the same calls.
                let what = (e.clone(), None);
                if let Some(variable) = self.recall(&what) {
                    return (variable, Ty::U64);
                }
                let number = Bt::Builtin("rand");
                let one = number
                    .binary("%", Bt::Int((*one_of).into()))
                    .binary("==", Bt::Int(0));
                let value = one.choose(Bt::Int(1).cast("uint64"), Bt::Int(0).cast("uint64"));
                (self.remember(what, "chosen", value), Ty::U64)
            }
            Expr::Elapsed => (self.elapsed(), Ty::U64),
            Expr::Goroutine => (self.goid(false), Ty::U64),
            Expr::Parent => (self.goid(true), Ty::U64),
            Expr::Process => (Bt::Builtin("pid"), Ty::Narrow { signed: false }),
            Expr::Thread => (Bt::Builtin("tid"), Ty::Narrow { signed: false }),
            Expr::Cpu => (Bt::Builtin("cpu"), Ty::Narrow { signed: false }),
            Expr::Total(map) => (Bt::Map(map.clone(), Vec::new()).cast("int64"), Ty::I64),
            Expr::ReturnAddress => (self.return_address(), Ty::U64),
        }
    }

    fn binary(&mut self, op: Op, a: &Expr, b: &Expr, signed: bool) -> (Bt, Ty) {
        match op {
            Op::Both | Op::Either => {
                let a = self.condition(a);
                let b = self.condition(b);
                return (a.binary(if op == Op::Both { "&&" } else { "||" }, b), Ty::Truth);
            }
            Op::Divide | Op::Remainder if signed => return (self.divide(op, a, b), Ty::I64),
            Op::ShiftRight if signed => return (self.shift_right(a, b), Ty::I64),
            _ => {}
        }
        let (a, a_ty) = self.typed(a);
        let (b, b_ty) = self.typed(b);
        // A constant beside a narrow number needs no widening: bpftrace widens both.
        let compares = matches!(
            op,
            Op::Equal | Op::NotEqual | Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual
        );
        let (a, b) = match (a_ty, b_ty) {
            (Ty::Narrow { signed: s }, Ty::Constant) | (Ty::Constant, Ty::Narrow { signed: s })
                if compares && s == signed =>
            {
                (a, b)
            }
            _ => (widen(a, a_ty, signed), widen(b, b_ty, signed)),
        };
        let whole = |e: Bt| (e, if signed { Ty::I64 } else { Ty::U64 });
        match op {
            Op::Add => whole(a.binary("+", b)),
            Op::Multiply => whole(a.binary("*", b)),
            Op::Divide => whole(a.binary("/", b)),
            Op::Remainder => whole(a.binary("%", b)),
            Op::And => whole(a.binary("&", b)),
            Op::Or => whole(a.binary("|", b)),
            Op::Xor => whole(a.binary("^", b)),
            Op::ShiftLeft => whole(a.binary("<<", b)),
            Op::ShiftRight => whole(a.binary(">>", b)),
            Op::Subtract if signed => whole(a.binary("-", b)),
            // Subtraction is signed since 0.26: say what is meant.
            Op::Subtract => (signed_cast(a).binary("-", signed_cast(b)).cast("uint64"), Ty::U64),
            Op::Equal => (a.binary("==", b), Ty::Truth),
            Op::NotEqual => (a.binary("!=", b), Ty::Truth),
            Op::Less => (a.binary("<", b), Ty::Truth),
            Op::LessEqual => (a.binary("<=", b), Ty::Truth),
            Op::Greater => (a.binary(">", b), Ty::Truth),
            Op::GreaterEqual => (a.binary(">=", b), Ty::Truth),
            Op::Both | Op::Either => (a, Ty::Truth),
        }
    }

    /// Go's signed division, out of the unsigned one that BPF has.
    fn divide(&mut self, op: Op, a: &Expr, b: &Expr) -> Bt {
        let symbol = if op == Op::Divide { "/" } else { "%" };
        let (a, ty) = self.typed(a);
        let a = self.once("_dividend", widen(a, ty, true));
        let constant = match b {
            Expr::Int(n) if *n > 0 => Some(*n),
            _ => None,
        };
        let negative = |e: &Bt| e.clone().binary("<", Bt::Int(0));
        let opposite = |e: Bt| Bt::Unary("-", Box::new(e));
        if let Some(n) = constant {
            let down = opposite(a.clone())
                .cast("uint64")
                .binary(symbol, Bt::Int(n))
                .cast("int64");
            let up = a.clone().cast("uint64").binary(symbol, Bt::Int(n)).cast("int64");
            return negative(&a).choose(opposite(down), up);
        }
        let (b, ty) = self.typed(b);
        let b = self.once("_divisor", widen(b, ty, true));
        let abs = |e: &Bt| negative(e).choose(opposite(e.clone()).cast("uint64"), e.clone().cast("uint64"));
        let abs_a = self.assign("_dividend_size", abs(&a));
        let abs_b = self.assign("_divisor_size", abs(&b));
        let size = self.assign("_quotient", abs_a.binary(symbol, abs_b).cast("int64"));
        let flips = if op == Op::Divide {
            a.binary("^", b).binary("<", Bt::Int(0))
        } else {
            negative(&a)
        };
        flips.choose(opposite(size.clone()), size)
    }

    /// Go's shift of a signed number, which keeps the sign.
    fn shift_right(&mut self, a: &Expr, b: &Expr) -> Bt {
        let (a, ty) = self.typed(a);
        let a = self.once("_shifted", widen(a, ty, true));
        let (b, ty) = self.typed(b);
        let b = self.once("_shift", widen(b, ty, false));
        let flip = |e: Bt| Bt::Unary("~", Box::new(e));
        let down = flip(flip(a.clone().cast("uint64")).binary(">>", b.clone())).cast("int64");
        let up = a.clone().cast("uint64").binary(">>", b).cast("int64");
        a.binary("<", Bt::Int(0)).choose(down, up)
    }

    fn load(&mut self, load: &Load) -> (Bt, Ty) {
        let ty = match (load.size, load.signed) {
            (8, true) => Ty::I64,
            (8, false) => Ty::U64,
            (_, signed) => Ty::Narrow { signed },
        };
        if let Some(object) = &load.object
            && !object.path.is_empty()
        {
            if self.structs.are_avoided() {
                let address = self.object_at(&load.base, object, None).plus(load.offset);
                return (Bt::Load(int_name(load.size, load.signed), Box::new(address)), ty);
            }
            return (self.member(&load.base, object, load.size, load.signed), ty);
        }
        let address = self.unsigned(&load.base).plus(load.offset);
        (Bt::Load(int_name(load.size, load.signed), Box::new(address)), ty)
    }

    /// `((struct T *)base)->a.b`
    fn member(&mut self, base: &Expr, object: &Object, size: u64, signed: bool) -> Bt {
        let mut at = self
            .structs
            .of(&object.name, &short_type_name(&object.name), u64::MAX);
        let top = at;
        let mut path = Vec::new();
        let count = object.path.len();
        for (i, step) in object.path.iter().enumerate() {
            if i + 1 == count {
                path.push(
                    self.structs
                        .field(at, &step.field, step.offset, size, c_name(size, signed)),
                );
            } else if let Some(inner) = &step.inner {
                let inner = self
                    .structs
                    .of(&format!("{inner} by value"), &short_type_name(inner), step.size);
                path.push(self.structs.inner(at, &step.field, step.offset, inner));
                at = inner;
            }
        }
        let pointer = self.object_at(base, object, Some(top));
        Bt::Member(Box::new(pointer), path)
    }

    /// The object's address, in a variable: as a pointer to a struct if there is one.
    fn object_at(&mut self, base: &Expr, object: &Object, of: Option<usize>) -> Bt {
        // Not the number itself, which may have another name.
        let what = (base.clone(), Some(of.unwrap_or(0)));
        if let Some(variable) = self.recall(&what) {
            return variable;
        }
        let mut preferred = self.name_of(base);
        // `$order_Item_string->data_`: the words of a string, a slice or an interface, not what they are of.
        if !object.name.contains('.') {
            preferred = format!("{preferred}_{}", object.name);
        }
        let value = self.unsigned(base);
        let value = match of {
            Some(of) => value.cast(format!("struct {} *", self.structs.name(of))),
            None => value,
        };
        self.remember(what, &preferred, value)
    }

    fn text_is(&mut self, data: &Expr, len: &Expr, constant: &str) -> Bt {
        let size = i128::try_from(constant.len()).unwrap_or(0);
        let len = self.unsigned(len);
        let same_length = len.binary("==", Bt::Int(size));
        if constant.is_empty() {
            return same_length;
        }
        let data = self.unsigned(data);
        let read = Bt::Call(
            "str",
            vec![data, Bt::Int(size + i128::from(self.dialect.str_counts_nul()))],
        );
        let constant = Bt::Str(constant.to_string());
        let same = if self.dialect.compares_by_operator() {
            read.binary("==", constant)
        } else {
            Bt::Call("strncmp", vec![read, constant, Bt::Int(size)]).binary("==", Bt::Int(0))
        };
        same_length.binary("&&", same)
    }

    pub(super) fn known(&mut self, known: &Known) -> Bt {
        match known {
            Known::Constant(text) => Bt::Str(text.clone()),
            Known::AtEntry(kept) => self.at_entry(kept),
        }
    }

    /// Where the call returns to, at its entry.
    pub(super) fn return_address(&self) -> Bt {
        let registers = self.registers();
        match registers.link {
            Some(link) => Bt::Reg(link.name()),
            None => Bt::Load("uint64", Box::new(Bt::Reg(registers.stack.name()))),
        }
    }

    /// The goroutine's id, or its parent's. On a system stack (g0) it is that of the user's goroutine on this thread.
    fn goid(&mut self, parent: bool) -> Bt {
        let Some(runtime) = &self.plan.runtime else {
            return Bt::Int(0);
        };
        let (field, offset) = match (parent, runtime.g_parent_goid) {
            (true, Some(offset)) => ("parentGoid", offset),
            _ => ("goid", runtime.g_goid),
        };
        self.users_field(field, offset)
    }

    /// Where the goroutine's `go` statement went on; none if that is not known.
    pub(super) fn creation(&mut self) -> Option<Bt> {
        let offset = self.plan.runtime.as_ref()?.g_gopc?;
        Some(match self.function.goroutine {
            GoroutineSource::Unknown => Bt::Int(0).cast("uint64"),
            _ => self.users_field("gopc", offset),
        })
    }

    /// A field of the user's goroutine, on whose behalf a system stack (g0) may be used.
    fn users_field(&mut self, field: &str, offset: u64) -> Bt {
        let Some(runtime) = self.plan.runtime.clone() else {
            return Bt::Int(0);
        };
        let own = self.g_field(field, offset, Word::Unsigned);
        if !self.function.on_system_stack {
            return own;
        }
        let on_g0 = self.on_g0(&runtime);
        let curg = self.curg(&runtime);
        let theirs = self.word_of(curg, "runtime.g", "g", field, offset, Word::Unsigned);
        self.assign(field, on_g0.choose(theirs, own))
    }

    /// The user's goroutine on whose behalf a system stack is used; 0 if none is used.
    pub(super) fn user_below(&mut self) -> Bt {
        let Some(runtime) = self.plan.runtime.clone() else {
            return Bt::Int(0);
        };
        let on_g0 = self.on_g0(&runtime);
        let curg = self.curg(&runtime).cast("uint64");
        on_g0.choose(curg, Bt::Int(0).cast("uint64"))
    }

    /// A system stack is used.
    fn on_g0(&mut self, runtime: &Runtime) -> Bt {
        self.g_field("goid", runtime.g_goid, Word::Unsigned)
            .binary("==", Bt::Int(0))
    }

    /// The thread's user goroutine.
    pub(super) fn curg(&mut self, runtime: &Runtime) -> Bt {
        let m = self.g_field("m", runtime.g_m, Word::Unsigned);
        let m = self.pointer_to("runtime.m", "m", m);
        let curg = self.word_of(m, "runtime.m", "m", "curg", runtime.m_curg, Word::Unsigned);
        self.pointer_to("runtime.g", "g", curg)
    }
}

fn widen(e: Bt, ty: Ty, signed: bool) -> Bt {
    match (ty, signed) {
        (Ty::Constant, true) => signed_constant(e),
        (Ty::Constant, false) | (Ty::U64, false) | (Ty::I64, true) => e,
        (Ty::Truth, _) => e.choose(Bt::Int(1).cast("uint64"), Bt::Int(0).cast("uint64")),
        (Ty::Narrow { signed: true }, false) => e.cast("int64").cast("uint64"),
        (_, true) => e.cast("int64"),
        (_, false) => e.cast("uint64"),
    }
}

/// A constant that every release takes for a signed number: to 0.23 those beyond 31 bits are unsigned, and it warns
/// where they meet signed ones, while 0.27 warns of a cast.
fn signed_constant(e: Bt) -> Bt {
    let Bt::Int(n) = e else { return e };
    let small = |n: i128| n <= i128::from(i32::MAX);
    if small(n) {
        return Bt::Int(n);
    }
    let whole = [1_000_000_000, 1_000_000, 1000]
        .into_iter()
        .find(|unit| n % unit == 0 && small(n / unit));
    match whole {
        Some(unit) => Bt::Int(n / unit).binary("*", Bt::Int(unit)),
        None => Bt::Unary("-", Box::new(Bt::Int(-n))),
    }
}

fn signed_cast(e: Bt) -> Bt {
    match e {
        Bt::Int(_) => e,
        e => e.cast("int64"),
    }
}

/// Both arms of `?:` have to be of one type.
fn constant_as_u64(e: Bt) -> Bt {
    match e {
        Bt::Int(_) | Bt::Hex(_) => e.cast("uint64"),
        e => e,
    }
}

/// bpftrace's name for an integer type.
fn int_name(size: u64, signed: bool) -> &'static str {
    match (size, signed) {
        (1, true) => "int8",
        (1, false) => "uint8",
        (2, true) => "int16",
        (2, false) => "uint16",
        (4, true) => "int32",
        (4, false) => "uint32",
        (_, true) => "int64",
        (_, false) => "uint64",
    }
}

/// C's name for it: struct definitions are read as C, which has no `uint64`.
fn c_name(size: u64, signed: bool) -> &'static str {
    match (size, signed) {
        (1, true) => "signed char",
        (1, false) => "unsigned char",
        (2, true) => "short",
        (2, false) => "unsigned short",
        (4, true) => "int",
        (4, false) => "unsigned int",
        (_, true) => "long",
        (_, false) => "unsigned long",
    }
}

/// `logical_StorageEntry` of `github.com/hashicorp/vault/sdk/logical.StorageEntry`.
fn short_type_name(go_type: &str) -> String {
    crate::bt::names::identifier(types::of_one_word(go_type).unwrap_or("anonymous"))
}
