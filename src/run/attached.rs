//! Where breakpoints really are in a process: read back from its memory, not believed.
//!
//! bpftrace says that it attaches before it does, and finds the places by symbols that somebody may have changed
//! meanwhile. What counts is the code of the process: the kernel writes a breakpoint over the first byte of a probed
//! instruction, in a copy of that page which belongs to the process alone (`uprobe_write_opcode` in Linux's
//! `kernel/events/uprobes.c`). `/proc/PID/pagemap` tells such pages from those of the file, so that only they are read:
//! a few milliseconds for a program of 150 MB, and no page of the process is touched.

use crate::target::PAGE;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;

/// x86's `int3`.
const BREAKPOINT: u8 = 0xcc;
/// Linux 6.18 writes a call over this `nop` of five bytes, if one is probed (`arch_uprobe_optimize`).
const NOP: &[u8] = &[0x0f, 0x1f, 0x44, 0x00, 0x00];
/// The first byte of that call.
const CALL: u8 = 0xe8;

/// Of the 64 bits that `/proc/PID/pagemap` has for each page: it is in memory, it is in the swap area, it is a page of
/// a file.
const PRESENT: u64 = 1 << 63;
const SWAPPED: u64 = 1 << 62;
const OF_FILE: u64 = 1 << 61;

/// What `/proc/PID/maps` has behind the name of a file that no path leads to any more.
const DELETED: &str = " (deleted)";

/// What was found, by places in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breakpoints(BTreeSet<u64>);

/// How breakpoints differ from what was planned, by places in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attached {
    /// They do not.
    AsPlanned,
    /// Some are not there yet, or no more.
    Missing(BTreeSet<u64>),
    /// Some are where none was planned: in the midst of other code, which can crash the process.
    Elsewhere {
        /// Those.
        wrong: BTreeSet<u64>,
        /// Planned ones that are not there.
        missing: BTreeSet<u64>,
    },
}

/// An executable part of the file in a process.
#[derive(Clone, Copy, Debug)]
struct Mapping {
    start: u64,
    end: u64,
    offset: u64,
}

impl Breakpoints {
    /// Those in process `pid` over the code of the file that `path` leads to, whose bytes are `file` and whose code is
    /// at these offsets ([`crate::target::Target::code_in_file`]). A process that does not have the file in its memory
    /// has none.
    ///
    /// # Errors
    /// When the process has ended or may not be looked at.
    pub fn of(pid: u32, path: &Path, file: &[u8], code: &[Range<u64>]) -> io::Result<Self> {
        let mut found = BTreeSet::new();
        let memory = open(&format!("/proc/{pid}/mem"))?;
        let pages = open(&format!("/proc/{pid}/pagemap"))?;
        for mapping in mappings(pid, path)? {
            for page in own_pages(&pages, mapping)? {
                let place = page - mapping.start + mapping.offset;
                let Some(original) = page_of(file, place) else {
                    continue;
                };
                let mut bytes = [0; PAGE as usize];
                memory.read_exact_at(&mut bytes, page)?;
                // What the loader relocates changes, too.
                let is_code = |at: &u64| code.iter().any(|range| range.contains(at));
                let places = changed(original, &bytes).map(|at| place + at);
                found.extend(places.filter(is_code));
            }
        }
        Ok(Self(found))
    }

    /// Compares with what was `planned`; `before` are those that others had put there.
    #[must_use]
    pub fn against(&self, planned: &BTreeSet<u64>, before: &Self) -> Attached {
        let missing: BTreeSet<u64> = planned.difference(&self.0).copied().collect();
        let wrong = self
            .0
            .iter()
            .filter(|place| !planned.contains(place) && !before.0.contains(place));
        let wrong: BTreeSet<u64> = wrong.copied().collect();
        match (wrong.is_empty(), missing.is_empty()) {
            (true, true) => Attached::AsPlanned,
            (true, false) => Attached::Missing(missing),
            (false, _) => Attached::Elsewhere { wrong, missing },
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// The file in this process's own memory, where nobody runs it: the probes of a bpftrace that is told to trace this
/// process alone (`-p`) are put there, and can be looked at before they are put anywhere else. The kernel takes every
/// private mapping of a file that could be made executable (`valid_vma`).
#[derive(Debug)]
pub struct Decoy {
    _mapped: memmap2::Mmap,
}

impl Decoy {
    /// Maps the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(path: &Path) -> io::Result<Self> {
        let file = open(&path.to_string_lossy())?;
        #[expect(unsafe_code, reason = "there is no other way to map a file")]
        // SAFETY: nobody reads the mapping.
        let mapped = unsafe { memmap2::MmapOptions::new().map_copy_read_only(&file) }?;
        Ok(Self { _mapped: mapped })
    }

    /// The process that has it in its memory: this one.
    #[must_use]
    pub fn process(&self) -> u32 {
        std::process::id()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "other processes are looked at through files"
)]
fn open(path: &str) -> io::Result<File> {
    File::open(path)
}

/// Where the file at `path` is in the memory of a process, as far as the process cannot write there.
fn mappings(pid: u32, path: &Path) -> io::Result<Vec<Mapping>> {
    let wanted = fs::metadata(path)?;
    let same = |found: &fs::Metadata| (found.dev(), found.ino()) == (wanted.dev(), wanted.ino());
    let mut text = String::new();
    io::Read::read_to_string(&mut open(&format!("/proc/{pid}/maps"))?, &mut text)?;
    let mut found = Vec::new();
    // A file's path decides where its device does not: some file systems show another number here.
    let mut by_path: Option<(&str, bool)> = None;
    for line in text.lines() {
        let Some((mapping, inode, name)) = mapping(line) else {
            continue;
        };
        if inode != wanted.ino() {
            continue;
        }
        let is_it = match by_path {
            Some((known, answer)) if known == name => answer,
            _ => {
                let at = |path: String| fs::metadata(path).is_ok_and(|found| same(&found));
                at(format!("/proc/{pid}/root{name}"))
                    || at(format!("/proc/{pid}/exe"))
                    // No path leads to a file that was replaced; `map_files` needs CAP_CHECKPOINT_RESTORE.
                    || at(format!("/proc/{pid}/map_files/{:x}-{:x}", mapping.start, mapping.end))
                    || (wanted.nlink() == 0 && name.ends_with(DELETED))
            }
        };
        by_path = Some((name, is_it));
        found.extend(is_it.then_some(mapping));
    }
    Ok(found)
}

/// A private mapping of a file that is not written to, with the file's inode and name: a line of `/proc/PID/maps`.
fn mapping(line: &str) -> Option<(Mapping, u64, &str)> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let mut words = rest.splitn(4, ' ');
    let (rights, offset, _device, rest) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let (inode, name) = rest.split_once(' ')?;
    let hex = |digits| u64::from_str_radix(digits, 16).ok();
    let mapping = Mapping {
        start: hex(start)?,
        end: hex(end)?,
        offset: hex(offset)?,
    };
    let name = name.trim_start();
    let is_meant = rights.ends_with('p') && !rights.contains('w') && name.starts_with('/');
    is_meant.then_some((mapping, inode.parse().ok()?, name))
}

/// The addresses of the pages of a mapping that are no more those of the file.
fn own_pages(pages: &File, mapping: Mapping) -> io::Result<Vec<u64>> {
    let first = mapping.start / PAGE;
    let count = usize::try_from((mapping.end - mapping.start) / PAGE).unwrap_or(0);
    let mut bytes = vec![0; count * 8];
    pages.read_exact_at(&mut bytes, first * 8)?;
    let own = |entry: &[u8]| {
        let bits = entry.try_into().map_or(0, u64::from_ne_bytes);
        bits & SWAPPED != 0 || (bits & PRESENT != 0 && bits & OF_FILE == 0)
    };
    Ok(bytes
        .chunks_exact(8)
        .zip(first..)
        .filter(|(entry, _)| own(entry))
        .map(|(_, page)| page * PAGE)
        .collect())
}

/// The bytes of the file's page at a place; fewer at the end.
fn page_of(file: &[u8], place: u64) -> Option<&[u8]> {
    let start = usize::try_from(place).ok()?;
    let end = start.checked_add(PAGE as usize)?.min(file.len());
    file.get(start..end)
}

/// Where a breakpoint was written over what the file has.
fn changed<'b>(original: &'b [u8], now: &'b [u8]) -> impl Iterator<Item = u64> + 'b {
    let pairs = original.iter().zip(now).enumerate();
    pairs
        .filter(|(at, (before, after))| {
            let optimised =
                || **after == CALL && original.get(*at..).is_some_and(|rest| rest.starts_with(NOP));
            before != after && (**after == BREAKPOINT || optimised())
        })
        .filter_map(|(at, _)| u64::try_from(at).ok())
}

#[cfg(test)]
mod tests {
    use super::{Attached, Breakpoints, Decoy, changed, mapping};
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn lines_of_maps() {
        let line = "00401000-0048a000 r-xp 00001000 fe:00 1234                       /srv/a b";
        let (found, inode, name) = mapping(line).unwrap();
        assert_eq!(
            (found.start, found.end, found.offset),
            (0x40_1000, 0x48_a000, 0x1000)
        );
        assert_eq!((inode, name), (1234, "/srv/a b"));
        for other in [
            "00401000-0048a000 rw-p 00001000 fe:00 1234                       /srv/a",
            "00401000-0048a000 r-xs 00001000 fe:00 1234                       /srv/a",
            "7ffd1000-7ffd2000 r-xp 00000000 00:00 0                          [vdso]",
            "7ffd1000-7ffd2000 r-xp 00000000 00:00 0 ",
            "",
        ] {
            assert!(mapping(other).is_none(), "{other}");
        }
    }

    #[test]
    fn breakpoints_and_calls_over_nops() {
        let before = [0x55, 0x48, 0x0f, 0x1f, 0x44, 0, 0, 0xcc, 0xc3];
        let after = [0xcc, 0x49, 0xe8, 1, 2, 3, 4, 0xcc, 0xcc];
        assert_eq!(changed(&before, &after).collect::<Vec<_>>(), [0, 2, 8]);
    }

    #[test]
    fn differences() {
        let set = |places: &[u64]| places.iter().copied().collect::<BTreeSet<u64>>();
        let found = |places: &[u64]| Breakpoints(set(places));
        let planned = set(&[1, 2]);
        let before = found(&[7]);
        assert_eq!(found(&[1, 2, 7]).against(&planned, &before), Attached::AsPlanned);
        assert_eq!(
            found(&[1]).against(&planned, &before),
            Attached::Missing(set(&[2]))
        );
        let wrong = Attached::Elsewhere {
            wrong: set(&[3]),
            missing: set(&[2]),
        };
        assert_eq!(found(&[1, 3]).against(&planned, &before), wrong);
    }

    #[test]
    fn a_decoy_has_no_breakpoints_by_itself() {
        let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/targets/shop/shop"));
        let decoy = Decoy::of(path).unwrap();
        #[expect(clippy::disallowed_methods, reason = "the test reads a program")]
        let file = std::fs::read(path).unwrap();
        assert_eq!(
            Breakpoints::of(decoy.process(), path, &file, std::slice::from_ref(&(0..u64::MAX)))
                .unwrap()
                .count(),
            0
        );
    }
}
