//! From the command line to the first line that is shown, of a program that calls the function all the time.

use super::ROUNDS;
use super::Subject;
use super::support::Trouble;
use super::support::program::{Program, lines_of};
use super::ways::{Place, Way, end};
use std::time::{Duration, Instant};

/// Each way's times: in turns, each on a process of its own.
pub(crate) fn results(place: &Place, subject: &Subject) -> Result<Vec<(Way, Vec<Duration>)>, Trouble> {
    let recipe = place.recipe(subject.shows)?;
    let mut all = vec![(Way::Run, Vec::new()), (Way::Addresses, Vec::new())];
    for _ in 0..ROUNDS {
        for (way, times) in &mut all {
            let mut program = Program::start_quietly(&place.executable, subject.arguments, false)?;
            program.go()?;
            let began = Instant::now();
            let mut child = match way {
                Way::Run => place.gobt(&recipe, program.traced().pid)?,
                _ => place.bpftrace(&recipe, false)?.0,
            };
            let (lines, said) = (lines_of(child.stdout.take()), lines_of(child.stderr.take()));
            let first = loop {
                match lines.recv_timeout(Duration::from_secs(60)) {
                    // bpftrace's own word, on some releases.
                    Ok(line) if line.starts_with("Attach") => {}
                    Ok(_) => break began.elapsed(),
                    Err(_) => {
                        let said: Vec<String> = said.try_iter().collect();
                        return Err(format!("{}: no line\n{}", way.name(), said.join("\n")).into());
                    }
                }
            };
            times.push(first);
            // Nobody reads on: what is written after this is no matter.
            drop(program);
            std::thread::spawn(move || lines.iter().count());
            end(&mut child)?;
        }
    }
    Ok(all)
}
