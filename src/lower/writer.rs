//! Writes the body of one probe: statements so far, variables so far, and what both may rely on.

use super::body::BASE;
use super::decimal::Float;
use super::fragment::Fragment;
use super::structs::Structs;
use super::whole::{HOLES, Hole, Looked};
use super::{decimal, fragment, fresh_names};
use crate::arch::Registers;
use crate::bt::dialect::Dialect;
use crate::bt::names::Names;
use crate::bt::{Expr, Expr as Bt, Stmt};
use crate::gotype::abi::Slot;
use crate::plan::{self, AtEntry, Function, Plan, StateId};
use crate::target::ThreadLocal;
use std::collections::BTreeMap;

/// The body of one probe while it is made.
pub(super) struct Writer<'a> {
    pub(super) plan: &'a Plan,
    pub(super) dialect: Dialect,
    pub(super) structs: &'a mut Structs,
    pub(super) function: &'a Function,
    /// It is a return probe.
    pub(super) returning: bool,
    /// What the probe needs before its first own statement; known only at the end.
    pub(super) needs: Needs,
    /// Variables that only registers and kept values go into: they stand before everything else.
    pub(super) top: Vec<Stmt>,
    pub(super) body: Vec<Stmt>,
    pub(super) names: Names,
    /// What already has a variable, for the whole probe and for the block being written.
    top_known: Vec<(Known, Bt)>,
    known: Vec<(Known, Bt)>,
    /// Interfaces that were looked into, likewise: how deep in blocks (0: before everything else), and with messages or
    /// not.
    decoded: Vec<(usize, plan::Value, bool, Vec<Fragment>)>,
    errors: Vec<(usize, plan::Value, Vec<Fragment>)>,
    /// Kept addresses that have a variable, before everything else.
    followed: Vec<(StateId, Bt)>,
    /// What the value that is written about is called.
    pub(super) subject: String,
    /// The list and the number of the element that is written about.
    pub(super) element: Option<(String, usize)>,
    /// The line has a list already. What is between the elements of each takes room on the stack of the probe: with
    /// twelve lists in one form it was full (0.23 and 0.27).
    pub(super) has_list: bool,
    /// How many different errors the probe has looked into.
    pub(super) errors_read: usize,
    /// How many floats the probe shows as decimal numbers so far.
    pub(super) decimals: usize,
    /// Those of them whose characters are at hand: how deep in blocks, the float, and the variable.
    pub(super) characters: Vec<(usize, Float, String)>,
    /// The variables that are needed on the way to a result, by what they are called where they are written down.
    shared: BTreeMap<String, String>,
    /// Texts that were looked at: how deep in blocks, address, length, and where it is noted.
    pub(super) holes: Vec<(usize, plan::Expr, plan::Expr, Looked)>,
    pub(super) holes_noted: u32,
    /// What is noted for a whole line.
    pub(super) line_hole: Option<Hole>,
    /// How many words of text it has looked at, or would have.
    pub(super) words_looked_at: u64,
    /// 1 if the element of a slice that is written about is there, else 0.
    pub(super) is_there: Option<Bt>,
    /// The probe shows so much that spans of time take the plainest form.
    pub(super) crowded: bool,
    /// It shows nothing but numbers.
    pub(super) only_numbers: bool,
    /// The line that is written shows so much that what it needs is gathered.
    pub(super) gathers: bool,
    /// How many variables it is gathered in.
    pub(super) groups: usize,
    /// Spans of time take one form in this line: other parts of it take several.
    pub(super) plain_spans: bool,
    /// How many blocks the writing is in.
    pub(super) depth: usize,
}

/// Something that is computed once: an expression, and the struct it is taken for the address of.
type Known = (plan::Expr, Option<usize>);

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Needs {
    pub(super) g: bool,
    pub(super) frame: bool,
    pub(super) elapsed: bool,
    pub(super) base: bool,
    pub(super) holes: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        dialect: Dialect,
        structs: &'a mut Structs,
        function: &'a Function,
        returning: bool,
    ) -> Self {
        Writer {
            plan,
            dialect,
            structs,
            function,
            returning,
            needs: Needs::default(),
            top: Vec::new(),
            body: Vec::new(),
            names: fresh_names(),
            top_known: Vec::new(),
            known: Vec::new(),
            decoded: Vec::new(),
            errors: Vec::new(),
            followed: Vec::new(),
            subject: String::new(),
            element: None,
            has_list: false,
            errors_read: 0,
            decimals: 0,
            characters: Vec::new(),
            shared: BTreeMap::new(),
            holes: Vec::new(),
            holes_noted: 0,
            line_hole: None,
            words_looked_at: 0,
            is_there: None,
            crowded: false,
            only_numbers: false,
            gathers: false,
            groups: 0,
            plain_spans: false,
            depth: 1,
        }
    }

    /// Adds a statement.
    pub(super) fn push(&mut self, statement: Stmt) {
        self.body.push(statement);
    }

    /// Puts `value` in a variable called something like `preferred`.
    pub(super) fn assign(&mut self, preferred: &str, value: Expr) -> Expr {
        let name = self.allocate(preferred);
        self.push(Stmt::Assign(name.clone(), value, String::new()));
        Expr::Var(name)
    }

    /// `value` itself if it is cheap and short to say twice, or else a variable that holds it.
    pub(super) fn once(&mut self, preferred: &str, value: Expr) -> Expr {
        match value {
            Expr::Var(_) | Expr::Int(_) | Expr::Hex(_) | Expr::Reg(_) => value,
            value => self.assign(preferred, value),
        }
    }

    /// The same values, for the end of a line. Those of a crowded line are in one variable: bpftrace keeps what is
    /// longer than a number in memory of its own, so that they take 8 bytes of the probe's stack together, and the
    /// kernel, which does not know what is in there, has fewer ways to look at: each of ten interfaces in a line would
    /// multiply them by three.
    pub(super) fn together<const N: usize>(&mut self, preferred: &str, values: [Expr; N]) -> [Expr; N] {
        if !self.gathers {
            return values;
        }
        self.groups += 1;
        let all = self.assign(preferred, Expr::Tuple(values.to_vec()));
        std::array::from_fn(|at| Expr::Element(Box::new(all.clone()), at))
    }

    /// An address that may come out of a tuple, where 0.27 forgets whose memory it is of, and warns.
    pub(super) fn address_in(&self, value: Expr) -> Expr {
        match value {
            Expr::Element(..) => Expr::Call("uptr", vec![value]),
            value => value,
        }
    }

    /// Puts `value` in a variable, unless it is one.
    pub(super) fn variable(&mut self, preferred: &str, value: Expr) -> Expr {
        self.once(preferred, value)
    }

    /// A variable whose name is taken but that is not assigned yet.
    pub(super) fn reserve(&mut self, preferred: &str) -> String {
        self.allocate(preferred)
    }

    /// The variable of this name that several computations use one after the other.
    pub(super) fn shared(&mut self, name: &str) -> String {
        let names = &mut self.names;
        let shared = self.shared.entry(name.to_string());
        shared.or_insert_with(|| names.allocate(name)).clone()
    }

    /// Runs `f` and gives back the statements it wrote, instead of adding them here. Its variables are its own.
    pub(super) fn nested(&mut self, f: impl FnOnce(&mut Self)) -> Vec<Stmt> {
        let outer = std::mem::take(&mut self.body);
        let known = self.known.len();
        self.depth += 1;
        f(self);
        self.depth -= 1;
        self.known.truncate(known);
        let depth = self.depth;
        self.decoded.retain(|d| d.0 <= depth);
        self.errors.retain(|e| e.0 <= depth);
        self.holes.retain(|h| h.0 <= depth);
        self.characters.retain(|c| c.0 <= depth);
        for (.., looked) in &mut self.holes {
            looked.digest.take_if(|digest| digest.0 > depth);
        }
        std::mem::replace(&mut self.body, outer)
    }

    /// The variable of something that was computed before.
    pub(super) fn recall(&self, what: &Known) -> Option<Bt> {
        self.top_known
            .iter()
            .chain(&self.known)
            .find(|(k, _)| k == what)
            .map(|(_, v)| v.clone())
    }

    /// Gives something a variable: before everything else where its value allows that, or else here.
    pub(super) fn remember(&mut self, what: Known, preferred: &str, value: Bt) -> Bt {
        let early = matches!(
            what.0,
            plan::Expr::Register(_) | plan::Expr::AtEntry(_) | plan::Expr::Context
        );
        let name = self.allocate(preferred);
        let statement = Stmt::Assign(name.clone(), value, String::new());
        let variable = Bt::Var(name);
        if early {
            self.top.push(statement);
            self.top_known.push((what, variable.clone()));
        } else {
            self.body.push(statement);
            self.known.push((what, variable.clone()));
        }
        variable
    }

    /// `$holes`
    pub(super) fn holes_variable(&mut self) -> Bt {
        self.needs.holes = true;
        Expr::Var(HOLES.into())
    }

    pub(super) fn recall_decoded(&self, value: &plan::Value, errors: bool) -> Option<Vec<Fragment>> {
        self.decoded
            .iter()
            .find(|d| d.1 == *value && d.2 == errors)
            .map(|d| d.3.clone())
    }

    pub(super) fn recall_error(&self, value: &plan::Value) -> Option<Vec<Fragment>> {
        self.errors.iter().find(|e| e.1 == *value).map(|e| e.2.clone())
    }

    /// Adds the statements that looked into an interface: before everything else where its words allow that, or else
    /// here.
    pub(super) fn remember_decoded(
        &mut self,
        value: &plan::Value,
        errors: bool,
        text: &[Fragment],
        written: Vec<Stmt>,
    ) {
        let depth = self.place(value, written);
        self.decoded.push((depth, value.clone(), errors, text.to_vec()));
    }

    pub(super) fn remember_error(&mut self, value: &plan::Value, error: &[Fragment], written: Vec<Stmt>) {
        let depth = self.place(value, written);
        self.errors.push((depth, value.clone(), error.to_vec()));
    }

    fn place(&mut self, value: &plan::Value, written: Vec<Stmt>) -> usize {
        let word = |e: &plan::Expr| matches!(e, plan::Expr::Register(_) | plan::Expr::AtEntry(_));
        let early = matches!(value, plan::Value::Interface { tab, data, .. } if word(tab) && word(data));
        if early {
            self.top.extend(written);
            0
        } else {
            self.body.extend(written);
            self.depth
        }
    }

    /// What a variable for a value is best called: after the recipe's words and Go's fields, `order_Item`,
    /// `order_Item_len`.
    pub(super) fn name_of(&self, of: &plan::Expr) -> String {
        let name = match of {
            plan::Expr::Register(r) => self
                .word_name(Slot::Register(*r))
                .unwrap_or_else(|| r.name().to_string()),
            plan::Expr::AtEntry(value) => match self.function.keeps(value) {
                Some(id) => self.name_of_kept(id),
                None => value.name.clone(),
            },
            plan::Expr::Context => "closure".into(),
            plan::Expr::Load(load) => self.name_of_load(load),
            plan::Expr::Binary {
                op: plan::Op::Add,
                a,
                b,
                ..
            } => match (&**a, &**b) {
                (plan::Expr::StackPointer, plan::Expr::Int(at)) => self.name_on_stack(*at),
                (a, _) => self.name_of(a),
            },
            plan::Expr::Narrow { of, .. }
            | plan::Expr::Negate(of)
            | plan::Expr::Complement(of)
            | plan::Expr::Binary { a: of, .. }
            | plan::Expr::Choose(_, of, _) => self.name_of(of),
            plan::Expr::Elapsed => "elapsed".into(),
            plan::Expr::StackPointer => "stack".into(),
            _ => "value".into(),
        };
        match &self.element {
            Some((list, i)) if *list == name => format!("{name}_{i}"),
            _ => name,
        }
    }

    fn name_of_load(&self, load: &plan::Load) -> String {
        if load.base == plan::Expr::StackPointer {
            return self.name_on_stack(load.offset.into());
        }
        let mut name = self.name_of(&load.base);
        let path = load.object.iter().flat_map(|object| &object.path);
        for step in path {
            // The first words of text, slices and interfaces go by the name of the whole.
            if !matches!(step.field.as_str(), "data" | "tab" | "type") || step.inner.is_some() {
                name = format!("{name}_{}", step.field);
            }
        }
        name
    }

    /// What lies this far above the stack pointer.
    fn name_on_stack(&self, at: i128) -> String {
        let at = u64::try_from(at).unwrap_or_default();
        self.word_name(Slot::Stack(at))
            .unwrap_or_else(|| format!("stack_{at}"))
    }

    fn word_name(&self, slot: Slot) -> Option<String> {
        let words = if self.returning {
            &self.function.result_words
        } else {
            &self.function.argument_words
        };
        words
            .iter()
            .find(|(at, _)| *at == slot)
            .map(|(_, name)| name.clone())
    }

    /// What a value is best called.
    pub(super) fn name_of_value(&self, value: &plan::Value) -> String {
        match value {
            plan::Value::Number(n) => self.name_of(&n.expr),
            plan::Value::Text { data, .. }
            | plan::Value::Slice { data, .. }
            | plan::Value::Bytes { data, .. }
            | plan::Value::Interface { data, .. }
            | plan::Value::Code(data) => self.name_of(data),
            plan::Value::Time { wall, .. } => {
                let name = self.name_of(wall);
                name.strip_suffix("_wall").unwrap_or(&name).to_string()
            }
            plan::Value::TypeOf(of) => self.name_of_value(of),
            plan::Value::Known(plan::Known::AtEntry(value)) => {
                self.name_of(&plan::Expr::AtEntry(value.clone()))
            }
            plan::Value::Known(_) | plan::Value::Stack(_) | plan::Value::Comm => "value".into(),
        }
    }

    /// A name for a variable. What begins with `_` goes behind the name of the value that is written about.
    fn allocate(&mut self, preferred: &str) -> String {
        match preferred.strip_prefix('_') {
            Some(what) if self.subject.is_empty() => self.names.allocate(what),
            Some(_) => self.names.allocate(&format!("{}{preferred}", self.subject)),
            None => self.names.allocate(preferred),
        }
    }

    /// The case that shows nothing of an element that is not there.
    pub(super) fn not_there(&self) -> Option<(Bt, &'static str)> {
        let is_there = self.is_there.clone()?;
        Some((is_there.binary("==", Bt::Int(0)), ""))
    }

    /// A string constant by condition. Releases before 0.24 cannot load programs with some `?:` of strings.
    pub(super) fn text_if(&mut self, preferred: &str, otherwise: &str, cases: Vec<(Bt, &str)>) -> Bt {
        let constant = |text: &str| Bt::Str(text.to_string());
        let cases = cases
            .into_iter()
            .map(|(condition, text)| (condition, constant(text)))
            .collect();
        self.value_if(preferred, constant(otherwise), cases)
    }

    /// A value by condition: the first that holds. 0.23 crashes on some `?:` in one another.
    pub(super) fn value_if(&mut self, preferred: &str, otherwise: Bt, cases: Vec<(Bt, Bt)>) -> Bt {
        let variable = self.allocate(preferred);
        self.push(Stmt::Assign(variable.clone(), otherwise, String::new()));
        let mut chain = Vec::new();
        for (condition, value) in cases.into_iter().rev() {
            let set = Stmt::Assign(variable.clone(), value, String::new());
            chain = vec![Stmt::If(condition, vec![set], chain)];
        }
        self.body.extend(chain);
        Bt::Var(variable)
    }

    /// Prints a line.
    pub(super) fn print(&mut self, fragments: Vec<Fragment>) {
        for statement in fragment::print(fragments, self.decimals * decimal::PIECES) {
            self.push(statement);
        }
    }

    /// `$g`, the goroutine.
    pub(super) fn g(&mut self) -> Expr {
        self.needs.g = true;
        Expr::Var("g".into())
    }

    /// The keys of one call: process, goroutine, frame.
    pub(super) fn call_keys(&mut self) -> Vec<Expr> {
        self.needs.frame = true;
        vec![
            Expr::Builtin("pid"),
            self.g().cast("uint64"),
            Expr::Var("frame".into()),
        ]
    }

    /// `$elapsed`, nanoseconds since the call began.
    pub(super) fn elapsed(&mut self) -> Expr {
        self.needs.elapsed = true;
        Expr::Var("elapsed".into())
    }

    /// What a variable of a kept value is called.
    pub(super) fn name_of_kept(&self, id: StateId) -> String {
        let name = self.kept_name(id);
        let name = name.strip_prefix("arg_").unwrap_or(&name);
        name.strip_suffix("_data").unwrap_or(name).to_string()
    }

    /// What was kept on entry.
    pub(super) fn at_entry(&mut self, value: &AtEntry) -> Expr {
        match self.function.keeps(value) {
            Some(id) => self.kept(id),
            // A function keeps all that its returns use.
            None => Expr::Int(0),
        }
    }

    /// What was kept on entry, by where.
    pub(super) fn kept(&mut self, id: StateId) -> Expr {
        if let Some((_, variable)) = self.followed.iter().find(|(known, _)| *known == id) {
            return variable.clone();
        }
        let keys = self.call_keys();
        let read = Expr::Map(self.kept_name(id), keys);
        if !self.is_address(id) {
            return read;
        }
        let preferred = format!("{}_at", self.name_of_kept(id));
        let name = self.names.allocate(&preferred);
        let variable = Expr::Var(name.clone());
        let distance = variable.clone().cast("int64");
        let follows = Stmt::Assign(
            name.clone(),
            distance.clone().binary("+", self.stack_hi()).cast("uint64"),
            "in the stack, wherever that is now".into(),
        );
        self.top.push(Stmt::Assign(name, read, String::new()));
        self.top.push(Stmt::If(
            distance.binary("<", Expr::Int(0)),
            vec![follows],
            Vec::new(),
        ));
        self.followed.push((id, variable.clone()));
        variable
    }

    /// How something is kept that `kept` gives back: an address in the goroutine's stack by its distance from the
    /// stack's top, which is a negative number. No other address is one.
    pub(super) fn keepable(&mut self, id: StateId, value: Expr) -> Expr {
        if !self.is_address(id) {
            return value;
        }
        let address = self.once("_address", value);
        let hi = self.stack_hi();
        let lo = self
            .plan
            .runtime
            .as_ref()
            .map_or(0, |r| r.g_stack_hi.saturating_sub(8));
        let lo = self.g_field("stack_lo", lo, "unsigned long");
        let inside = address
            .clone()
            .binary(">=", lo)
            .binary("&&", address.clone().binary("<", hi.clone().cast("uint64")));
        let distance = address.clone().cast("int64").binary("-", hi).cast("uint64");
        let place = self.reserve("_kept");
        self.push(Stmt::Assign(place.clone(), address, String::new()));
        let why = "in the stack: its distance from the top stays".into();
        let keep_distance = Stmt::Assign(place.clone(), distance, why);
        self.push(Stmt::If(inside, vec![keep_distance], Vec::new()));
        Expr::Var(place)
    }

    fn is_address(&self, id: StateId) -> bool {
        self.function.addresses.contains(&id)
    }

    /// The upper end of the goroutine's stack.
    pub(super) fn stack_hi(&mut self) -> Expr {
        let offset = self.plan.runtime.as_ref().map_or(8, |r| r.g_stack_hi);
        self.g_field("stack_hi", offset, "long")
    }

    /// The map that holds it.
    pub(super) fn kept_name(&self, id: StateId) -> String {
        self.plan
            .state
            .get(id.0)
            .map(|state| state.name.clone())
            .unwrap_or_default()
    }

    /// A link-time address where the program is loaded, or what another file has in its stead.
    pub(super) fn address(&mut self, address: u64) -> Expr {
        match self.plan.bound.get(&address) {
            Some(word) => Expr::Load("uint64", Box::new(self.in_file(*word))),
            None => self.in_file(address),
        }
    }

    /// A link-time address in this very file.
    fn in_file(&mut self, address: u64) -> Expr {
        if self.plan.identity.position_independent {
            self.needs.base = true;
            Expr::Var(BASE.into()).binary("+", Expr::Hex(address))
        } else {
            Expr::Hex(address)
        }
    }

    /// An address in the running program, as the linker meant it.
    pub(super) fn link_time(&mut self, address: Expr) -> Expr {
        if self.plan.identity.position_independent {
            self.needs.base = true;
            let base = Expr::Var(BASE.into()).cast("int64");
            address.cast("int64").binary("-", base).cast("uint64")
        } else {
            address
        }
    }

    /// A field of `runtime.g`.
    pub(super) fn g_field(&mut self, field: &str, offset: u64, ctype: &str) -> Expr {
        let of = self.structs.of("runtime.g", "g", u64::MAX);
        let name = self.structs.field(of, field, offset, 8, ctype);
        Expr::Member(Box::new(self.g()), vec![name])
    }

    /// The processor's registers that have a meaning of their own.
    pub(super) fn registers(&self) -> &'static Registers {
        self.plan.identity.processor.registers()
    }

    /// The word of the thread's own at this place.
    pub(super) fn thread_local(&mut self, place: ThreadLocal) -> Expr {
        // Said to be an address of the program before anything is added: 0.23 and 0.27 warn of address spaces
        // otherwise.
        let base = Expr::Call(
            "uptr",
            vec![Expr::Raw(self.plan.identity.processor.thread_pointer().into())],
        )
        .cast("int64");
        let slot = match place {
            ThreadLocal::Offset(offset) => {
                let distance = Expr::Int(offset.unsigned_abs().into());
                base.binary(if offset < 0 { "-" } else { "+" }, distance)
            }
            ThreadLocal::Word(word) => {
                let word = self.in_file(word);
                base.binary("+", Expr::Load("int64", Box::new(word)))
            }
        };
        Expr::Load("uint64", Box::new(slot))
    }
}
