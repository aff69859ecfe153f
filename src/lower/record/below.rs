//! The goroutine below a system stack: what it went on with when it left its own stack, and its callers, as far as they
//! can be walked by hand. Since Go 1.21 the frame pointer is 0 where `mcall` and `morestack` enter a system stack, and
//! the kernel's walk ends there.

use crate::bt::{Expr as Bt, Stmt};
use crate::lower::writer::Writer;
use crate::plan::GoroutineSource;

/// So many callers are walked.
const CALLERS: usize = 8;

/// `sched` in `runtime.g` begins with the stack pointer; then comes the program counter (`gobuf` in
/// `src/runtime/runtime2.go`).
const SP: u64 = 0;
const PC: u64 = 8;

impl Writer<'_> {
    /// Where the goroutine goes on, the word that its stack pointer points at, and what its callers return to; all 0 if
    /// the goroutine's own stack is used. None if no function of the plan ever uses another.
    pub(super) fn below(&mut self) -> Option<Vec<Bt>> {
        let runtime = self.plan.runtime.clone()?;
        let (sched, frame) = runtime.g_sched?;
        if !self
            .plan
            .functions
            .iter()
            .any(|function| function.on_system_stack)
        {
            return None;
        }
        let zero = || Bt::Int(0).cast("uint64");
        let is_known = self.function.goroutine != GoroutineSource::Unknown;
        if !self.function.on_system_stack || !is_known {
            return Some(vec![zero(); CALLERS + 2]);
        }
        let user = self.user_below();
        let user = self.assign("_below", user);
        let names: Vec<String> = (0..CALLERS + 2).map(|_| self.reserve("_pc")).collect();
        for name in &names {
            self.push(Stmt::Assign(name.clone(), zero(), String::new()));
        }
        let load = |at: Bt| Bt::Load("uint64", Box::new(at));
        let base = self.reserve("_bp");
        let frame_pointer = || Bt::Var(base.clone());
        let mut values = vec![
            load(user.clone().plus(sched + PC)),
            load(load(user.clone().plus(sched + SP))),
        ];
        values.resize_with(CALLERS + 2, || load(frame_pointer().plus(8)));
        let mut inside = Vec::new();
        for (at, (name, value)) in names.iter().zip(values).enumerate() {
            match at {
                0 | 1 => {}
                2 => inside.push(Stmt::Assign(
                    base.clone(),
                    load(user.clone().plus(sched + frame)),
                    String::new(),
                )),
                _ => inside.push(Stmt::Assign(base.clone(), load(frame_pointer()), String::new())),
            }
            inside.push(Stmt::Assign(name.clone(), value, String::new()));
        }
        self.push(Stmt::If(user.binary("!=", Bt::Int(0)), inside, Vec::new()));
        Some(names.into_iter().map(Bt::Var).collect())
    }
}
