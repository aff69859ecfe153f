//! Lines of calls of trees, for people: each is indented by how many calls of its root are open.

use super::Fragment;
use super::tree::Call;
use super::tree_go::Started;
use super::values::{arg, text};
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::tree::{Tree, TreeMaps};
use crate::plan::{Happens, Part, Told};

/// The table with spaces, by how many calls a line lies in.
pub(super) const INDENTS: &str = "indents";
/// Calls that lie in more others are not indented further.
const DEEPEST: i128 = 24;
/// Calls that are left by one panic: those of more are told too deep, until a call outside of them returns.
const MOST_LEFT: u64 = 8;
/// The columns of a time, which are empty where a call begins.
const NO_TIME: &str = "                ";

/// The entries of the table.
pub(super) fn indents() -> Vec<(Bt, String)> {
    let entry = |depth: i128| {
        let spaces = "  ".repeat(usize::try_from(depth).unwrap_or(0));
        (Bt::Int(depth), spaces)
    };
    (1..=DEEPEST).map(entry).collect()
}

impl Writer<'_> {
    /// Writes a line of a call that is under a root.
    pub(super) fn line_told(&mut self, tree: &Tree, told: &Told, call: &Call) {
        match told.what {
            Happens::Root(_) | Happens::Call => self.line_of_entry(tree, told, call),
            Happens::Return(_) => {
                self.line_of_return(tree, told, call);
                let gone = self.nested(|w| w.leave_root(tree, call));
                self.push(Stmt::If(call.is_root(), gone, Vec::new()));
            }
            Happens::End => {
                let end = |w: &mut Self, why: &str| {
                    let mut line = w.head(call);
                    line.push(text(format!("{NO_TIME}  {why}")));
                    w.print(line);
                };
                let left = self.nested(|w| end(w, "the goroutine ended: no call returned"));
                if tree.follows_go.is_some() {
                    let ended = self.nested(|w| end(w, "the goroutine ended"));
                    self.push(Stmt::If(call.is_root(), ended, left));
                } else {
                    left.into_iter().for_each(|statement| self.push(statement));
                }
                self.leave_root(tree, call);
            }
            Happens::Inlined(_) => self.line_of_inlined(tree, call),
            Happens::Start => {}
        }
    }

    fn leave_root(&mut self, tree: &Tree, call: &Call) {
        let maps = &tree.maps;
        let mut gone = call.forget(&[&maps.root, &maps.returns_to, &maps.open]);
        if tree.follows_go.is_some() {
            let first = [&maps.frames, &maps.begun].map(|map| Stmt::Delete(map.clone(), first_of(call)));
            let is_there = Bt::Map(maps.frames.clone(), first_of(call)).binary("!=", Bt::Int(0));
            gone.push(Stmt::If(is_there, first.to_vec(), Vec::new()));
        }
        gone.into_iter().for_each(|statement| self.push(statement));
    }

    /// The first call of a goroutine that was started under a root is the goroutine itself.
    pub(super) fn begin_lines(&mut self, maps: &TreeMaps, call: &Call) {
        self.push(Stmt::Store(
            maps.frames.clone(),
            first_of(call),
            call.frame.clone(),
        ));
        self.push(Stmt::Store(
            maps.begun.clone(),
            first_of(call),
            Bt::Builtin("nsecs"),
        ));
        self.push(call.store(&maps.open, Bt::Int(1).cast("int64")));
    }

    /// Writes a line of a goroutine that is started under a root.
    pub(super) fn line_of_start(&mut self, tree: &Tree, maker: &Call, started: &Started) {
        let open = self.next_inner(&tree.maps, maker, ">=");
        let goroutine = started.call.keys.last().cloned().unwrap_or(Bt::Int(0));
        let function = Bt::Call("usym", vec![started.function.clone()]);
        self.line_inside(tree, maker, &open, |_| {
            vec![
                text("go "),
                arg("%s", function),
                text(" as goroutine "),
                arg("%llu", goroutine),
            ]
        });
    }

    /// Sets the variable of the next call within the innermost one that is open and not inside of this frame.
    fn next_inner(&mut self, maps: &TreeMaps, call: &Call, is_inside: &'static str) -> String {
        let open = self.innermost(maps, call, is_inside);
        let more = Bt::Var(open.clone()).binary("+", Bt::Int(1));
        self.push(Stmt::Assign(open.clone(), more, String::new()));
        open
    }

    /// Writes a line without a time, indented by the calls that are open, if that is not deeper than is wanted.
    fn line_inside(
        &mut self,
        tree: &Tree,
        call: &Call,
        open: &str,
        what: impl FnOnce(&mut Self) -> Vec<Fragment>,
    ) {
        let lines = self.nested(|w| {
            let mut line = w.head_of_call(call, open);
            line.push(text(format!("{NO_TIME}  ")));
            line.push(indent(open));
            line.extend(what(w));
            w.print(line);
        });
        self.within(tree, open, lines);
    }

    /// Sets the variable of the innermost call that is open and not inside of this frame.
    fn innermost(&mut self, maps: &TreeMaps, call: &Call, is_inside: &'static str) -> String {
        let open = self.reserve("open");
        let keys = keys_of(call, Bt::Var(open.clone()));
        let types = self.told_types(&[&maps.frames, &maps.begun], &keys, &open);
        types.into_iter().for_each(|statement| self.push(statement));
        self.push(Stmt::Assign(open.clone(), call.map(&maps.open), String::new()));
        let frame = Bt::Map(maps.frames.clone(), keys);
        let is_inside = frame.binary(is_inside, call.frame.clone());
        let fewer = Stmt::Assign(
            open.clone(),
            Bt::Var(open.clone()).binary("-", Bt::Int(1)),
            String::new(),
        );
        // The root itself is not left.
        let is_inner = Bt::Var(open.clone()).binary(">", Bt::Int(1));
        let step = Stmt::If(is_inner.binary("&&", is_inside.clone()), vec![fewer], Vec::new());
        let left = vec![
            Stmt::Comment("calls that were left by a panic".to_owned()),
            Stmt::Unroll(MOST_LEFT, vec![step]),
        ];
        self.push(Stmt::If(is_inside, left, Vec::new()));
        open
    }

    fn line_of_entry(&mut self, tree: &Tree, told: &Told, call: &Call) {
        let maps = &tree.maps;
        let open = self.next_inner(maps, call, ">=");
        let keys = || keys_of(call, Bt::Var(open.clone()));
        self.push(call.store(&maps.open, Bt::Var(open.clone())));
        self.push(Stmt::Store(maps.frames.clone(), keys(), call.frame.clone()));
        self.push(Stmt::Store(maps.begun.clone(), keys(), Bt::Builtin("nsecs")));
        let name = self.function.name.clone();
        self.line_inside(tree, call, &open, |w| {
            let mut line = vec![text(name), text("(")];
            line.extend(w.parts(without_space(&told.line.parts)));
            line.push(text(") {"));
            line
        });
    }

    /// Such a call lies in the one that holds its code.
    fn line_of_inlined(&mut self, tree: &Tree, call: &Call) {
        let open = self.next_inner(&tree.maps, call, ">");
        let name = self.function.name.clone();
        self.line_inside(tree, call, &open, |_| vec![text(name), text("() inlined")]);
    }

    fn line_of_return(&mut self, tree: &Tree, told: &Told, call: &Call) {
        let maps = &tree.maps;
        let open = self.innermost(maps, call, ">");
        let keys = || keys_of(call, Bt::Var(open.clone()));
        let frame = Bt::Map(maps.frames.clone(), keys());
        let is_known = frame.binary("==", call.frame.clone());
        let name = self.function.name.clone();
        let known = self.nested(|w| {
            let begun = Bt::Map(maps.begun.clone(), keys());
            let now = Bt::Builtin("nsecs").cast("int64");
            let took = now.binary("-", begun.cast("int64")).cast("uint64");
            let elapsed = w.assign("took", took);
            let lines = w.nested(|w| {
                let mut line = w.head_of_call(call, &open);
                line.push(arg("%9llu", elapsed.clone().binary("/", Bt::Int(1000))));
                line.push(text("."));
                line.push(arg("%03llu", elapsed.clone().binary("%", Bt::Int(1000))));
                line.push(text(" us  "));
                line.push(indent(&open));
                line.push(text(format!("}} {name}")));
                let results = without_space(&told.line.parts);
                if !results.is_empty() {
                    line.push(text(" "));
                    line.extend(w.parts(results));
                }
                w.print(line);
            });
            w.within(tree, &open, lines);
            w.push(Stmt::Delete(maps.frames.clone(), keys()));
            w.push(Stmt::Delete(maps.begun.clone(), keys()));
            w.push(call.store(&maps.open, Bt::Var(open.clone()).binary("-", Bt::Int(1))));
        });
        self.push(Stmt::If(is_known, known, Vec::new()));
    }

    /// Does something for calls that are not deeper than is wanted.
    fn within(&mut self, tree: &Tree, open: &str, then: Vec<Stmt>) {
        match tree.depth {
            Some(depth) => {
                let is_wanted = Bt::Var(open.to_owned()).binary("<=", Bt::Int(depth.into()));
                self.push(Stmt::If(is_wanted, then, Vec::new()));
            }
            None => then.into_iter().for_each(|statement| self.push(statement)),
        }
    }

    /// The time of day, the goroutine, and how many calls are open, before the line of a call.
    fn head_of_call(&mut self, call: &Call, open: &str) -> Vec<Fragment> {
        let mut line = self.head(call);
        line.push(arg("%3lld", Bt::Var(open.to_owned())));
        line.push(text("  "));
        line
    }

    /// The time of day and the goroutine.
    fn head(&mut self, call: &Call) -> Vec<Fragment> {
        let mut line = self.parts(&[Part::Clock]);
        let goroutine = call.keys.last().cloned().unwrap_or(Bt::Int(0));
        line.push(text("  goroutine "));
        line.push(arg("%-6llu", goroutine));
        line.push(text("  "));
        line
    }
}

/// The keys of the first call that is open.
fn first_of(call: &Call) -> Vec<Bt> {
    keys_of(call, Bt::Int(1).cast("int64"))
}

/// The keys of an open call.
fn keys_of(call: &Call, open: Bt) -> Vec<Bt> {
    call.keys.iter().cloned().chain([open]).collect()
}

fn indent(open: &str) -> Fragment {
    let open = Bt::Var(open.to_owned());
    let deepest = Bt::Int(DEEPEST);
    let is_deep = open.clone().binary(">", deepest.clone());
    let depth = is_deep.choose(deepest, open.binary("-", Bt::Int(1)));
    arg("%s", Bt::Map(INDENTS.to_owned(), vec![depth]))
}

/// The parts of a line but for the space that it begins with.
fn without_space(parts: &[Part]) -> &[Part] {
    match parts.split_first() {
        Some((Part::Text(space), rest)) if space == " " => rest,
        _ => parts,
    }
}
