//! Writing: a whole file or nothing, and a standard output that may be closed early.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};

/// Writes `text` to standard output. A reader that has gone away (`| head`) is no error.
///
/// # Errors
/// When it cannot be written for another reason, such as a full disk.
pub fn to_stdout(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Writes `text` to standard error, where failing helps nobody.
pub fn to_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Gives the file `path` the content `text`, or leaves everything as it was.
///
/// The text goes to a new file beside it, which then takes its place together with its mode and, where that is allowed, its owner. A symbolic link
/// stays one. What is no regular file (`/dev/null`, a pipe) is written to as it is.
///
/// # Errors
/// When the file or a new one in its directory cannot be written.
pub fn write_file(path: &Path, text: &str) -> io::Result<()> {
    // A link's target is what is replaced, not the link.
    let target = match path.canonicalize() {
        Ok(target) => target,
        Err(error) if error.kind() == ErrorKind::NotFound => path.to_path_buf(),
        Err(error) => return Err(error),
    };
    // Opening fails where writing is forbidden, which replacing would not notice.
    match OpenOptions::new().write(true).open(&target) {
        Ok(mut file) => {
            let metadata = file.metadata()?;
            if metadata.is_file() {
                replace(&target, text, Some(&metadata))
            } else {
                file.write_all(text.as_bytes())
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => replace(&target, text, None),
        Err(error) => Err(error),
    }
}

fn replace(target: &Path, text: &str, like: Option<&fs::Metadata>) -> io::Result<()> {
    let (mut file, beside) = Beside::create(target)?;
    file.write_all(text.as_bytes())?;
    if let Some(metadata) = like {
        // Only root may give a file away; for others it is their own already.
        let _ = fchown(&file, Some(metadata.uid()), Some(metadata.gid()));
        file.set_permissions(metadata.permissions())?;
    }
    file.sync_all()?;
    beside.take_place_of(target)
}

/// A file that is removed again unless it takes its place.
struct Beside {
    path: PathBuf,
    placed: bool,
}

impl Beside {
    fn create(target: &Path) -> io::Result<(File, Self)> {
        let name = target
            .file_name()
            .ok_or_else(|| io::Error::from(ErrorKind::IsADirectory))?;
        let mut attempt = 0_u32;
        loop {
            let mut beside = std::ffi::OsString::from(".");
            beside.push(name);
            beside.push(format!(".{}-{attempt}.tmp", std::process::id()));
            let path = target.with_file_name(beside);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok((file, Self { path, placed: false })),
                Err(error) if error.kind() == ErrorKind::AlreadyExists && attempt < 100 => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    fn take_place_of(mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.placed = true;
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.placed {
            let _ = fs::remove_file(&self.path);
        }
    }
}
