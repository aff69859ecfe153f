//! Programs as Debian ships them: stripped, without DWARF, linked with the system's libraries.

use super::bpftrace::{Release, root};
use super::trouble::{all_said, need_root, not_fetched};
use super::{Trouble, cache, once};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Fetches the packages `$@` into `$place`, with the `apt-get` of a root and in a namespace of mounts of its own:
/// neither the root nor this machine's list of packages changes. The archives are taken apart there too, into a
/// directory for each.
const FETCH: &str = r#"
    set -e
    root=$1; place=$2; shift 2
    mount --bind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp"
    mkdir "$root/tmp/packages"; mount --bind "$place" "$root/tmp/packages"
    exec chroot "$root" sh -c '
        set -e
        cd /tmp/packages; mkdir -p lists/partial archives/partial
        apt() { apt-get -qq -o Dir::State::lists=$PWD/lists -o Dir::Cache=$PWD -o APT::Sandbox::User=root "$@"; }
        apt update; apt download "$1"
        rm -rf new; dpkg-deb -x "$1"_*.deb new; mv new "$1"; rm -rf "$1"_*.deb lists archives
    ' sh "$@"
"#;

/// The file at this path of a package of Debian's trixie.
pub fn program(package: &str, path: &str) -> Result<PathBuf, Trouble> {
    need_root()?;
    let root = root(Release::V0_23)?;
    let home = cache().join("debian");
    fs::create_dir_all(&home)?;
    let file = home.join(package).join(path);
    let done = || file.is_file().then(|| file.clone());
    once(&home.join("lock"), done, || {
        let output = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "sh", "-c", FETCH, "fetch"])
            .args([&root, &home])
            .arg(package)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            return Err(not_fetched(&format!("Debian's {package}"), &all_said(&output)));
        }
        done().ok_or_else(|| format!("Debian's {package} has no {path}").into())
    })
}
