//! Calls of trees: whether the goroutine is under a root is known from maps, by process and goroutine.

use super::run_time::Word;
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::tree::{AFTER_ONE_THAT_WAS_LEFT, FRAME_SHIFT, TIME_SHIFT, Tree, TreeMaps};
use crate::plan::{CALLS_NOT_TIMED, Happens, Told, Value};

/// The variables of a call.
pub(super) struct Call {
    /// Process and goroutine.
    pub(super) keys: Vec<Bt>,
    /// Its frame, without a sign.
    pub(super) frame: Bt,
    /// The variable with the number of the root that it is under; 0 if none.
    pub(super) root: String,
}

impl Call {
    pub(super) fn root(&self) -> Bt {
        Bt::Var(self.root.clone())
    }

    /// The call is that of the root.
    pub(super) fn is_root(&self) -> Bt {
        self.frame_of_root().binary("==", self.frame.clone())
    }

    pub(super) fn frame_of_root(&self) -> Bt {
        self.root().binary(">>", Bt::Int(FRAME_SHIFT.into()))
    }

    /// What a map has for the goroutine.
    pub(super) fn map(&self, name: &str) -> Bt {
        Bt::Map(name.to_owned(), self.keys.clone())
    }

    pub(super) fn store(&self, name: &str, value: Bt) -> Stmt {
        Stmt::Store(name.to_owned(), self.keys.clone(), value)
    }

    fn set_root(&self, value: Bt) -> Stmt {
        Stmt::Assign(self.root.clone(), value, String::new())
    }

    fn no_root(&self, why: &str) -> Vec<Stmt> {
        let none = Bt::Int(0).cast("uint64");
        vec![Stmt::Assign(self.root.clone(), none, why.to_owned())]
    }

    /// Where the root returns to is not there any more, or its frame is not outside: it was left. `hi` is the end of
    /// the goroutine's stack.
    pub(super) fn without_left_root(&self, maps: &TreeMaps, is_outside: Bt, hi: Bt) -> Stmt {
        let place = hi.binary("-", self.frame_of_root().cast("int64")).cast("uint64");
        let word = Bt::Load("uint64", Box::new(place));
        let is_gone = word.binary("!=", self.map(&maps.returns_to));
        let is_gone = vec![Stmt::If(
            is_gone,
            self.no_root("it was left: its place was written over"),
            Vec::new(),
        )];
        let look = vec![Stmt::If(
            is_outside,
            is_gone,
            self.no_root("it was left: it is not outside"),
        )];
        Stmt::If(self.has_root(), look, Vec::new())
    }

    pub(super) fn has_root(&self) -> Bt {
        self.root().binary("!=", Bt::Int(0))
    }

    /// The goroutine is under no root any more.
    pub(super) fn forget(&self, maps: &[&String]) -> Vec<Stmt> {
        let delete = |map: &&String| Stmt::Delete((*map).clone(), self.keys.clone());
        maps.iter().map(delete).collect()
    }
}

impl Writer<'_> {
    /// Tells of a call that begins or returns, if the goroutine is under a root.
    pub(super) fn tell(&mut self, told: &Told) {
        let plan = self.plan;
        let Some(tree) = plan.trees.get(told.tree) else {
            return;
        };
        if told.what == Happens::Start {
            self.tell_start(tree, told);
            return;
        }
        let call = self.call_of_tree(tree, told);
        let body = self.nested(|w| {
            if w.records.is_some() {
                w.record_told(tree, told, &call);
            } else {
                w.line_told(tree, told, &call);
            }
        });
        self.push(Stmt::If(call.has_root(), body, Vec::new()));
    }

    /// The map that counts what was told of a root.
    pub(super) fn counted_in<'m>(&self, maps: &'m TreeMaps) -> &'m String {
        if self.records.is_some() {
            &maps.told
        } else {
            &maps.open
        }
    }

    /// Finds the root that the goroutine is under. A root that was left by a panic is not in the stack any more: its
    /// frame is not outside of this call's, or where it returns to has been written over.
    fn call_of_tree(&mut self, tree: &Tree, told: &Told) -> Call {
        let maps = &tree.maps;
        let goid = self.plan.runtime.as_ref().map_or(0, |runtime| runtime.g_goid);
        let own = self.g_field("goid", goid, Word::Unsigned);
        let own = if self.dialect.finds_types_later() {
            own
        } else {
            own.cast("uint64")
        };
        let goroutine = self.assign("goroutine", own);
        self.needs.frame = true;
        let frame = self.assign("frame_size", Bt::Var("frame".into()).cast("uint64"));
        let call = Call {
            keys: vec![Bt::Builtin("pid"), goroutine],
            frame,
            root: self.reserve("root"),
        };
        let counted = self.counted_in(maps);
        let all = [&maps.root, &maps.returns_to, counted].map(String::as_str);
        for statement in self.told_types(&all, &call.keys, &call.root) {
            self.push(statement);
        }
        let why = "the root that the goroutine is under".to_owned();
        self.push(Stmt::Assign(call.root.clone(), call.map(&maps.root), why));
        let is_outside = match told.what {
            // Another call in the frame of a root is a root of its own.
            Happens::Root(_) => "<",
            Happens::Call | Happens::Inlined(_) | Happens::Return(_) => "<=",
            Happens::End | Happens::Start => return call,
        };
        let mut is_outside = call.frame_of_root().binary(is_outside, call.frame.clone());
        if let (Some(below), Happens::Root(_)) = (tree.follows_go, &told.what) {
            // The first function of a goroutine is in the frame of no other one.
            let returns_to = self.return_address();
            let is_first = self.link_time(returns_to).binary("==", Bt::Hex(below));
            is_outside = is_outside.binary("||", is_first);
        }
        let hi = self.stack_hi();
        self.push(call.without_left_root(maps, is_outside, hi));
        if let Happens::Root(condition) = &told.what {
            self.begin_root(maps, &call, condition.as_ref());
        }
        call
    }

    /// Makes a root of the call if the goroutine is under none, and the recipe wants it.
    fn begin_root(&mut self, maps: &TreeMaps, call: &Call, condition: Option<&Value>) {
        let begin = self.nested(|w| {
            let number = number_of_root(call.frame.clone());
            let counted = w.counted_in(maps);
            let nothing = Bt::Int(0).cast("uint64");
            let told = if w.records.is_some() {
                let is_left = call.map(&maps.root).binary("!=", Bt::Int(0));
                let after = Bt::Hex(AFTER_ONE_THAT_WAS_LEFT).cast("uint64");
                is_left.choose(after, nothing)
            } else {
                Bt::Int(0).cast("int64")
            };
            w.push(call.store(counted, told));
            w.push(call.store(&maps.root, number));
            let address = w.return_address();
            w.push(call.store(&maps.returns_to, address));
            // A full map takes nothing new.
            w.push(call.set_root(call.map(&maps.root)));
            let is_missed = call.root().binary("==", Bt::Int(0));
            let missed = missed("no room for the root of a call tree");
            w.push(Stmt::If(is_missed, vec![missed], Vec::new()));
        });
        let wanted = self.nested(|w| match condition {
            Some(Value::Number(n)) => {
                let condition = w.truth(n);
                w.push(Stmt::If(condition, begin, Vec::new()));
            }
            _ => begin.into_iter().for_each(|statement| w.push(statement)),
        });
        // Goroutine 0 of each thread is the scheduler's.
        let is_free = call.root().binary("==", Bt::Int(0));
        let goroutine = call.keys.last().cloned().unwrap_or(Bt::Int(0));
        let is_user = goroutine.binary("!=", Bt::Int(0));
        self.push(Stmt::If(is_free.binary("&&", is_user), wanted, Vec::new()));
    }
}

/// The number of a root that begins now in this frame.
pub(super) fn number_of_root(frame: Bt) -> Bt {
    let since = Bt::Builtin("nsecs")
        .binary(">>", Bt::Int(TIME_SHIFT.into()))
        .binary("&", Bt::Hex((1 << FRAME_SHIFT) - 1));
    let above = frame.binary("<<", Bt::Int(FRAME_SHIFT.into()));
    above.binary("|", since)
}

/// Counts what there is no room for.
pub(super) fn missed(why: &str) -> Stmt {
    let why = vec![Bt::Str(why.to_owned())];
    Stmt::Store(CALLS_NOT_TIMED.into(), why, Bt::Call("count", Vec::new()))
}
