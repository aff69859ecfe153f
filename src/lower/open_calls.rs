//! Open calls: the map of their start times, and the report if there are more than it can hold.

use super::used;
use super::writer::Writer;
use crate::bt::dialect::Dialect;
use crate::bt::{Expr as Bt, Item, Stmt};
use crate::plan::state::{Bound, ENTERED, Holds, Key, Losses, Lost};
use crate::plan::{Plan, State, Step};

/// More reasons why calls are not timed than there are.
const MOST_REASONS: usize = 64;

/// Declarations of the maps of open calls, for releases that have them: maps that drop their oldest entries, since
/// calls that were unwound leave theirs behind.
pub(super) fn declarations(plan: &Plan, dialect: Dialect) -> Vec<(String, String)> {
    if lost(plan, dialect) != Some(Lost::Oldest) {
        return Vec::new();
    }
    let of_calls = plan.state.iter().filter(|state| state.keyed_by == Key::Call);
    let mut of_calls: Vec<&State> = of_calls.collect();
    of_calls.sort_by_key(|state| state.holds.is_value());
    let map = |state: &State| Some((state.name.clone(), format!("lruhash({})", state.bound.entries()?)));
    of_calls.into_iter().filter_map(map).collect()
}

/// The declaration of the map that counts calls which are not timed, by the reason. There are few, and by itself it
/// gets as much room for each processor as results do.
pub(super) fn declaration_of_losses(
    plan: &Plan,
    dialect: Dialect,
    items: &[Item],
) -> Option<(String, String)> {
    let (_, losses) = counted(plan)?;
    let is_declared = dialect.declares_maps() && used::stores_in(items, &losses.result);
    is_declared.then(|| (losses.result.clone(), format!("percpuhash({MOST_REASONS})")))
}

/// How many calls may be open, and where it is counted that there were more.
fn counted(plan: &Plan) -> Option<(u64, &Losses)> {
    plan.state.iter().find_map(|state| match &state.bound {
        Bound::Counted(most, losses) if state.holds == Holds::Beginning => Some((*most, losses)),
        _ => None,
    })
}

/// What is lost when there are more; a map that is not declared keeps what is in it.
fn lost(plan: &Plan, dialect: Dialect) -> Option<Lost> {
    let (_, losses) = counted(plan)?;
    Some(if dialect.declares_maps() {
        losses.lost
    } else {
        Lost::Newest
    })
}

impl Writer<'_> {
    /// A call begins: its time, and what else is kept of it.
    pub(super) fn enter(&mut self, keeps: &[Step]) {
        let keys = self.call_keys();
        self.push(Stmt::Store(ENTERED.into(), keys.clone(), Bt::Builtin("nsecs")));
        let missed = self.count_lost(Lost::Newest);
        if missed.is_empty() {
            self.steps(keeps);
            return;
        }
        // A full map takes nothing new; what goes with the time is then of no use, and would stay for ever.
        let time = Bt::Map(ENTERED.into(), keys);
        let kept = self.nested(|w| w.steps(keeps));
        self.push(if kept.is_empty() {
            Stmt::If(time.binary("==", Bt::Int(0)), missed, Vec::new())
        } else {
            Stmt::If(time.binary("!=", Bt::Int(0)), kept, missed)
        });
    }

    /// Takes what was kept of this call, besides its time, out of its maps.
    pub(super) fn forget_kept(&mut self) -> Vec<Stmt> {
        let keys = self.call_keys();
        let plan = self.plan;
        let kept = self.function.kept_in().into_iter();
        let mut out: Vec<Stmt> = kept
            .filter_map(|id| plan.state.get(id.0))
            .map(|kept| Stmt::Delete(kept.name.clone(), keys.clone()))
            .collect();
        if self.records.is_some() {
            for id in self.function.kept_in() {
                out.extend(self.forget_text(id));
            }
        }
        out
    }

    /// What is done for a return whose call was not seen to begin, or forgotten.
    pub(super) fn without_entry(&mut self) -> Vec<Stmt> {
        let counted = self.count_lost(Lost::Oldest);
        if counted.is_empty() {
            return counted;
        }
        let mut steps = self.forget_kept();
        steps.extend(counted);
        steps
    }

    /// Counts a call that is lost, if it is these that are.
    fn count_lost(&self, these: Lost) -> Vec<Stmt> {
        let Some((most, losses)) = counted(self.plan) else {
            return Vec::new();
        };
        if lost(self.plan, self.dialect) != Some(these) {
            return Vec::new();
        }
        let why = vec![Bt::Str(these.why(most))];
        let count = Bt::Call("count", Vec::new());
        vec![Stmt::Store(losses.result.clone(), why, count)]
    }
}
