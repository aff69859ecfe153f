//! Writes the body of one probe: statements so far, variables so far, and what both may rely on.

use super::fragment::Fragment;
use super::structs::Structs;
use super::{ENTERED, fragment, fresh_names};
use crate::bt::dialect::Dialect;
use crate::bt::names::Names;
use crate::bt::{Expr, Stmt};
use crate::plan::{GoroutineSource, KeptId, Plan, Traced};

/// The body of one probe while it is made.
pub struct Writer<'a> {
    pub(super) plan: &'a Plan,
    pub(super) dialect: Dialect,
    pub(super) structs: &'a mut Structs,
    pub(super) function: &'a Traced,
    /// What the probe needs before its first own statement; known only at the end.
    needs: Needs,
    body: Vec<Stmt>,
    names: Names,
}

#[derive(Clone, Copy, Debug, Default)]
struct Needs {
    g: bool,
    frame: bool,
    elapsed: bool,
    base: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        dialect: Dialect,
        structs: &'a mut Structs,
        function: &'a Traced,
    ) -> Self {
        Writer {
            plan,
            dialect,
            structs,
            function,
            needs: Needs::default(),
            body: Vec::new(),
            names: fresh_names(),
        }
    }

    /// Adds a statement.
    pub(super) fn push(&mut self, statement: Stmt) {
        self.body.push(statement);
    }

    /// Puts `value` in a variable called something like `wish`.
    pub(super) fn assign(&mut self, wish: &str, value: Expr) -> Expr {
        let name = self.names.allocate(wish);
        self.push(Stmt::Assign(name.clone(), value, String::new()));
        Expr::Var(name)
    }

    /// `value` itself if it is cheap and short to say twice, or else a variable that holds it.
    pub(super) fn once(&mut self, wish: &str, value: Expr) -> Expr {
        match value {
            Expr::Var(_) | Expr::Int(_) | Expr::Hex(_) | Expr::Reg(_) => value,
            value => self.assign(wish, value),
        }
    }

    /// A variable whose name is taken but that is not assigned yet.
    pub(super) fn reserve(&mut self, wish: &str) -> String {
        self.names.allocate(wish)
    }

    /// Runs `f` and gives back the statements it wrote, instead of adding them here.
    pub(super) fn nested(&mut self, f: impl FnOnce(&mut Self)) -> Vec<Stmt> {
        let outer = std::mem::take(&mut self.body);
        f(self);
        std::mem::replace(&mut self.body, outer)
    }

    /// Prints a line.
    pub(super) fn print(&mut self, fragments: Vec<Fragment>) {
        for statement in fragment::print(fragments) {
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

    /// What was kept on entry.
    pub(super) fn kept(&mut self, id: KeptId) -> Expr {
        let keys = self.call_keys();
        let name = self
            .plan
            .kept
            .get(id.0)
            .map(|k| k.name.clone())
            .unwrap_or_default();
        Expr::Map(name, keys)
    }

    /// A link-time address where the program is loaded.
    pub(super) fn address(&mut self, address: u64) -> Expr {
        if self.plan.identity.position_independent {
            self.needs.base = true;
            Expr::Var("base".into()).binary("+", Expr::Hex(address))
        } else {
            Expr::Hex(address)
        }
    }

    /// A field of `runtime.g`.
    pub(super) fn g_field(&mut self, field: &str, offset: u64, ctype: &str) -> Expr {
        let of = self.structs.of("runtime.g", "g", u64::MAX);
        let name = self.structs.field(of, field, offset, 8, ctype);
        Expr::Member(Box::new(self.g()), vec![name])
    }

    /// The whole body of an entry probe.
    pub(super) fn finish_entry(mut self, site: u64) -> Vec<Stmt> {
        let mut out = self.preamble(site);
        out.append(&mut self.body);
        out
    }

    /// The whole body of a return probe: what was written is done only for calls whose entry was seen, and then the
    /// call is forgotten.
    pub(super) fn finish_return(mut self, site: u64) -> Vec<Stmt> {
        if !self.function.paired {
            return self.finish_entry(site);
        }
        let keys = self.call_keys();
        let mut inside = Vec::new();
        if self.needs.elapsed {
            // Signed, because subtraction is (0.26), and unsigned again, because division should be.
            let difference = Expr::Builtin("nsecs")
                .cast("int64")
                .binary("-", Expr::Var("entered".into()).cast("int64"));
            inside.push(Stmt::Assign(
                "elapsed".into(),
                difference.cast("uint64"),
                String::new(),
            ));
        }
        inside.append(&mut self.body);
        inside.push(Stmt::Delete(ENTERED.into(), keys.clone()));
        for kept in self.function.kept() {
            if let Some(k) = self.plan.kept.get(kept.0) {
                inside.push(Stmt::Delete(k.name.clone(), keys.clone()));
            }
        }
        let mut out = self.preamble(site);
        out.push(Stmt::Assign(
            "entered".into(),
            Expr::Map(ENTERED.into(), keys),
            String::new(),
        ));
        out.push(Stmt::If(
            Expr::Var("entered".into()).binary("!=", Expr::Int(0)),
            inside,
            Vec::new(),
        ));
        out
    }

    /// `$g`, `$frame`, `$base`, as far as they are needed.
    fn preamble(&mut self, site: u64) -> Vec<Stmt> {
        let mut out = Vec::new();
        let needs = self.needs;
        if needs.g {
            let pointer = match self.function.goroutine {
                GoroutineSource::Register => Expr::Reg("r14"),
                GoroutineSource::ThreadLocal(offset) => {
                    let base = Expr::Raw("(uint64)curtask->thread.fsbase".into());
                    let slot = if offset < 0 {
                        Expr::Raw(format!(
                            "(uint64)((int64)curtask->thread.fsbase - {})",
                            offset.unsigned_abs()
                        ))
                    } else {
                        base.plus(offset.unsigned_abs())
                    };
                    Expr::Load("uint64", Box::new(Expr::Call("uptr", vec![slot])))
                }
            };
            self.structs.of("runtime.g", "g", u64::MAX);
            out.push(Stmt::Assign(
                "g".into(),
                pointer.cast("struct g *"),
                String::new(),
            ));
        }
        if needs.frame {
            let hi = self.plan.runtime.as_ref().map_or(8, |r| r.g_stack_hi);
            let hi = self.g_field("stack_hi", hi, "long");
            let frame = hi.binary("-", Expr::Reg("sp").cast("int64"));
            out.push(Stmt::Assign(
                "frame".into(),
                frame,
                "survives moves of the stack".into(),
            ));
        }
        if needs.base {
            let base = Expr::Reg("ip")
                .cast("int64")
                .binary("-", Expr::Hex(site))
                .cast("uint64");
            out.push(Stmt::Assign(
                "base".into(),
                base,
                "where the program is loaded".into(),
            ));
        }
        out
    }
}
