//! Records of calls of trees.

use super::{Record, number};
use crate::bt::{Expr as Bt, Stmt};
use crate::lower::tree::Call;
use crate::lower::tree_go::Started;
use crate::lower::writer::Writer;
use crate::plan::record::{Layout, Tells, TellsOf};
use crate::plan::tree::{Tree, TreeMaps};
use crate::plan::{Happens, Told, Value};

impl Writer<'_> {
    /// Writes a record of a call that is under a root.
    pub(in crate::lower) fn record_told(&mut self, tree: &Tree, told: &Told, call: &Call) {
        let maps = &tree.maps;
        let count = self.assign("told", call.map(&maps.told).binary("+", Bt::Int(1)));
        self.push(call.store(&maps.told, count.clone()));
        let last = match &told.what {
            Happens::Return(condition) => self.wanted(call, condition.as_ref()),
            Happens::Root(_) | Happens::Call => {
                let address = self.return_address();
                self.link_time(address)
            }
            Happens::Inlined(behind) => Bt::Hex(*behind).cast("uint64"),
            Happens::End | Happens::Start => Bt::Int(1).cast("uint64"),
        };
        self.record_call(told, call, count, vec![call.frame.clone(), last]);
        let gone = call.forget(&[&maps.root, &maps.returns_to, &maps.told]);
        match told.what {
            Happens::Return(_) => self.push(Stmt::If(call.is_root(), gone, Vec::new())),
            Happens::End => gone.into_iter().for_each(|statement| self.push(statement)),
            Happens::Root(_) | Happens::Call | Happens::Inlined(_) | Happens::Start => {}
        }
    }

    /// 1 if the root that returns is wanted, and for all other returns.
    fn wanted(&mut self, call: &Call, condition: Option<&Value>) -> Bt {
        let Some(Value::Number(n)) = condition else {
            return Bt::Int(1).cast("uint64");
        };
        let wanted = self.reserve("wanted");
        let set = |to: i128| Stmt::Assign(wanted.clone(), Bt::Int(to).cast("uint64"), String::new());
        self.push(set(1));
        let look = self.nested(|w| {
            let condition = w.truth(n);
            w.push(Stmt::If(condition, Vec::new(), vec![set(0)]));
        });
        self.push(Stmt::If(call.is_root(), look, Vec::new()));
        Bt::Var(wanted)
    }

    /// Writes a record of a goroutine that was made under a root.
    pub(in crate::lower) fn record_start(
        &mut self,
        maps: &TreeMaps,
        told: &Told,
        maker: &Call,
        started: &Started,
    ) {
        let count = self.assign("told", maker.map(&maps.told).binary("+", Bt::Int(1)));
        self.push(maker.store(&maps.told, count.clone()));
        let [function, site] = [&started.function, &started.site].map(|at| self.link_time(at.clone()));
        let goroutine = started.call.keys.last().cloned().unwrap_or(Bt::Int(0));
        let last = vec![
            maker.frame.clone(),
            site,
            started.call.root(),
            goroutine,
            function,
        ];
        self.record_call(told, maker, count, last);
    }

    fn record_call(&mut self, told: &Told, call: &Call, count: Bt, last: Vec<Bt>) {
        let mut record = Record::default();
        let pieces = self.pieces(&told.line.parts, &mut record);
        let columns = told.line.columns.iter().cloned();
        let layout = Layout {
            number: self.next_layout(),
            fields: record.kinds(),
            pieces,
            columns: columns.zip(told.line.places.iter().cloned()).collect(),
            tells: Some(Tells {
                tree: told.tree,
                what: match told.what {
                    Happens::Root(_) | Happens::Call => TellsOf::Begin,
                    Happens::Return(_) => TellsOf::Return,
                    Happens::End => TellsOf::End,
                    Happens::Start => TellsOf::Start,
                    Happens::Inlined(_) => TellsOf::Inlined,
                },
            }),
            ..Layout::default()
        };
        let goroutine = call.keys.last().cloned().unwrap_or(Bt::Int(0));
        let pid = Bt::Builtin("pid");
        let own = [Bt::Builtin("nsecs"), pid, goroutine, call.root(), count];
        let first = format!("G\t%llx\t{}", layout.number);
        self.emit(&first, own.into_iter().chain(last).map(number).collect(), record);
        self.add_layout(layout);
    }
}
