//! A recipe for a real program: its first comments say where the program is from and what its client's count has to
//! equal.

use super::TOOLCHAIN;
use crate::support::{Trouble, debian, go, repository};
use std::fs;
use std::path::{Path, PathBuf};

/// Where a program is from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// `package: rclone usr/bin/rclone`: of Debian's trixie, and the file in it.
    Package(String, String),
    /// `module: github.com/nats-io/nats-server/v2@v2.11.10`: what `go install` takes.
    Module(String),
    /// `sources: vault`: a directory beside the recipe with a program that calls what is traced, and counts itself.
    Own(String),
}

/// A recipe, its program and what is expected.
#[derive(Clone, Debug)]
pub(crate) struct Real {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) source: Source,
    /// `by: run`: it goes through `gobt run`.
    pub(crate) by_run: bool,
    /// `client: nats`: which of the client's, where that is not the recipe's name.
    pub(crate) client: String,
    pub(crate) expectations: Vec<String>,
}

impl Real {
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let (mut source, mut client, mut expectations) = (None, name.clone(), Vec::new());
        let mut by_run = false;
        for line in text.lines().map_while(|line| line.strip_prefix("//")) {
            match line.trim().split_once(": ") {
                Some(("package", value)) => {
                    source = value
                        .split_once(' ')
                        .map(|(name, file)| Source::Package(name.to_owned(), file.to_owned()));
                }
                Some(("module", value)) => source = Some(Source::Module(value.to_owned())),
                Some(("sources", value)) => source = Some(Source::Own(value.to_owned())),
                Some(("by", "run")) => by_run = true,
                Some(("client", value)) => value.clone_into(&mut client),
                Some(("expect", value)) => expectations.push(value.to_owned()),
                _ => {}
            }
        }
        match source {
            Some(source) if !expectations.is_empty() => Ok(Self {
                path: path.to_owned(),
                name,
                source,
                by_run,
                client,
                expectations,
            }),
            _ => Err(format!("{}: it needs a program and `expect:`", path.display())),
        }
    }

    /// The program's file, which is fetched or built the first time.
    pub(crate) fn program(&self) -> Result<PathBuf, Trouble> {
        match &self.source {
            Source::Package(package, file) => debian::program(package, file),
            Source::Module(module) => go::install(module, TOOLCHAIN),
            Source::Own(directory) => {
                let sources = repository().join("tests/real").join(directory);
                go::package(directory, TOOLCHAIN, "1", ".", &sources)
            }
        }
    }

    /// Where it is from, in few words.
    pub(crate) fn from(&self) -> String {
        match &self.source {
            Source::Package(package, _) => format!("Debian's `{package}`"),
            Source::Module(module) => format!("`{module}`"),
            Source::Own(directory) => format!("[tests/real/{directory}](../tests/real/{directory})"),
        }
    }
}
