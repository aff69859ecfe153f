//! Tests that pass where this machine lacks what they need, with a line that says so.

use super::Trouble;
use libtest_mimic::{Failed, Trial};

/// Such a test among those of libtest-mimic.
pub fn trial(name: String, run: impl FnOnce() -> Result<(), Trouble> + Send + 'static) -> Trial {
    Trial::test(name.clone(), move || match run() {
        Ok(()) => Ok(()),
        Err(Trouble::Skipped(skipped)) => {
            eprintln!("{name}: {skipped}");
            Ok(())
        }
        Err(Trouble::Failed(why)) => Err(Failed::from(why)),
    })
}

/// The end of such a test where Rust's own harness runs it.
pub fn pass_or_skip(result: Result<(), Trouble>) {
    match result {
        Ok(()) => {}
        Err(Trouble::Skipped(skipped)) => eprintln!("{skipped}"),
        Err(Trouble::Failed(why)) => panic!("{why}"),
    }
}
