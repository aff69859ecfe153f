//! Writes the body of one probe: statements so far, variables so far, and what both may rely on.

use super::decimal::{self, Floats};
use super::demand::Style;
use super::fragment::{self, Fragment};
use super::line::Line;
use super::memo::Memo;
use super::record::Records;
use super::structs::Structs;
use super::variable_names::fresh_names;
use super::whole::Texts;
use crate::bt::dialect::Dialect;
use crate::bt::names::Names;
use crate::bt::{Expr, Expr as Bt, Stmt};
use crate::plan::{Function, Plan, Step};
use std::collections::BTreeMap;

/// The body of one probe while it is made.
pub(super) struct Writer<'a> {
    pub(super) plan: &'a Plan,
    pub(super) dialect: Dialect,
    pub(super) structs: &'a mut Structs,
    pub(super) function: &'a Function,
    /// It is a return probe.
    pub(super) returning: bool,
    /// What holds for all of its lines.
    pub(super) style: Style,
    /// What the probe needs before its first own statement; known only at the end.
    pub(super) needs: Needs,
    /// Variables that only registers and kept values go into: they stand before everything else.
    pub(super) top: Vec<Stmt>,
    pub(super) body: Vec<Stmt>,
    pub(super) names: Names,
    /// The variables that are needed on the way to a result, by what they are called where they are written down.
    shared: BTreeMap<String, String>,
    /// What was computed already.
    pub(super) memo: Memo,
    /// Texts that were looked at.
    pub(super) texts: Texts,
    /// Floats that are shown as decimal numbers.
    pub(super) floats: Floats,
    /// How many different errors the probe has looked into.
    pub(super) errors_read: usize,
    /// The line that is being written.
    pub(super) line: Line,
    /// The value that is written about.
    pub(super) about: About,
    /// How many blocks the writing is in.
    pub(super) depth: usize,
    /// The variables with the addresses of the elements that are looked at, the outermost list first.
    pub(super) elements: Vec<String>,
    /// What records hold, if the probe writes records instead of lines.
    pub(super) records: Option<Records>,
    /// The function's name is looked up by the site.
    pub(super) names_by_site: bool,
}

/// The value that is written about.
#[derive(Debug, Default)]
pub(super) struct About {
    /// What it is called.
    pub(super) name: String,
    /// The list and the number of the element that it is of.
    pub(super) element: Option<(String, usize)>,
    /// 1 if that element is there, else 0.
    pub(super) is_there: Option<Bt>,
}

/// What a probe needs before its first own statement.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Needs {
    pub(super) g: bool,
    pub(super) frame: bool,
    pub(super) elapsed: bool,
    pub(super) base: bool,
    pub(super) holes: bool,
}

impl<'a> Writer<'a> {
    /// Begins the body of a probe that does `steps`.
    pub(super) fn new(
        plan: &'a Plan,
        dialect: Dialect,
        structs: &'a mut Structs,
        function: &'a Function,
        returning: bool,
        steps: &[Step],
    ) -> Self {
        Writer {
            plan,
            dialect,
            structs,
            function,
            returning,
            style: Style::of(steps),
            needs: Needs::default(),
            top: Vec::new(),
            body: Vec::new(),
            names: fresh_names(),
            shared: BTreeMap::new(),
            memo: Memo::default(),
            texts: Texts::default(),
            floats: Floats::default(),
            errors_read: 0,
            line: Line::default(),
            about: About::default(),
            depth: 1,
            elements: Vec::new(),
            records: None,
            names_by_site: false,
        }
    }

    /// Adds a statement.
    pub(super) fn push(&mut self, statement: Stmt) {
        self.body.push(statement);
    }

    /// Puts `value` in a variable called something like `preferred`.
    pub(super) fn assign(&mut self, preferred: &str, value: Expr) -> Expr {
        let name = self.reserve(preferred);
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
        if !self.line.gathers {
            return values;
        }
        self.line.groups += 1;
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

    /// The variable of this name that several computations use one after the other.
    pub(super) fn shared(&mut self, name: &str) -> String {
        let names = &mut self.names;
        let shared = self.shared.entry(name.to_string());
        shared.or_insert_with(|| names.allocate(name)).clone()
    }

    /// True if there is a variable of this name that several computations use.
    pub(super) fn is_shared(&self, name: &str) -> bool {
        self.shared.contains_key(name)
    }

    /// Runs `f` and gives back the statements it wrote, instead of adding them here. Its variables are its own.
    pub(super) fn nested(&mut self, f: impl FnOnce(&mut Self)) -> Vec<Stmt> {
        let outer = std::mem::take(&mut self.body);
        self.depth += 1;
        f(self);
        self.depth -= 1;
        self.memo.leave(self.depth);
        self.texts.leave(self.depth);
        self.floats.characters.leave(self.depth);
        std::mem::replace(&mut self.body, outer)
    }

    /// The case that shows nothing of an element that is not there.
    pub(super) fn not_there(&self) -> Option<(Bt, &'static str)> {
        let is_there = self.about.is_there.clone()?;
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
        let variable = self.reserve(preferred);
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
        for statement in fragment::print(fragments, self.floats.shown * decimal::PIECES) {
            self.push(statement);
        }
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
}
