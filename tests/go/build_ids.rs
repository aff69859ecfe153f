//! Bazel gives every program one build id, and some have none: scripts tell builds apart by other things then.

use crate::support::Trouble;
use crate::support::go;
use crate::support::place::Place;
use crate::support::run::gobt;
use crate::support::suite::{Suite, trials};

/// All trials.
pub fn suite() -> Suite {
    trials![builds_with_one_build_id_are_told_apart].into()
}

fn builds_with_one_build_id_are_told_apart() -> Result<(), Trouble> {
    go::bring("1.27.3")?;
    let place = Place::new("redacted");
    place.file("go.mod", "module example.com/x\n");
    let recipe = place.file("a.gobt", "on main.work { print \"{arg it.Large} {arg err}\" }\n");
    let source = "package main

type item struct {
    Small int
    Large int
}

func main() { work(&item{1, 1000}, nil) }

//go:noinline
func work(it *item, err error) {}
";
    // What work() does is the same in each, the code of nothing that is probed differs.
    let moved = source.replace("    Small int\n    Large int\n", "    Large int\n    Small int\n");
    let another = source.replace("err error) {}", "err error) { println(1) }");
    for flags in ["-buildid=redacted", "-buildid= -B none"] {
        let build = |source: &str| -> Result<String, Trouble> {
            place.file("main.go", source);
            let built = go::go_command("1.27.3")
                .args(["build", "-ldflags", flags, "-o", "app", "."])
                .current_dir(&place.0)
                .output()?;
            assert!(
                built.status.success(),
                "{}",
                String::from_utf8_lossy(&built.stderr)
            );
            Ok(place.path("app"))
        };
        let program = build(source)?;
        let made = place.path("a.bt");
        assert_eq!(
            gobt(&["compile", &recipe, "--bin", &program, "-o", &made]).code,
            0
        );
        for (source, word) in [
            (&moved, "`main.item.Large` was at 8, is at 0"),
            (&another, "the code of `main.work`"),
        ] {
            build(source)?;
            let ran = gobt(&["check", &made]);
            ran.fails(1, "E0515");
            assert!(ran.err.contains(word), "{}", ran.err);
        }
        build(source)?;
        assert_eq!(gobt(&["check", &made]).code, 0);
    }
    Ok(())
}
