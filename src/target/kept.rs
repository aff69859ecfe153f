//! Large sections of debug information, kept inflated between runs in the user's cache directory.
//!
//! A kept file is found by a BLAKE3 hash of the section as it stands compressed in the executable, computed anew in
//! every run: what is found belongs to these very bytes, whatever the file's name, build id or time of change. What it
//! holds is checked against a checksum before it is used. Files that are not exactly so are ignored and written anew,
//! and so is what is not the user's own, or others may write to. Nothing ever has to be kept: where that fails the
//! section is inflated into memory, and nobody is told.
//!
//! Several runs may be at it at once: files are written beside, under names of their own, and then renamed; they are
//! never changed.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use memmap2::{Mmap, MmapOptions};
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, RawMode, Stat, Timespec, Timestamps, UTIME_OMIT};
use twox_hash::xxhash3_128::Hasher as Checksum;

use crate::target::inflate::{Failed, inflate};

/// What a kept file begins with. Another layout gets another number; what the bytes mean depends on no release of gobt.
const MAGIC: &[u8; 16] = b"gobt inflated 1\n";
/// Where the inflated bytes begin. Before them stand magic, hash (32 bytes), the inflated bytes' number (8) and
/// checksum (16), zeros.
const START: usize = 128;
/// What the names of kept files end with.
const SUFFIX: &str = ".section";
/// What the names of files begin with that are still being written.
const UNFINISHED: &str = ".new-";

/// Inflated bytes from which on a section is kept: those take longer to inflate than to read, some 20 ms.
const SMALLEST: u64 = 4 << 20;
/// Inflated bytes up to which it is.
const LARGEST: u64 = 256 << 20;
/// What all files together may come to.
const MOST_BYTES: u64 = 512 << 20;
/// How many there may be.
const MOST_FILES: usize = 500;
/// What is still unfinished after this was left by a run that died.
const ABANDONED: Duration = Duration::from_secs(3600);
/// How exactly it is known when a file was used last.
const USED_AGAIN: Duration = Duration::from_secs(600);

/// A directory of kept sections.
#[derive(Debug)]
pub(crate) struct Kept {
    parent: PathBuf,
    directory: OnceLock<Option<OwnedFd>>,
    smallest: u64,
    most: u64,
}

/// An inflated section in a file.
#[derive(Debug)]
pub(crate) struct Mapped(Mmap);

impl Mapped {
    /// The inflated bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.get(START..).unwrap_or_default()
    }
}

/// Where a section is to be kept.
struct Place {
    hash: [u8; 32],
    size: u64,
    name: String,
}

impl Place {
    fn of(compressed: &[u8], size: u64) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(MAGIC);
        hasher.update(&size.to_le_bytes());
        hasher.update_rayon(compressed);
        let hash = hasher.finalize();
        let name = hash.to_hex().get(..32).unwrap_or_default().to_owned() + SUFFIX;
        Self {
            hash: *hash.as_bytes(),
            size,
            name,
        }
    }

    /// The first bytes of the file, for bytes that have this checksum.
    fn header(&self, checksum: u128) -> [u8; START] {
        let mut header = [0; START];
        let parts = [
            MAGIC.as_slice(),
            &self.hash,
            &self.size.to_le_bytes(),
            &checksum.to_le_bytes(),
        ];
        for (at, byte) in header.iter_mut().zip(parts.concat()) {
            *at = byte;
        }
        header
    }
}

impl Kept {
    /// What is kept in the directory `gobt` of `parent`, the user's directory for such things. Nothing is looked at
    /// yet.
    pub(crate) fn within(parent: PathBuf) -> Self {
        Self {
            parent,
            directory: OnceLock::new(),
            smallest: SMALLEST,
            most: MOST_BYTES,
        }
    }

    /// The section that `compressed` inflates to, from its file, or into it. None where no file can be had for it, or
    /// where it cannot be inflated.
    pub(crate) fn inflated(&self, compressed: &[u8], size: u64) -> Option<Mapped> {
        if !(self.smallest..=LARGEST.min(self.most)).contains(&size) {
            return None;
        }
        let directory = self.directory()?;
        let place = Place::of(compressed, size);
        find(directory, &place).or_else(|| self.keep(directory, &place, compressed))
    }

    fn directory(&self) -> Option<&OwnedFd> {
        let opened = self.directory.get_or_init(|| {
            let parent = open_directory(rustix::fs::CWD, &self.parent, OFlags::empty())?;
            // Symbolic links may lead to the user's directory, but not from there.
            open_directory(&parent, "gobt", OFlags::NOFOLLOW)
        });
        opened.as_ref()
    }

    /// Inflates a section into a file that takes its place when it is whole.
    fn keep(&self, directory: &OwnedFd, place: &Place, compressed: &[u8]) -> Option<Mapped> {
        self.make_room(directory, place);
        let unfinished = Unfinished::create(directory)?;
        unfinished.file.write_all_at(&[0; START], 0).ok()?;
        let mut checksum = Checksum::new();
        let mut at = START as u64;
        let written = inflate(compressed, place.size, &mut |piece| {
            checksum.write(piece);
            unfinished.file.write_all_at(piece, at)?;
            at = at.saturating_add(piece.len() as u64);
            Ok(())
        });
        match written {
            Ok(()) => {}
            Err(Failed::Damaged(_) | Failed::Refused(_)) => return None,
        }
        let header = place.header(checksum.finish_128());
        unfinished.file.write_all_at(&header, 0).ok()?;
        let map = map(&unfinished.file)?;
        // Even if it cannot be kept, it can be used.
        unfinished.finish(&place.name);
        Some(Mapped(map))
    }

    /// Removes the files that were not used for longest until there is room for another, and what died runs have left.
    fn make_room(&self, directory: &OwnedFd, place: &Place) {
        let Ok(entries) = Dir::read_from(directory) else {
            return;
        };
        let remove = |name: &std::ffi::CStr| {
            let _ = rustix::fs::unlinkat(directory, name, AtFlags::empty());
        };
        let mut files = Vec::new();
        for entry in entries.flatten() {
            let name = entry.file_name().to_bytes();
            let unfinished = name.starts_with(UNFINISHED.as_bytes());
            if !unfinished && !name.ends_with(SUFFIX.as_bytes()) {
                continue;
            }
            let Ok(stat) = rustix::fs::statat(directory, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW) else {
                continue;
            };
            let time = changed(&stat);
            if unfinished {
                if age(time) > ABANDONED {
                    remove(entry.file_name());
                }
                continue;
            }
            let bytes = u64::try_from(stat.st_size).unwrap_or(0);
            files.push((time, entry.file_name().to_owned(), bytes));
        }
        files.sort_unstable();
        let room = self.most.saturating_sub(place.size.saturating_add(START as u64));
        let mut bytes: u64 = files.iter().map(|(_, _, bytes)| bytes).sum();
        let mut count = files.len();
        for (_, name, size) in &files {
            if bytes <= room && count < MOST_FILES {
                break;
            }
            remove(name);
            bytes = bytes.saturating_sub(*size);
            count -= 1;
        }
    }
}

/// A file that is being written, removed again unless it is finished.
struct Unfinished<'d> {
    directory: &'d OwnedFd,
    name: String,
    file: File,
}

impl<'d> Unfinished<'d> {
    fn create(directory: &'d OwnedFd) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let nanoseconds = now.map_or(0, |now| now.subsec_nanos());
        let name = format!("{UNFINISHED}{}-{number}-{nanoseconds}", std::process::id());
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = rustix::fs::openat(directory, name.as_str(), flags, Mode::RUSR | Mode::WUSR).ok()?;
        Some(Self {
            directory,
            name,
            file: File::from(file),
        })
    }

    /// Gives the file its name, in place of what has it.
    fn finish(mut self, name: &str) {
        if rustix::fs::renameat(self.directory, self.name.as_str(), self.directory, name).is_ok() {
            self.name.clear();
        }
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if !self.name.is_empty() {
            let _ = rustix::fs::unlinkat(self.directory, self.name.as_str(), AtFlags::empty());
        }
    }
}

/// The directory of this name, made if it is not there; none if it is not the user's own alone.
fn open_directory(
    at: impl std::os::fd::AsFd,
    name: impl rustix::path::Arg + Copy,
    flags: OFlags,
) -> Option<OwnedFd> {
    let flags = flags | OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let open = || rustix::fs::openat(&at, name, flags, Mode::empty());
    let directory = match open() {
        Err(rustix::io::Errno::NOENT) => {
            let _ = rustix::fs::mkdirat(&at, name, Mode::RWXU);
            open().ok()?
        }
        opened => opened.ok()?,
    };
    is_own(&rustix::fs::fstat(&directory).ok()?).then_some(directory)
}

/// It belongs to who runs this, and nobody else may write to it.
fn is_own(stat: &Stat) -> bool {
    let others = Mode::WGRP | Mode::WOTH;
    stat.st_uid == rustix::process::geteuid().as_raw()
        && !Mode::from_raw_mode(stat.st_mode as RawMode).intersects(others)
}

/// The kept file at `place` if it is in order.
fn find(directory: &OwnedFd, place: &Place) -> Option<Mapped> {
    // Opening a pipe would wait for a writer.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = rustix::fs::openat(directory, place.name.as_str(), flags, Mode::empty()).ok()?;
    let stat = rustix::fs::fstat(&file).ok()?;
    let whole = place.size.checked_add(START as u64)?;
    let expected = FileType::from_raw_mode(stat.st_mode as RawMode) == FileType::RegularFile
        && is_own(&stat)
        && u64::try_from(stat.st_size) == Ok(whole);
    if !expected {
        return None;
    }
    let file = File::from(file);
    let mapped = Mapped(map(&file)?);
    let checksum = Checksum::oneshot(mapped.bytes());
    if mapped.0.get(..START)? != place.header(checksum) {
        return None;
    }
    if age(changed(&stat)) > USED_AGAIN {
        let now = rustix::fs::UTIME_NOW;
        let time = |tv_nsec| Timespec { tv_sec: 0, tv_nsec };
        let times = Timestamps {
            last_access: time(UTIME_OMIT),
            last_modification: time(now),
        };
        let _ = rustix::fs::futimens(&file, &times);
    }
    Some(mapped)
}

/// When a file was made or used last.
fn changed(stat: &Stat) -> SystemTime {
    let seconds = Duration::from_secs(u64::try_from(stat.st_mtime).unwrap_or(0));
    SystemTime::UNIX_EPOCH
        .checked_add(seconds)
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

/// How long that is ago; a time to come is now.
fn age(time: SystemTime) -> Duration {
    SystemTime::now().duration_since(time).unwrap_or_default()
}

fn map(file: &File) -> Option<Mmap> {
    #[expect(
        unsafe_code,
        reason = "mapping is what makes a kept section cheaper than inflating it"
    )]
    // SAFETY: the mapping is private and only read. Kept files are never changed, only removed or replaced by others;
    // they belong to the user alone. Should the user shorten one meanwhile, the process ends with SIGBUS.
    let map = unsafe { MmapOptions::new().populate().map(file) };
    map.ok()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests look at what was written")]
mod tests {
    use super::{Kept, START};
    use std::fs::{self, File};
    use std::io::Write as _;
    use std::path::PathBuf;
    use std::time::{Duration, SystemTime};

    const SIZE: usize = 10_000;

    fn kept(name: &str, most: u64) -> (PathBuf, Kept) {
        let place = std::env::temp_dir().join(format!("gobt-kept-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(&place).unwrap();
        let mut kept = Kept::within(place.clone());
        kept.smallest = 1;
        kept.most = most;
        (place, kept)
    }

    fn compressed(seed: u8) -> (Vec<u8>, Vec<u8>) {
        let bytes = vec![seed; SIZE];
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&bytes).unwrap();
        (encoder.finish().unwrap(), bytes)
    }

    fn files(place: &std::path::Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(place.join("gobt")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    #[test]
    fn the_oldest_make_room() {
        let one = (START + SIZE) as u64;
        let (place, kept) = kept("room", 3 * one + 10);
        let mut times = Vec::new();
        for seed in 0..6_u8 {
            let (compressed, bytes) = compressed(seed);
            let before = if seed == 0 { Vec::new() } else { files(&place) };
            assert_eq!(kept.inflated(&compressed, SIZE as u64).unwrap().bytes(), bytes);
            let new = files(&place)
                .into_iter()
                .find(|file| !before.contains(file))
                .unwrap();
            // The first is used last.
            let age = if seed == 0 { 0 } else { 100 - u64::from(seed) };
            let time = SystemTime::now() - Duration::from_secs(age);
            File::options()
                .write(true)
                .open(&new)
                .unwrap()
                .set_modified(time)
                .unwrap();
            times.push(new);
            assert!(files(&place).len() <= 3);
        }
        let left = files(&place);
        assert!(left.contains(&times[0]) && left.contains(&times[5]), "{left:?}");
        fs::remove_dir_all(&place).unwrap();
    }

    #[test]
    fn what_died_runs_have_left_is_removed() {
        let (place, kept) = kept("died", 1 << 20);
        let (first, _) = compressed(1);
        kept.inflated(&first, SIZE as u64).unwrap();
        let (old, new, other) = (
            place.join("gobt/.new-1-1-1"),
            place.join("gobt/.new-2-2-2"),
            place.join("gobt/notes"),
        );
        for file in [&old, &new, &other] {
            let file = File::create(file).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(4000))
                .unwrap();
        }
        File::options()
            .write(true)
            .open(&new)
            .unwrap()
            .set_modified(SystemTime::now())
            .unwrap();
        let (second, _) = compressed(2);
        kept.inflated(&second, SIZE as u64).unwrap();
        assert!(!old.exists() && new.exists() && other.exists());
        fs::remove_dir_all(&place).unwrap();
    }

    #[test]
    fn what_cannot_be_inflated_is_not_kept() {
        let (place, kept) = kept("damaged", 1 << 20);
        let (mut compressed, _) = compressed(1);
        assert!(kept.inflated(&compressed, SIZE as u64 + 1).is_none());
        *compressed.last_mut().unwrap() ^= 1;
        assert!(kept.inflated(&compressed, SIZE as u64).is_none());
        assert!(files(&place).is_empty());
        fs::remove_dir_all(&place).unwrap();
    }
}
