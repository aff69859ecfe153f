//! `gobt man`: the manual pages, one for each subcommand.

use super::report::DONE;
use super::{Cli, ManArgs, output, report};
use clap::{Command, CommandFactory as _};
use std::io;
use std::path::Path;

/// Writes `gobt.1` and `gobt-SUBCOMMAND.1` into the directory, which is made if need be.
pub(super) fn run(args: &ManArgs) -> u8 {
    let directory = args.directory.as_path();
    let written = std::fs::create_dir_all(directory).and_then(|()| pages(directory));
    match written {
        Ok(()) => DONE,
        Err(error) => {
            let what = format!("cannot write manual pages into `{}`", directory.display());
            report::failure(&what, &error)
        }
    }
}

fn pages(directory: &Path) -> io::Result<()> {
    let mut gobt = Cli::command().disable_help_subcommand(true);
    gobt.build();
    page(&gobt, directory)?;
    gobt.get_subcommands()
        .filter(|command| !command.is_hide_set())
        .try_for_each(|command| page(command, directory))
}

fn page(command: &Command, directory: &Path) -> io::Result<()> {
    let man = clap_mangen::Man::new(command.clone()).source(concat!("gobt ", env!("CARGO_PKG_VERSION")));
    let mut page = Vec::new();
    man.render(&mut page)?;
    output::write_file(&directory.join(man.get_filename()), &page)
}
