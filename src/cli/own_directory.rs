//! The directory of a run's own files, which is gone when the run is; and those of runs that were killed, which the
//! next one removes.
//!
//! A directory belongs to a run as long as that holds a lock on a file in it: the kernel takes the lock away when the
//! process ends, in whatever way, and gives it to no other process that has the same number.

use rustix::fs::{FlockOperation, flock};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use tempfile::TempDir;

/// What their names begin with.
const PREFIX: &str = "gobt-";
/// The file that is locked, and what is in it: nothing else is removed than what has it.
const LOCK: &str = ".gobt-run";
const CONTENT: &[u8] = b"a run of gobt\n";
/// So many are made.
const TRIES: u32 = 4;

/// A directory of this run's own.
#[derive(Debug)]
pub(super) struct OwnDirectory {
    directory: TempDir,
    _locked: File,
}

impl OwnDirectory {
    /// Makes one below `$TMPDIR` or `/tmp`, and removes those that killed runs have left there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn make() -> io::Result<Self> {
        let parent = std::env::temp_dir();
        let made = Self::within(&parent)?;
        remove_left(&parent);
        Ok(made)
    }

    fn within(parent: &Path) -> io::Result<Self> {
        let mut last = None;
        for _ in 0..TRIES {
            let private = fs::Permissions::from_mode(0o700);
            let mut builder = tempfile::Builder::new();
            let directory = builder.prefix(PREFIX).permissions(private).tempdir_in(parent)?;
            match lock(directory.path()) {
                Ok(locked) => {
                    return Ok(Self {
                        directory,
                        _locked: locked,
                    });
                }
                // Another run took it for one that was left.
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| io::ErrorKind::Other.into()))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }
}

/// Makes the lock of a new directory, and takes it.
fn lock(directory: &Path) -> io::Result<File> {
    let path = directory.join(LOCK);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(rustix::io::Errno::WOULDBLOCK) => return Err(io::ErrorKind::WouldBlock.into()),
        // The file system has no locks: nobody ever takes it for one that was left.
        Err(_) => return Ok(file),
    }
    // Until it is written, nobody takes it for a lock.
    file.write_all(CONTENT)?;
    let is_there = fs::symlink_metadata(&path)?.ino() == file.metadata()?.ino();
    is_there
        .then_some(file)
        .ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Removes what runs that were killed have left in a directory, without a word.
fn remove_left(parent: &Path) {
    let own = rustix::process::geteuid().as_raw();
    let Ok(metadata) = fs::metadata(parent) else {
        return;
    };
    // Where others can rename what is ours, a path may lead elsewhere a moment later.
    let mode = metadata.permissions().mode();
    let is_safe = [0, own].contains(&metadata.uid()) && (mode & 0o022 == 0 || mode & 0o1000 != 0);
    let Some(entries) = fs::read_dir(parent).ok().filter(|_| is_safe) else {
        return;
    };
    for entry in entries.flatten() {
        let is_named = entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(PREFIX));
        if !is_named {
            continue;
        }
        let path = entry.path();
        if let Some(_held) = left(&path, own) {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

/// The lock of a directory that was left, which this process now holds; nothing if it is no such directory, or if its
/// run goes on.
fn left(directory: &Path, own: u32) -> Option<File> {
    let is_own = |found: &fs::Metadata| found.uid() == own && found.permissions().mode() & 0o077 == 0;
    // Not of what a link leads to.
    let found = fs::symlink_metadata(directory).ok()?;
    if !found.is_dir() || !is_own(&found) {
        return None;
    }
    let options = libc::O_NOFOLLOW | libc::O_NONBLOCK;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(options)
        .open(directory.join(LOCK))
        .ok()?;
    let metadata = file.metadata().ok()?;
    if !metadata.is_file() || !is_own(&metadata) {
        return None;
    }
    flock(&file, FlockOperation::NonBlockingLockExclusive).ok()?;
    let mut content = Vec::new();
    let longest = CONTENT.len() as u64 + 1;
    (&file).take(longest).read_to_end(&mut content).ok()?;
    (content == CONTENT).then_some(file)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the test writes what is left alone")]
mod tests {
    use super::{CONTENT, LOCK, OwnDirectory, remove_left};
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn what_was_left_is_removed_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let at = |name: &str| parent.path().join(name);
        let lives = OwnDirectory::within(parent.path()).unwrap();
        fs::write(lives.path().join("run.bt"), "").unwrap();
        let killed = OwnDirectory::within(parent.path()).unwrap();
        let left = killed.path().to_owned();
        // A process that is killed drops nothing, but has its files closed.
        let killed = std::mem::ManuallyDrop::new(killed);
        #[expect(unsafe_code, reason = "closes what the directory will never close")]
        // SAFETY: nobody uses the file any more.
        drop(unsafe { std::ptr::read(&raw const killed._locked) });
        let private = |path: &std::path::Path| {
            fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
        };
        for (name, file) in [("gobt-notes", "notes"), ("gobt-other", LOCK), ("else", LOCK)] {
            fs::create_dir(at(name)).unwrap();
            private(&at(name));
            let content = if name == "else" { CONTENT } else { b"mine\n" };
            fs::write(at(name).join(file), content).unwrap();
            private(&at(name).join(file));
        }
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join(LOCK), CONTENT).unwrap();
        private(&elsewhere.path().join(LOCK));
        symlink(elsewhere.path(), at("gobt-link")).unwrap();
        fs::create_dir(left.join("inside")).unwrap();
        symlink(elsewhere.path(), left.join("inside").join("link")).unwrap();

        remove_left(parent.path());
        assert!(!left.exists());
        assert!(lives.path().join("run.bt").exists());
        for name in [
            "gobt-notes/notes",
            "gobt-other/.gobt-run",
            "else/.gobt-run",
            "gobt-link/.gobt-run",
        ] {
            assert!(at(name).exists(), "{name}");
        }
        assert!(elsewhere.path().join(LOCK).exists());
        let path = lives.path().to_owned();
        drop(lives);
        assert!(!path.exists());
    }

    #[test]
    fn a_directory_where_others_can_rename_is_left_alone() {
        let parent = tempfile::tempdir().unwrap();
        let left = parent.path().join("gobt-1");
        fs::create_dir(&left).unwrap();
        fs::set_permissions(&left, fs::Permissions::from_mode(0o700)).unwrap();
        fs::write(left.join(LOCK), CONTENT).unwrap();
        fs::set_permissions(left.join(LOCK), fs::Permissions::from_mode(0o600)).unwrap();
        for (mode, stays) in [(0o777, true), (0o1777, false)] {
            fs::set_permissions(parent.path(), fs::Permissions::from_mode(mode)).unwrap();
            remove_left(parent.path());
            assert_eq!(left.exists(), stays, "{mode:o}");
        }
    }
}
