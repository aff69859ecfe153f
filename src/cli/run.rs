//! `gobt run`: a recipe to an answer.

use super::overwrite::Inputs;
use super::own_directory::OwnDirectory;
use super::programs::{self, Named};
use super::report::{self, DONE, ENVIRONMENT};
use super::save::Saved;
use super::started::Started;
use super::trial::{self, Tried};
use super::turn::Turn;
use super::{Format, RunArgs, buffer, entry_word, input, installed, library, output, refused, uncounted};
use crate::analyze::Options;
use crate::bt::dialect::Dialect;
use crate::diagnostic::{Code, Diagnostic};
use crate::pipeline::{self, Recording};
use crate::plan::Plan;
use crate::plan::trial::costs;
use crate::run::bpftrace::Bpftrace;
use crate::run::decode::stack::Kernel;
use crate::run::decode::{Clock, Decoder};
use crate::run::doctor;
use crate::run::hot::is_hot;
use crate::run::placed::Placed;
use crate::run::report::about::About;
use crate::run::report::several::Several;
use crate::run::report::terminal::{self, Kept, Terminal};
use crate::run::report::{Report, Room, json, text};
use crate::run::session::{Orders, Over, Session};
use crate::run::status::{End, Why};
use crate::run::watch::{self, Counting, Users};
use crate::source::Source;
use crate::syntax::ast::Recipe;
use crate::target::attach::Sidecar;
use crate::target::load::Loaded;
use crate::target::{Addresses, Target};
use std::cell::Cell;
use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// More hits a second end a run, unless it is told otherwise: about what a processor is busy with.
const MOST_HITS: u64 = 200_000;

/// Taking probes away is not worth a word for this long.
const SHORT: Duration = Duration::from_secs(1);
/// How long it may take: releases that attach each probe by itself take a tenth of a second for each.
pub(super) const LONGEST_DETACHING: Duration = Duration::from_secs(600);

/// Runs one recipe.
pub(super) fn run(args: &RunArgs) -> u8 {
    match try_run(args) {
        Ok(code) => code,
        Err(failed) => {
            report::to_stderr_in(&failed.source, &failed.problems, args.format, args.color);
            report::exit_code(&failed.problems).max(if failed.problems.is_empty() {
                ENVIRONMENT
            } else {
                DONE
            })
        }
    }
}

/// Why nothing was run.
struct Failed {
    source: Source,
    problems: Vec<Diagnostic>,
}

impl Failed {
    fn of(source: &Source) -> impl Fn(Vec<Diagnostic>) -> Self {
        let source = source.clone();
        move |problems| Self {
            source: source.clone(),
            problems,
        }
    }
}

/// The recipe that the command line gives, in files or in words.
fn recipe(args: &RunArgs) -> Result<Source, Failed> {
    input::recipes(&args.recipes, &args.expressions).map_err(|unread| Failed {
        source: unread.source,
        problems: vec![unread.problem],
    })
}

/// The program that is traced.
fn program(args: &RunArgs, recipe: &Recipe) -> Result<Named, Vec<Diagnostic>> {
    if let (None, Some(command)) = (programs::given(&args.program), args.command.first()) {
        let found = super::started::find(command).ok_or_else(|| {
            vec![Diagnostic::error(
                Code::FILE_UNREADABLE,
                format!("there is no command `{}`", command.to_string_lossy()),
            )]
        })?;
        return Ok(Named::File(found));
    }
    let beside = args
        .recipes
        .first()
        .cloned()
        .unwrap_or_else(|| PathBuf::from(input::EXPRESSION));
    programs::path(&args.program, recipe, &beside)
        .map_err(|problems| problems.into_iter().map(or_command).collect())
}

/// A run also takes a command.
fn or_command(problem: Diagnostic) -> Diagnostic {
    if problem.code != Code::NO_PROGRAM {
        return problem;
    }
    problem.only_help(
        "add `--pid PID`, `--bin PATH` or `-- COMMAND`, or write `target \"PATH\"` into the recipe",
    )
}

fn cannot(what: &str, error: &io::Error) -> Diagnostic {
    environment_problem(format!("{what}: {}", input::reason(error)))
}

pub(super) fn environment_problem(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::CANNOT_RUN, message)
}

/// The release of the bpftrace that is there.
fn dialect(args: &RunArgs) -> Result<Dialect, Diagnostic> {
    if let Some(release) = &args.program.bpftrace
        && release != programs::AUTO
    {
        return Dialect::of_release(release).map_err(|why| Diagnostic::error(Code::BAD_RELEASE, why));
    }
    installed::dialect().ok_or_else(|| {
        environment_problem("there is no bpftrace here that gobt knows")
            .note("`bpftrace --version` is what gobt asks; releases 0.17 to 0.27 are known")
            .help("install bpftrace (Debian and Ubuntu: apt-get install bpftrace), or compile a script for another machine: gobt compile")
    })
}

fn try_run(args: &RunArgs) -> Result<u8, Failed> {
    let source = recipe(args)?;
    let failed = Failed::of(&source);
    let recipe = pipeline::read(&source).map_err(&failed)?;
    super::save::check(&args.save).map_err(|problem| failed(vec![problem]))?;
    let interrupts = watch_signals().map_err(|error| failed(vec![environment_problem(error.to_string())]))?;
    let mut options = programs::options(&args.program).map_err(|problem| failed(vec![problem]))?;
    let asked = dialect(args).map_err(|problem| failed(vec![problem]))?;
    options.dialect = entry_word::found(uncounted::counted(asked));
    let directory = OwnDirectory::make()
        .map_err(|error| failed(vec![cannot("there is no place for the run's own files", &error)]))?;
    options.sidecar = Some(Sidecar {
        directory: super::sidecar::directory(directory.path()).map_err(|problem| failed(vec![problem]))?,
        is_verified: true,
    });
    let named = program(args, &recipe).map_err(&failed)?;
    let loaded = named
        .load(args.program.debug_file.as_deref())
        .map_err(|problem| failed(vec![problem]))?;
    let target = Target::open(&loaded).map_err(|problem| {
        failed(vec![match named {
            Named::Process(pid) => library::suggest(pid, problem),
            _ => problem,
        }])
    })?;
    let processes = match args.program.pid {
        Some(_) => Vec::new(),
        None => watch::processes_of(Path::new(loaded.path())),
    };
    // The command will be one more.
    options.by_process = processes.len() + usize::from(!args.command.is_empty()) > 1;
    let compiled = pipeline::record(&recipe, &source, &target, &options, args.max_text);
    let (mut recording, mut warnings) = compiled.map_err(&failed)?;
    loaded.unchanged().map_err(|problem| failed(vec![problem]))?;
    warnings.extend(programs::notes(&loaded));
    if !args.probe_first {
        warnings.extend(hot(&recording));
    }
    if !warnings.is_empty() {
        report::to_stderr_in(&source, &warnings, args.format, args.color);
    }
    if interrupts.load(Ordering::SeqCst) > 0 {
        return Ok(DONE);
    }
    let traced = Traced {
        loaded: &loaded,
        target: &target,
        interrupts: &interrupts,
    };
    if args.probe_first {
        let all = traced.try_first(args, &source, &recording, &options, directory.path());
        let Some(all) = all.map_err(|problem| failed(vec![problem]))? else {
            return Ok(DONE);
        };
        let most = most_hits(args);
        let hot = trial::too_hot(&all, most).iter();
        let hot: Vec<String> = hot.map(|tried| tried.function.clone()).collect();
        if !hot.is_empty() {
            options.left_out = hot;
            let compiled = pipeline::record(&recipe, &source, &target, &options, args.max_text);
            let left = compiled.ok().map(|(left, _)| left);
            let fits = |left: &Recording| trial::fits(&all, &left.plan, most);
            recording = left
                .filter(fits)
                .ok_or_else(|| failed(vec![trial::refused(&all, most.unwrap_or_default())]))?;
        }
        let findings = trial::findings(&all, &recording.plan, most);
        report::to_stderr_in(&source, &findings, args.format, args.color);
        match args.format {
            Format::Text => output::to_stderr(&trial::expected(&all, &recording.plan)),
            Format::Json => output::to_stdout(&format!("{}\n", trial::as_json(&all, &recording.plan)))
                .map_err(|error| failed(vec![cannot("the answer cannot be written", &error)]))?,
        }
    }
    let mut saved = saved(args, &loaded).map_err(|problem| failed(vec![problem]))?;
    let turn = traced
        .attachable(&recording, &options)
        .map_err(|problem| failed(vec![problem]))?;
    let placed = placed(&recording, &loaded, &target);
    let prepared = Prepared {
        source: &source,
        recording: &recording,
        target: &target,
        placed: placed.as_ref(),
        dialect: options.dialect,
        directory: directory.path(),
        processes: &processes,
        users: args
            .command
            .is_empty()
            .then(|| Users::known(Path::new(loaded.path()), &processes))
            .flatten(),
        turn: Cell::new(Some(turn)),
    };
    let traced = trace(args, &prepared, &interrupts, &mut saved);
    let Ran { end, looked_at } = traced.map_err(|problem| failed(vec![problem]))?;
    if let Why::Failed(said) = &end.why {
        drop(looked_at);
        return Err(failed(vec![refused::refused(
            said,
            end.status.elapsed,
            &recording,
        )]));
    }
    let finished = saved.finish();
    if let Some((mut terminal, before)) = looked_at {
        terminal.look_on(before, &interrupts);
        output::to_stderr(&text::ending_with_help(&end));
    }
    finished.map_err(&failed).map(|()| DONE)
}

/// How a run ended.
struct Ran {
    end: End,
    /// The terminal, if somebody still looks at call trees; and how often the end was asked for before.
    looked_at: Option<(Terminal, usize)>,
}

/// The files that the answer is saved in.
fn saved(args: &RunArgs, loaded: &Loaded) -> Result<Saved, Diagnostic> {
    let mut inputs = Inputs::default();
    for recipe in &args.recipes {
        inputs.add(recipe, "the recipe");
    }
    inputs.add(Path::new(loaded.path()), "the program");
    if let Some((path, _)) = loaded.debug() {
        inputs.add(Path::new(path), "the program's debug file");
    }
    Saved::begin(&args.save, &inputs)
}

/// Warns of functions that are called so often that the program would notice.
fn hot(recording: &Recording) -> Option<Diagnostic> {
    let functions = recording.plan.functions.iter().map(|function| &function.name);
    let hot: Vec<&str> = functions
        .filter(|name| is_hot(name))
        .map(String::as_str)
        .collect();
    let first = hot.first()?;
    let what = match hot.len() {
        1 => format!("`{first}` is called all the time by every Go program"),
        n => format!(
            "`{first}` and {} more are called all the time by every Go program",
            n - 1
        ),
    };
    Some(
        Diagnostic::warning(Code::HOT_FUNCTION, what)
            .note("a probe adds about half a microsecond to each call, and where returns are traced up to fifteen")
            .help("trace a function that calls it; --max-rate takes the probes away when they are hit too often"),
    )
}

/// Nobody will notice that probes are hit too often.
fn unguarded() -> Diagnostic {
    Diagnostic::warning(Code::NOT_GUARDED, "how often probes are hit is not known here")
        .note("--max-rate does nothing, and the kernel's time is not told: counting needs Linux 5.8 and CAP_SYS_ADMIN")
        .help("run it as root, or switch counting on before: sysctl kernel.bpf_stats_enabled=1")
}

/// Counts the signals that want the run to end.
pub(super) fn watch_signals() -> io::Result<Arc<AtomicUsize>> {
    let count = Arc::new(AtomicUsize::new(0));
    let mut signals = signal_hook::iterator::Signals::new([
        signal_hook::consts::SIGINT,
        signal_hook::consts::SIGTERM,
        signal_hook::consts::SIGHUP,
    ])?;
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for _ in signals.forever() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    Ok(count)
}

/// Where the probes belong, to be compared with where they are; nothing where that cannot be looked at.
fn placed<'a>(recording: &Recording, loaded: &'a Loaded, target: &Target<'_>) -> Option<Placed<'a>> {
    let sites = recording.plan.probes.iter().flat_map(|probe| &probe.sites);
    let planned = sites.map(|site| target.place_in_file(site.address));
    let planned = planned.collect::<Option<_>>()?;
    let others = !recording.plan.raw.is_empty();
    let path = PathBuf::from(loaded.path());
    Placed::new(path, loaded.main(), target.code_in_file(), planned, others).ok()
}

/// The program that is traced, and who wants the end.
struct Traced<'t, 'l> {
    loaded: &'t Loaded,
    target: &'t Target<'l>,
    interrupts: &'t Arc<AtomicUsize>,
}

impl Traced<'_, '_> {
    /// Writes the symbols of a script, and waits until no other run attaches probes to the same file.
    fn attachable(&self, recording: &Recording, options: &Options) -> Result<Turn, Diagnostic> {
        if let (Some(symbols), Some(place)) = (&recording.symbols, &options.sidecar) {
            let files = super::sidecar::files(&place.directory, self.loaded, self.target, symbols)?;
            super::sidecar::write(&files)
                .map_err(|(_, error)| cannot("the run's own files cannot be written", &error))?;
        }
        Ok(Turn::take(Path::new(self.loaded.path()), self.interrupts))
    }

    /// What a trial of a second comes to; nothing if somebody ended it.
    fn try_first(
        &self,
        args: &RunArgs,
        source: &Source,
        recording: &Recording,
        options: &Options,
        directory: &Path,
    ) -> Result<Option<Vec<Tried>>, Diagnostic> {
        let first = pipeline::trial(&recording.plan, options);
        let turn = self.attachable(&first, options)?;
        let placed = placed(&first, self.loaded, self.target);
        let prepared = Prepared {
            source,
            recording: &first,
            target: self.target,
            placed: placed.as_ref(),
            dialect: options.dialect,
            directory,
            processes: &[],
            users: None,
            turn: Cell::new(Some(turn)),
        };
        trial::run(args, &prepared, &costs(&recording.plan), self.interrupts)
    }
}

/// What a run has before anything is started.
pub(super) struct Prepared<'r> {
    source: &'r Source,
    pub(super) recording: &'r Recording,
    /// The program, for what addresses mean.
    pub(super) target: &'r dyn Addresses,
    pub(super) placed: Option<&'r Placed<'r>>,
    pub(super) dialect: Dialect,
    /// The run's own directory.
    directory: &'r Path,
    /// The processes that are traced, where several may be.
    processes: &'r [u32],
    /// Those with which the run ends.
    users: Option<Users>,
    /// Its turn to attach probes.
    pub(super) turn: Cell<Option<Turn>>,
}

/// Starts bpftrace with the script.
pub(super) fn start(prepared: &Prepared<'_>) -> Result<Bpftrace, Diagnostic> {
    let recording = prepared.recording;
    let script = prepared.directory.join("run.bt");
    output::write_file(&script, &recording.text)
        .map_err(|error| cannot("the script cannot be written", &error))?;
    let mut arguments: Vec<OsString> = Vec::new();
    if recording.plan.numbers.taken.is_unsafe() {
        arguments.push("--unsafe".into());
    }
    let mut environment = environment(prepared.dialect, recording);
    let directory = prepared.directory.as_os_str().to_owned();
    environment.push(("BCC_SYMFS".to_owned(), directory));
    Bpftrace::start(&script, &arguments, &environment)
        .map_err(|error| cannot("bpftrace cannot be started", &error))
}

/// More hits a second end the run.
pub(super) fn most_hits(args: &RunArgs) -> Option<u64> {
    Some(args.max_rate.unwrap_or(MOST_HITS)).filter(|most| *most > 0)
}

/// Runs the script, and gives the answer as it comes.
fn trace(
    args: &RunArgs,
    prepared: &Prepared<'_>,
    interrupts: &Arc<AtomicUsize>,
    saved: &mut Saved,
) -> Result<Ran, Diagnostic> {
    let Prepared {
        source,
        recording,
        target,
        placed,
        dialect,
        directory,
        ..
    } = *prepared;
    let counting = Counting::begin();
    let most_hits = most_hits(args);
    if most_hits.is_some() && !counting.is_on() {
        report::to_stderr_in(source, &[unguarded()], args.format, args.color);
    }
    let plan = &recording.plan;
    let clock = clock();
    let about = About::of(plan, &recording.layouts, clock);
    saved.check_content(&about)?;
    let sites = plan.probes.iter().map(|probe| probe.sites.len()).sum();
    let colored = args.color.on(&io::stdout());
    let has_results = dialect.probes_signals();
    let begin = || Terminal::begin(sites, colored, clock, has_results, trees(plan), interrupts);
    let mut terminal = (args.format == Format::Text && is_live()).then(begin).flatten();
    let live = terminal.is_some();
    let mut started = match args.command.split_first() {
        Some((command, arguments)) => {
            let prepared = Started::prepare(directory, command, arguments, live);
            Some(prepared.map_err(|error| cannot("the command cannot be started", &error))?)
        }
        None => None,
    };
    if let (Some(command), Some(terminal)) = (&mut started, &terminal) {
        command.print(|| terminal.printer());
    }
    let printer = terminal.as_ref().map(|terminal| terminal.printer());
    let kernel = Kernel::of_release(doctor::kernel());
    let mut decoder = Decoder::new(
        plan,
        &recording.layouts,
        target,
        recording.longest_text,
        clock,
        kernel,
    );
    let bpftrace = start(prepared)?;
    let (mut scrolling, mut lines);
    let first: &mut dyn Report = match (&mut terminal, args.format) {
        (Some(terminal), _) => terminal,
        (None, Format::Text) => {
            scrolling = text::Text::new(io::stdout(), form(colored, clock));
            &mut scrolling
        }
        (None, Format::Json) => {
            lines = json::Lines::new(io::stdout(), &about);
            &mut lines
        }
    };
    let mut report = Several::new(first, saved.reports(&about));
    let orders = Orders {
        time: args.time,
        most_hits,
        counts_all: counting.is_ours(),
        target: args.program.pid,
        users: prepared.users.clone(),
        tells_when_asked: dialect.probes_signals(),
        script: recording.text.clone(),
        uncounted: dialect.uncounted,
        is_watched: live,
    };
    let session = Session::new(bpftrace, &mut decoder, &mut report, orders, sites);
    let is_text = args.format == Format::Text;
    let started = std::cell::RefCell::new(started.as_mut());
    let Over {
        end,
        mut bpftrace,
        interrupts: before,
    } = session.run(
        interrupts,
        placed,
        &mut || {
            prepared.turn.take();
            if is_text && !live {
                let of = of_processes(prepared.processes);
                let places = if sites == 1 { "place" } else { "places" };
                output::to_stderr(&format!("tracing {sites} {places}{of}; Ctrl-C ends it\n"));
            }
            match started.borrow_mut().as_mut() {
                Some(command) => command.go().map_err(|error| error.to_string()),
                None => Ok(()),
            }
        },
        &mut || started.borrow_mut().as_mut().and_then(|command| command.ended()),
        &mut || {
            const SAID: &str = "bpftrace still tells its results; Ctrl-C does not wait for the rest\n";
            match &printer {
                Some(printer) => printer(SAID.as_bytes()),
                None if is_text => output::to_stderr(SAID),
                None => {}
            }
        },
    );
    if let Some(problem) = report.problem()
        && problem.kind() != io::ErrorKind::BrokenPipe
    {
        return Err(cannot("the answer cannot be written", problem));
    }
    drop(report);
    let looked_at = terminal.filter(Terminal::is_looked_at);
    // It would be written over the trees.
    let is_told = is_text && looked_at.is_none();
    if is_told && !matches!(end.why, Why::Failed(_)) {
        output::to_stderr(&text::ending_with_help(&end));
    }
    let _ = io::stdout().flush();
    // The answer is there; so are some of the probes where it takes long to take them away.
    let is_asked_again = || interrupts.load(Ordering::SeqCst) > before;
    if !bpftrace.end(SHORT, &is_asked_again) && !is_asked_again() {
        if is_told {
            output::to_stderr("probes are still being taken away; Ctrl-C does not wait for it\n");
        }
        bpftrace.end(LONGEST_DETACHING, &is_asked_again);
    }
    Ok(Ran {
        end,
        looked_at: looked_at.map(|terminal| (terminal, before)),
    })
}

/// Bytes of call trees that are kept to be looked at during a run.
const KEPT_TREES: usize = 64 << 20;

/// What keeps call trees.
fn trees(plan: &Plan) -> Kept {
    let trees = plan.trees.iter();
    let directives: Vec<(String, String)> = trees
        .map(|tree| (tree.name.clone(), tree.words.clone()))
        .collect();
    Kept::new(&directives, KEPT_TREES)
}

/// ` of 2 processes (4711, 4712)`, if there are several.
fn of_processes(processes: &[u32]) -> String {
    if processes.len() < 2 {
        return String::new();
    }
    let mut told: Vec<String> = processes.iter().take(10).map(u32::to_string).collect();
    if processes.len() > told.len() {
        told.push("…".to_owned());
    }
    format!(" of {} processes ({})", processes.len(), told.join(", "))
}

/// The answer is shown on a terminal that can write its lines anew.
pub(super) fn is_live() -> bool {
    io::stdout().is_terminal() && !report::is_dumb()
}

/// How text is written to standard output.
pub(super) fn form(colored: bool, clock: Clock) -> text::Form {
    if io::stdout().is_terminal() {
        terminal::form(colored, clock)
    } else {
        text::Form {
            colored,
            room: Room::all(),
            clock,
        }
    }
}

/// What bpftrace is told by its environment.
fn environment(dialect: Dialect, recording: &Recording) -> Vec<(String, OsString)> {
    let mut out: Vec<(String, OsString)> = buffer::setting(dialect, &recording.text)
        .map(|(name, pages)| (name.to_owned(), pages.to_string().into()))
        .into_iter()
        .collect();
    if let Some(room) = recording.room_for_probes {
        for name in ["BPFTRACE_MAX_PROBES", "BPFTRACE_MAX_BPF_PROGS"] {
            out.push((name.to_owned(), room.to_string().into()));
        }
    }
    if !dialect.has_config() {
        out.push((
            "BPFTRACE_STRLEN".to_owned(),
            recording.longest_text.to_string().into(),
        ));
        out.push(("BPFTRACE_MAP_KEYS_MAX".to_owned(), "65536".into()));
        // Records have addresses; only text of the recipe's own may want names.
        let of_text = recording.text.replace("ustack(perf", "");
        if !of_text.contains("ustack") && !of_text.contains("usym") {
            out.push(("BPFTRACE_NO_USER_SYMBOLS".to_owned(), "1".into()));
        }
    }
    out
}

/// When the machine was started.
pub(super) fn clock() -> Clock {
    use rustix::time::{ClockId, clock_gettime};
    let nanoseconds = |clock| {
        let time = clock_gettime(clock);
        i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec)
    };
    Clock {
        started: nanoseconds(ClockId::Realtime) - nanoseconds(ClockId::Boottime),
        zone: i64::from(jiff::ZonedDateTime::now().offset().seconds()),
    }
}
