//! `gobt show`: a run that was saved, once more.

use super::overwrite::Inputs;
use super::report::{self, DONE, ENVIRONMENT};
use super::save::Saved;
use super::{Format, ShowArgs, input, output, run};
use crate::diagnostic::{Code, Diagnostic};
use crate::run::report::rec::Recording;
use crate::run::report::several::Several;
use crate::run::report::terminal::{Kept, Terminal};
use crate::run::report::{Report, json, text};
use std::io;

/// Shows a recording.
pub(super) fn run(args: &ShowArgs) -> u8 {
    match show(args) {
        Ok(()) => DONE,
        Err(problems) => {
            report::all(&problems, args.format);
            ENVIRONMENT
        }
    }
}

fn show(args: &ShowArgs) -> Result<(), Vec<Diagnostic>> {
    let name = input::name(&args.recording);
    let wrong = |why: &str| {
        vec![Diagnostic::error(
            Code::FILE_UNREADABLE,
            format!("`{name}` cannot be shown: {why}"),
        )]
    };
    let bytes = input::recording(&args.recording).map_err(|error| wrong(&input::reason(&error)))?;
    let mut recording = Recording::read(&bytes).map_err(|why| wrong(&why))?;
    drop(bytes);
    let mut inputs = Inputs::default();
    inputs.add(&args.recording, "the recording");
    let mut saved = Saved::begin(&args.save, &inputs).map_err(|problem| vec![problem])?;
    saved
        .check_content(&recording.about)
        .map_err(|problem| vec![problem])?;
    if args.format == Format::Text && args.save.is_empty() && look(args, &recording) {
        recording.forget_trees();
    }
    let stdout = io::stdout();
    let (mut plain, mut lines);
    let first: &mut dyn Report = match args.format {
        Format::Text => {
            plain = text::Text::new(
                stdout,
                run::form(args.color.on(&io::stdout()), recording.about.clock),
            );
            &mut plain
        }
        Format::Json => {
            lines = json::Lines::new(stdout, &recording.about);
            &mut lines
        }
    };
    let mut all = Several::new(first, saved.reports(&recording.about));
    if let Some(end) = recording.show(&mut all)
        && args.format == Format::Text
    {
        output::to_stderr(&format!("{}\n", text::ending(end)));
    }
    let problem = all.problem().map(|error| (error.kind(), input::reason(error)));
    drop(all);
    saved.finish()?;
    match problem {
        Some((kind, reason)) if kind != io::ErrorKind::BrokenPipe => Err(vec![Diagnostic::error(
            Code::CANNOT_SAVE,
            format!("standard output cannot be written: {reason}"),
        )]),
        _ => Ok(()),
    }
}

/// Lets somebody at a terminal look at call trees, and says whether that was so.
fn look(args: &ShowArgs, recording: &Recording) -> bool {
    if recording.trees().next().is_none() || !run::is_live() {
        return false;
    }
    let Ok(interrupts) = run::watch_signals() else {
        return false;
    };
    let mut kept = Kept::new(&[], usize::MAX);
    recording.trees().for_each(|tree| kept.tree(tree));
    recording.summaries().for_each(|summary| kept.summary(summary));
    let colored = args.color.on(&io::stdout());
    Terminal::look(kept, colored, recording.about.clock, &interrupts)
}
