//! Profiles that gobt writes, read by Go's own pprof.

use crate::support::Trouble;
use crate::support::go;
use crate::support::place::Place;
use crate::support::suite::{Suite, trials};
use gobt::run::paths::{Frame, Heading, Measure, Paths, Unit};

/// All trials.
pub fn suite() -> Suite {
    trials![pprof_reads_what_was_written].into()
}

fn frame(function: &str, file: &str, line: u32) -> Frame {
    Frame {
        function: function.to_owned(),
        file: file.to_owned(),
        line,
    }
}

fn pprof(form: &[&str], file: &str) -> Result<String, Trouble> {
    let output = go::go_command("1.27.3")
        .args(["tool", "pprof"])
        .args(form)
        .arg(file)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    // Nothing is missing that it would ask for.
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn pprof_reads_what_was_written() -> Result<(), Trouble> {
    go::bring("1.27.3")?;
    let measures = vec![
        Measure::new("calls", Unit::Count),
        Measure::new("time", Unit::Nanoseconds),
    ];
    let mut paths = Paths::new(measures);
    let main = frame("main.main", "/src/main.go", 10);
    let other_line = frame("main.main", "/src/main.go", 11);
    let list = frame("main.list[...]", "/src/list.go", 20);
    let odd = frame("main.g[struct { A int; B string }]", "/src/with space.go", 0);
    paths.add([&main, &list, &odd], &[3, 1_000_000_000]);
    paths.add([&other_line, &list], &[5, 2_000_000_000]);
    paths.add([&other_line], &[1, 500_000_000]);
    let heading = Heading {
        program: "/bin/main".to_owned(),
        began: Some(1_700_000_000_000_000_000),
        lasted: Some(4_000_000_000),
        ..Heading::default()
    };
    let mut bytes = Vec::new();
    paths.write_pprof(&heading, &mut bytes)?;
    let place = Place::new("pprof");
    let file = place.file("a.pb.gz", bytes);

    let raw = pprof(&["-raw"], &file)?;
    let lines: Vec<String> = raw
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    for line in [
        "Duration: 4s",
        "calls/count time/nanoseconds",
        "3 1000000000: 3 2 1",
        "5 2000000000: 2 4",
        "1 500000000: 4",
        "1: 0x0 M=1 main.main /src/main.go:10:0 s=0",
        "3: 0x0 M=1 main.g[struct { A int; B string }] /src/with space.go:0:0 s=0",
        "4: 0x0 M=1 main.main /src/main.go:11:0 s=0",
        "1: 0x0/0x0/0x0 /bin/main [FN][FL][LN][IN]",
    ] {
        assert!(lines.iter().any(|found| found.starts_with(line)), "{line}\n{raw}");
    }

    let top = pprof(&["-top", "-cum"], &file)?;
    let rows: Vec<Vec<&str>> = top
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let row = |name: &str| {
        let found = rows.iter().find(|row| row.get(5) == Some(&name));
        found.map(|row| (row[0], row[3])).ok_or_else(|| top.clone())
    };
    assert_eq!(row("main.main")?, ("500ms", "3500ms"));
    assert_eq!(row("main.list[...]")?, ("2000ms", "3000ms"));
    let calls = pprof(&["-top", "-sample_index=calls"], &file)?;
    assert!(calls.contains("9 total"), "{calls}");
    Ok(())
}
