//! Goroutines that are started under a root of a tree: each is under the root that its maker is under, from its
//! beginning on. In the maps it has a number of its own, like a root.

use super::run_time::Word;
use super::tree::{Call, missed, number_of_root};
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::gotype::abi::Abi;
use crate::plan::Told;
use crate::plan::tree::{Tree, TreeMaps};
use crate::target::Runtime;

/// A goroutine that was made and has not run yet.
pub(super) struct Started {
    /// Its own number, and the frame of its first function.
    pub(super) call: Call,
    /// Where its first function is, in the running program.
    pub(super) function: Bt,
    /// Where the `go` statement goes on, in the running program.
    pub(super) site: Bt,
    /// The word to which the first function returns.
    returns_to: Bt,
}

/// The fields of `runtime.g` that tell of a goroutine which does not run.
struct Stopped<'r> {
    runtime: &'r Runtime,
    pointer: Bt,
}

impl Stopped<'_> {
    fn field(&self, w: &mut Writer<'_>, name: &str, offset: u64, word: Word) -> Bt {
        w.word_of(self.pointer.clone(), "runtime.g", "g", name, offset, word)
    }

    fn keys(&self, w: &mut Writer<'_>) -> Vec<Bt> {
        let goroutine = self.field(w, "goid", self.runtime.g_goid, Word::Unsigned);
        let goroutine = if w.dialect.finds_types_later() {
            goroutine
        } else {
            goroutine.cast("uint64")
        };
        vec![Bt::Builtin("pid"), w.assign("goroutine", goroutine)]
    }

    fn stack_hi(&self, w: &mut Writer<'_>) -> Bt {
        self.field(w, "stack_hi", self.runtime.g_stack_hi, Word::Signed)
    }

    /// Where its stack pointer will be when it runs.
    fn stack_pointer(&self, w: &mut Writer<'_>, sched: u64) -> Bt {
        self.field(w, "sched_sp", sched, Word::Signed)
    }

    /// How far that is below the end of the stack.
    fn frame(&self, w: &mut Writer<'_>, sched: u64) -> Bt {
        let hi = self.stack_hi(w);
        let frame = hi.binary("-", self.stack_pointer(w, sched));
        w.assign("frame_size", frame.cast("uint64"))
    }
}

impl Writer<'_> {
    /// The return of `runtime.newproc1`, which runs on the system stack.
    pub(super) fn tell_start(&mut self, tree: &Tree, told: &Told) {
        let Some(runtime) = self.plan.runtime.clone() else {
            return;
        };
        let result = self.plan.identity.processor.convention(Abi::Internal);
        let (Some((sched, _)), Some(site), Some(result)) =
            (runtime.g_sched, runtime.g_gopc, result.integers.first())
        else {
            return;
        };
        let maker = self.curg(&runtime);
        let maker = Stopped {
            runtime: &runtime,
            pointer: self.assign("maker", maker),
        };
        let of_maker = Call {
            keys: maker.keys(self),
            frame: maker.frame(self, sched),
            root: self.reserve("root"),
        };
        let maps = &tree.maps;
        self.root_of_maker(maps, &of_maker, &maker);
        let body = self.nested(|w| {
            let pointer = w.pointer_to("runtime.g", "g", Bt::Reg(result.name()));
            let made = Stopped {
                runtime: &runtime,
                pointer: w.assign("made", pointer),
            };
            let place = made.stack_pointer(w, sched).cast("uint64");
            let started = Started {
                call: Call {
                    keys: made.keys(w),
                    frame: made.frame(w, sched),
                    root: w.reserve("number"),
                },
                function: made.field(w, "sched_pc", sched + 8, Word::Unsigned),
                site: made.field(w, "gopc", site, Word::Unsigned),
                returns_to: Bt::Load("uint64", Box::new(place)),
            };
            w.begin_goroutine(maps, &started);
            let told = w.nested(|w| {
                if w.records.is_some() {
                    w.record_start(maps, told, &of_maker, &started);
                } else {
                    w.line_of_start(tree, &of_maker, &started);
                }
            });
            let missed = missed("no room for a goroutine of a call tree");
            w.push(Stmt::If(started.call.has_root(), told, vec![missed]));
        });
        self.push(Stmt::If(of_maker.has_root(), body, Vec::new()));
    }

    fn root_of_maker(&mut self, maps: &TreeMaps, call: &Call, maker: &Stopped<'_>) {
        let all = [&maps.root, &maps.returns_to, self.counted_in(maps)].map(String::as_str);
        for statement in self.told_types(&all, &call.keys, &call.root) {
            self.push(statement);
        }
        let why = "the root that the goroutine is under".to_owned();
        self.push(Stmt::Assign(call.root.clone(), call.map(&maps.root), why));
        let is_outside = call.frame_of_root().binary("<", call.frame.clone());
        let hi = maker.stack_hi(self);
        self.push(call.without_left_root(maps, is_outside, hi));
    }

    /// Puts the goroutine under the root. A full map takes nothing new.
    fn begin_goroutine(&mut self, maps: &TreeMaps, started: &Started) {
        let call = &started.call;
        self.push(call.store(&maps.returns_to, started.returns_to.clone()));
        if self.records.is_some() {
            self.push(call.store(&maps.told, Bt::Int(1).cast("uint64")));
        } else {
            self.begin_lines(maps, call);
        }
        self.push(call.store(&maps.root, number_of_root(call.frame.clone())));
        self.push(Stmt::Assign(
            call.root.clone(),
            call.map(&maps.root),
            String::new(),
        ));
    }
}
