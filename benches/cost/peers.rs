//! The contenders that are bpftrace scripts, and what each of them writes.

use super::sites::Sites;
use super::support::Trouble;
use super::support::compile::Compile;
use std::fs;
use std::path::{Path, PathBuf};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    /// How often the function is called.
    Count,
    /// A histogram of how long its calls take.
    Latency,
    /// A line with its text argument.
    Print,
    /// A line at entry and one at return.
    Trace,
}

impl Verb {
    /// All.
    pub(crate) const ALL: [Self; 4] = [Self::Count, Self::Latency, Self::Print, Self::Trace];

    /// As gobt calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Latency => "latency",
            Self::Print => "print",
            Self::Trace => "trace",
        }
    }

    const fn at_return(self) -> bool {
        matches!(self, Self::Latency | Self::Trace)
    }
}

/// Who traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// Empty probes where gobt has its own: what cannot be undercut.
    Floor,
    /// gobt.
    Gobt,
    /// A script of the form that go-bpf-gen's documentation describes: probes by symbol and by symbol plus offset at
    /// every RET, the goroutine by thread from a probe on `runtime.execute`.
    GoBpfGen,
    /// What people write: probes by name, a `uretprobe`, what belongs together by thread.
    Naive,
    /// `dlv trace --ebpf`.
    DelveEbpf,
    /// `dlv trace`.
    Delve,
}

impl Peer {
    /// Those that are scripts for bpftrace.
    pub(crate) const ALL: [Self; 4] = [Self::Floor, Self::Gobt, Self::GoBpfGen, Self::Naive];

    /// For people.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Gobt => "gobt",
            Self::GoBpfGen => "go-bpf-gen's way",
            Self::Naive => "naive",
            Self::DelveEbpf => "dlv --ebpf",
            Self::Delve => "dlv",
        }
    }

    /// Whether it is Delve.
    pub(crate) const fn is_delve(self) -> bool {
        matches!(self, Self::DelveEbpf | Self::Delve)
    }

    /// Writes its script for one function.
    pub(crate) fn script(
        self,
        verb: Verb,
        executable: &Path,
        function: &str,
        place: &Path,
    ) -> Result<PathBuf, Trouble> {
        let name = format!("{}-{}", self.name().replace([' ', '\''], "-"), verb.name());
        let script = place.join(format!("{name}.bt"));
        if self == Self::Gobt {
            let source = place.join(format!("{name}.gobt"));
            fs::write(&source, recipe(verb, function))?;
            Compile::new(&source, executable, &script).run()?;
            return Ok(script);
        }
        let probes = Probes::of(executable, function);
        let text = match self {
            Self::Floor => probes.floor(verb),
            Self::GoBpfGen => probes.go_bpf_gen(verb),
            _ => probes.naive(verb),
        };
        fs::write(&script, text)?;
        Ok(script)
    }
}

fn recipe(verb: Verb, function: &str) -> String {
    match verb {
        Verb::Count => format!("calls: count {function}\n"),
        Verb::Latency => format!("took: latency {function}\n"),
        Verb::Print => format!("on {function} {{\n    print \"<{{arg text}}>\"\n}}\n"),
        Verb::Trace => format!("trace {function}\n"),
    }
}

/// Attach points.
struct Probes {
    /// `uprobe:PATH:"main.say"`
    entry: String,
    /// `uretprobe:PATH:"main.say"`
    uretprobe: String,
    /// `uprobe:PATH:"main.say"+43`, for each RET.
    returns: String,
    /// `uprobe:PATH:runtime.execute`
    execute: String,
    /// `uprobe:PATH:0x49f806`
    cheap_entry: String,
    /// `uprobe:PATH:0x49f82b`, for each RET.
    exact_returns: String,
}

/// The text argument's two words, as Go's register ABI has them.
const TEXT: &str = "str(reg(\"ax\"), reg(\"bx\"))";

impl Probes {
    fn of(executable: &Path, function: &str) -> Self {
        let path = executable.display();
        let sites = Sites::of(executable, function);
        let each = |form: &dyn Fn(u64) -> String| {
            let all: Vec<String> = sites.returns.iter().map(|address| form(*address)).collect();
            all.join(",\n")
        };
        Self {
            entry: format!("uprobe:{path}:\"{function}\""),
            uretprobe: format!("uretprobe:{path}:\"{function}\""),
            returns: each(&|address| format!("uprobe:{path}:\"{function}\"+{}", address - sites.first)),
            execute: format!("uprobe:{path}:runtime.execute"),
            cheap_entry: format!("uprobe:{path}:{:#x}", sites.push),
            exact_returns: each(&|address| format!("uprobe:{path}:{address:#x}")),
        }
    }

    fn floor(&self, verb: Verb) -> String {
        let mut text = format!("{} {{ }}\n", self.cheap_entry);
        if verb.at_return() {
            text += &format!("{} {{ }}\n", self.exact_returns);
        }
        text
    }

    fn go_bpf_gen(&self, verb: Verb) -> String {
        let goroutines = format!(
            "{} {{ @gids[tid] = reg(\"ax\"); }}\ntracepoint:sched:sched_process_exit {{ delete(@gids[tid]); }}\n\
             END {{ clear(@gids); clear(@start); }}\n",
            self.execute
        );
        let (entry, returns) = (&self.entry, &self.returns);
        match verb {
            // Its skeleton, with something in it.
            Verb::Count => format!("{entry} {{ @calls = count(); }}\n{returns} {{ }}\n"),
            Verb::Print => format!("{entry} {{ printf(\"<%s>\\n\", {TEXT}); }}\n{returns} {{ }}\n"),
            Verb::Latency => format!(
                "{goroutines}{entry} {{ @start[@gids[tid]] = nsecs; }}\n\
                 {returns} {{ @took = hist((nsecs - @start[@gids[tid]]) / 1000); delete(@start[@gids[tid]]); }}\n"
            ),
            Verb::Trace => format!(
                "{goroutines}{entry} {{ @start[@gids[tid]] = nsecs; printf(\"%d -> %s\\n\", @gids[tid], {TEXT}); }}\n\
                 {returns} {{ printf(\"%d <- %d us\\n\", @gids[tid], (nsecs - @start[@gids[tid]]) / 1000); \
                 delete(@start[@gids[tid]]); }}\n"
            ),
        }
    }

    fn naive(&self, verb: Verb) -> String {
        let (entry, returns) = (&self.entry, &self.uretprobe);
        match verb {
            Verb::Count => format!("{entry} {{ @calls = count(); }}\n"),
            Verb::Print => format!("{entry} {{ printf(\"<%s>\\n\", {TEXT}); }}\n"),
            Verb::Latency => format!(
                "{entry} {{ @start[tid] = nsecs; }}\n\
                 {returns} {{ @took = hist((nsecs - @start[tid]) / 1000); delete(@start[tid]); }}\n\
                 END {{ clear(@start); }}\n"
            ),
            Verb::Trace => format!(
                "{entry} {{ @start[tid] = nsecs; printf(\"%d -> %s\\n\", tid, {TEXT}); }}\n\
                 {returns} {{ printf(\"%d <- %d us\\n\", tid, (nsecs - @start[tid]) / 1000); delete(@start[tid]); }}\n\
                 END {{ clear(@start); }}\n"
            ),
        }
    }
}
