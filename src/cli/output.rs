//! Writing: a whole file or nothing, and a standard output that may be closed early.

use super::signals::uninterrupted;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
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

/// Writes `text` to standard error; a failure is ignored, since it could not be reported.
pub fn to_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Gives the file `path` the content `text`, or leaves everything as it was.
///
/// The text goes to a new file beside it, which then takes its place together with its mode and, where that is allowed,
/// its owner. A symbolic link stays one. If it is not a regular file (`/dev/null`, a pipe), the text is written to it
/// directly.
///
/// # Errors
/// When the file or a new one in its directory cannot be written.
pub fn write_file(path: &Path, text: impl AsRef<[u8]>) -> io::Result<()> {
    let text = text.as_ref();
    let target = target(path)?;
    // Opening it fails if writing is not permitted, which replacing it would not notice.
    match OpenOptions::new().write(true).open(&target) {
        Ok(mut file) => {
            let metadata = file.metadata()?;
            if metadata.is_file() {
                replace(&target, text, Some(&metadata))
            } else {
                file.write_all(text)
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => replace(&target, text, None),
        Err(error) => Err(error),
    }
}

/// The link's target is replaced, not the link.
fn target(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(path.to_path_buf()),
        found => found,
    }
}

/// Only root may give a file away; for others it is their own already.
fn become_like(file: &File, metadata: &fs::Metadata) -> io::Result<()> {
    let _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
    file.set_permissions(metadata.permissions())
}

fn replace(target: &Path, text: &[u8], like: Option<&fs::Metadata>) -> io::Result<()> {
    // Otherwise Ctrl-C would leave the new file behind.
    uninterrupted(|| place(target, text, like))
}

fn place(target: &Path, text: &[u8], like: Option<&fs::Metadata>) -> io::Result<()> {
    let (mut file, beside) = Beside::create(target)?;
    file.write_all(text)?;
    if let Some(metadata) = like {
        become_like(&file, metadata)?;
    }
    file.sync_all()?;
    beside.take_place_of(target)
}

/// A file that is written bit by bit: it has another name, beside its own, until it is whole.
///
/// If it is not a regular file (`/dev/null`, a pipe), it is written to directly.
pub(super) struct Whole {
    out: BufWriter<File>,
    /// The name that it takes, and its own until then.
    place: Option<(PathBuf, Beside)>,
    /// The first problem: what comes behind it is not written, and the file does not get its name.
    problem: Option<io::Error>,
}

impl Whole {
    /// Begins it.
    ///
    /// # Errors
    /// When the file or a new one in its directory cannot be written.
    pub(super) fn begin(path: &Path) -> io::Result<Self> {
        let target = target(path)?;
        let like = match OpenOptions::new().write(true).open(&target) {
            Ok(file) => {
                let metadata = file.metadata()?;
                if !metadata.is_file() {
                    return Ok(Self {
                        out: BufWriter::new(file),
                        place: None,
                        problem: None,
                    });
                }
                Some(metadata)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let (file, beside) = Beside::create(&target)?;
        if let Some(metadata) = like {
            become_like(&file, &metadata)?;
        }
        Ok(Self {
            out: BufWriter::new(file),
            place: Some((target, beside)),
            problem: None,
        })
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// When it cannot be written, such as on a full disk.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        self.out.flush()?;
        match self.place {
            Some((target, beside)) => {
                self.out.get_ref().sync_all()?;
                beside.take_place_of(&target)
            }
            None => Ok(()),
        }
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        if let Err(problem) = &written
            && problem.kind() != ErrorKind::Interrupted
            && self.problem.is_none()
        {
            self.problem = Some(io::Error::from(problem.kind()));
        }
        written
    }

    /// Nobody reads it before it is whole.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests look at what was written")]
mod tests {
    use super::{Whole, write_file};
    use std::fs;
    use std::io::Write as _;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::{Path, PathBuf};

    /// A directory of its own for a test, removed at its end.
    struct Directory(PathBuf);

    impl Directory {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("gobt-output-{}-{name}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn entries(&self) -> Vec<String> {
            let mut names: Vec<_> = fs::read_dir(&self.0)
                .unwrap()
                .map(|e| e.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        }
    }

    impl Drop for Directory {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn writes_and_replaces() {
        let directory = Directory::new("replace");
        let path = directory.0.join("a.bt");
        write_file(&path, "one").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o751)).unwrap();
        write_file(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o751);
        assert_eq!(directory.entries(), ["a.bt"]);
    }

    #[test]
    fn what_is_written_bit_by_bit_has_its_name_when_it_is_whole() {
        let directory = Directory::new("whole");
        let path = directory.0.join("a.rec");
        let mut file = Whole::begin(&path).unwrap();
        file.write_all(b"one ").unwrap();
        assert!(!path.exists());
        drop(file);
        assert!(directory.entries().is_empty());
        let mut file = Whole::begin(&path).unwrap();
        file.write_all(b"one ").unwrap();
        file.write_all(b"two").unwrap();
        file.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one two");
        assert_eq!(directory.entries(), ["a.rec"]);
    }

    #[test]
    fn a_full_disk_is_told_at_the_end() {
        let mut file = Whole::begin(Path::new("/dev/full")).unwrap();
        let large = vec![b'x'; 1 << 16];
        assert!(file.write_all(&large).is_err());
        assert!(file.finish().is_err());
        let mut file = Whole::begin(Path::new("/dev/full")).unwrap();
        file.write_all(b"little").unwrap();
        assert!(file.finish().is_err());
    }

    #[test]
    fn follows_links() {
        let directory = Directory::new("links");
        let (file, link) = (directory.0.join("file"), directory.0.join("link"));
        fs::write(&file, "one").unwrap();
        symlink("file", &link).unwrap();
        write_file(&link, "two").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
    }

    #[test]
    fn leaves_devices_and_directories_alone() {
        let directory = Directory::new("devices");
        write_file(Path::new("/dev/null"), "text").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        assert!(write_file(&directory.0, "text").is_err());
        assert!(write_file(&directory.0.join("missing/a.bt"), "text").is_err());
        assert!(write_file(Path::new(""), "text").is_err());
        assert!(write_file(Path::new("/"), "text").is_err());
        assert!(directory.entries().is_empty());
    }
}
