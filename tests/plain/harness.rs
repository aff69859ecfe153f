//! The tests' own tools: what bpftrace and traced programs print is taken apart as it is meant, only a lack with a name
//! is skipped, and each way in which a trial can end is told.

use crate::support::files::files;
use crate::support::program::unquote;
use crate::support::suite::{Suite, trials};
use crate::support::trace::{Entry, Trace, Value};
use crate::support::trial::End;
use crate::support::trouble::not_fetched;
use crate::support::{Lack, Trouble, repository};

/// All trials.
pub fn suite() -> Suite {
    trials![
        output_is_taken_apart,
        warnings_and_losses_are_noticed,
        program_texts_are_unquoted,
        only_a_lack_is_skipped_and_nowhere_in_ci,
        no_test_is_left_out,
    ]
    .into()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn output_is_taken_apart() {
    let trace = Trace::of(
        &lines(
            "Attaching 3 probes...\nhello [x]: y\n\n@count: 7\n@a[1, main.Map[int,string]]: -3\n@lat[9]: \n[0]    1 |@|\n\
             [2K, 4K)    5 |@@@@@|\n[1M, ...)    2 |@@|\n\n@s[a, b]: count 4, average 2, total 9\n@t: { .count = 1, .average = -3, .total = -3 }\n@text: words here\n",
        ),
        &[],
    );
    assert_eq!(trace.lines, ["hello [x]: y"]);
    let entry = |name: &str| trace.map(name)[0].clone();
    assert_eq!(entry("@count").value, Value::Number(7));
    assert_eq!(entry("@a").keys, ["1", "main.Map[int,string]"]);
    let buckets = Value::Buckets(vec![(Some(0), 1), (Some(2048), 5), (Some(1 << 20), 2)]);
    assert_eq!(
        entry("@lat"),
        Entry {
            name: "@lat".into(),
            keys: vec!["9".into()],
            value: buckets
        }
    );
    assert_eq!(
        entry("@s").value,
        Value::Stats {
            count: 4,
            average: 2,
            total: 9
        }
    );
    assert_eq!(
        entry("@t").value,
        Value::Stats {
            count: 1,
            average: -3,
            total: -3
        }
    );
    assert_eq!(entry("@text").value, Value::Text("words here".into()));
}

fn warnings_and_losses_are_noticed() {
    let of = |stdout: &str, stderr: &str| Trace::of(&lines(stdout), &lines(stderr));
    assert_eq!(of("", "Attached 3 probes\n").complaints(&[]), None);
    assert!(of("Lost 3 events\n", "").complaints(&[]).is_some());
    let warned = of(
        "",
        "a.bt:3:1-4: WARNING: Return value discarded.\ndelete(@a);\n~~~\n",
    );
    assert!(warned.complaints(&[]).is_some());
}

fn program_texts_are_unquoted() {
    assert_eq!(
        unquote(r#""a\"b\\ \n\t\x07\u20ac\U0001f600""#).as_deref(),
        Some("a\"b\\ \n\t\x07€😀")
    );
    assert_eq!(unquote("\"open"), None);
}

fn only_a_lack_is_skipped_and_nowhere_in_ci() {
    let lack = || Err(Lack::Uprobes.into());
    let wrong = || Err(Trouble::Failed("wrong".into()));
    assert_eq!(End::of(Ok(()), true), End::Passed);
    assert_eq!(End::of(wrong(), false), End::Failed("wrong".into()));
    assert!(matches!(End::of(lack(), false), End::Skipped(why) if why.contains("uprobes")));
    assert!(matches!(End::of(lack(), true), End::Failed(why) if why.contains("uprobes")));
    let unreachable = "go: download go1.9: Get \"x\": dial tcp: lookup x: no such host";
    assert!(matches!(
        not_fetched("Go", unreachable),
        Trouble::Lacks(Lack::Network(_))
    ));
    for other in [
        "go: download go1.9 for linux/amd64: toolchain not available",
        "write: no space left on device after dial tcp",
        "",
    ] {
        assert!(matches!(not_fetched("Go", other), Trouble::Failed(why) if why.contains(other)));
    }
}

/// These binaries have no harness of Rust's, without which the compiler drops functions with its attribute and says
/// nothing.
fn no_test_is_left_out() {
    let attribute = ["#[", "test]"].concat();
    for path in files(&repository().join("tests"), "rs") {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            !text.contains(&attribute),
            "{} has {attribute}: name the function in its suite's list instead",
            path.display()
        );
    }
}
