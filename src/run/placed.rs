//! Whether the probes of a run are where they belong, before anything is believed of what they say.

use super::attached::{Attached, Breakpoints, Decoy};
use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

/// The program's file, and where its breakpoints are to be.
#[derive(Debug)]
pub(crate) struct Placed<'a> {
    /// The file in gobt's own memory: probes that are not for one process only are put there, too.
    decoy: Decoy,
    path: PathBuf,
    file: &'a [u8],
    code: Vec<Range<u64>>,
    planned: BTreeSet<u64>,
    /// What others had put there before.
    before: Breakpoints,
    /// The recipe has probes of its own, which nothing is known of.
    has_others: bool,
}

/// What came of looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// All are there, and no others.
    Right,
    /// So many are not there yet.
    Waiting(usize),
    /// Some are where none belongs, by places in the file.
    Wrong(BTreeSet<u64>),
}

impl<'a> Placed<'a> {
    /// Looks at the file before anything is attached.
    ///
    /// # Errors
    /// When it cannot be mapped or looked at.
    pub(crate) fn new(
        path: PathBuf,
        file: &'a [u8],
        code: Vec<Range<u64>>,
        planned: BTreeSet<u64>,
        has_others: bool,
    ) -> io::Result<Self> {
        let decoy = Decoy::of(&path)?;
        let before = Breakpoints::of(decoy.process(), &path, file, &code)?;
        Ok(Self {
            decoy,
            path,
            file,
            code,
            planned,
            before,
            has_others,
        })
    }

    /// Looks at gobt's own copy.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub(crate) fn look(&self) -> io::Result<Look> {
        self.look_at(self.decoy.process())
    }

    /// Looks at a process.
    ///
    /// # Errors
    /// When it has ended or may not be looked at.
    pub(crate) fn look_at(&self, pid: u32) -> io::Result<Look> {
        let found = Breakpoints::of(pid, &self.path, self.file, &self.code)?;
        Ok(match found.against(&self.planned, &self.before) {
            Attached::AsPlanned => Look::Right,
            Attached::Missing(missing) => Look::Waiting(missing.len()),
            Attached::Elsewhere { missing, .. } if self.has_others && missing.is_empty() => Look::Right,
            Attached::Elsewhere { missing, .. } if self.has_others => Look::Waiting(missing.len()),
            Attached::Elsewhere { wrong, .. } => Look::Wrong(wrong),
        })
    }
}
