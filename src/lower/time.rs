//! Spans and points in time: what Go would print, computed by the script, since bpftrace only knows the time since
//! boot.

use super::Fragment;
use super::values::{arg, equals, text};
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::{Expr, Number, Value};

impl Writer<'_> {
    /// A span of time: as Go prints it; for the time a call took, which is a measurement, with three decimals; and in a
    /// line that has other forms already, as a whole number of the largest unit that it is one of; in a crowded probe,
    /// as nanoseconds.
    pub(super) fn duration_fragments(&mut self, n: &Number) -> Vec<Fragment> {
        if n.expr == Expr::Elapsed {
            self.measured_fragments(n)
        } else if self.style.crowded {
            let directive = if n.signed { "%lld" } else { "%llu" };
            vec![arg(directive, self.number(n)), text("ns")]
        } else if self.line.plain_spans {
            self.whole_fragments(n)
        } else {
            self.go_duration_fragments(n)
        }
    }

    /// `1500us`: exact, and one form for all.
    fn whole_fragments(&mut self, n: &Number) -> Vec<Fragment> {
        let span = self.number(n);
        let span = self.once("_span", span);
        let signed = |n: i128| Bt::Int(n);
        let mut out = Vec::new();
        let mut size = span.clone();
        if n.signed {
            let negative = span.clone().binary("<", signed(0));
            out.push(arg(
                "%s",
                self.text_if("_minus", "", vec![(negative.clone(), "-")]),
            ));
            let opposite = Bt::Unary("-", Box::new(span.clone())).cast("uint64");
            size = self.value_if("_nanoseconds", span.cast("uint64"), vec![(negative, opposite)]);
        }
        let divides = |unit: i128| size.clone().binary("%", Bt::Int(unit)).binary("==", Bt::Int(0));
        let n = |n: i128| Bt::Int(n).cast("uint64");
        let units = [(1_000_000_000, "s"), (1_000_000, "ms"), (1000, "µs")];
        let sizes = units.iter().map(|(unit, _)| (divides(*unit), n(*unit))).collect();
        let names = units.iter().map(|(unit, name)| (divides(*unit), *name)).collect();
        let unit = self.value_if("_unit_size", n(1), sizes);
        let name = self.text_if("_unit", "ns", names);
        out.extend([arg("%llu", size.binary("/", unit)), arg("%s", name)]);
        out
    }

    /// `1.250ms`: thousandths of the largest unit that is not larger than the span.
    fn measured_fragments(&mut self, n: &Number) -> Vec<Fragment> {
        let span = self.number(n);
        let span = self.once("_span", span);
        let below = |limit: i128| span.clone().binary("<", Bt::Int(limit));
        let n = |n: i128| Bt::Int(n).cast("uint64");
        let cases = vec![(below(1_000_000), n(1)), (below(1_000_000_000), n(1000))];
        let scale = self.value_if("_thousandth", n(1_000_000), cases);
        let whole = span.clone().binary("/", scale.clone().binary("*", Bt::Int(1000)));
        let part = span.clone().binary("/", scale).binary("%", Bt::Int(1000));
        let unit = self.text_if(
            "_unit",
            "s",
            vec![(below(1_000_000), "µs"), (below(1_000_000_000), "ms")],
        );
        vec![
            arg("%llu", whole),
            text("."),
            arg("%03llu", part),
            arg("%s", unit),
        ]
    }

    /// `1h2m3.5s`, `1.5ms`, `0s`: what `time.Duration.String` makes of it.
    fn go_duration_fragments(&mut self, n: &Number) -> Vec<Fragment> {
        let mut out = Vec::new();
        let mut span = self.number(n);
        if n.signed {
            let value = self.once("_span", span);
            let negative = value.clone().binary("<", Bt::Int(0));
            out.push(arg(
                "%s",
                self.text_if("_minus", "", vec![(negative.clone(), "-")]),
            ));
            let opposite = Bt::Unary("-", Box::new(value.clone())).cast("uint64");
            span = negative.choose(opposite, value.cast("uint64"));
        }
        let span = self.once("_nanoseconds", span);
        let below = |limit: i128| span.clone().binary("<", Bt::Int(limit));
        let n = |n: i128| Bt::Int(n).cast("uint64");
        let sizes = vec![
            (below(1000), n(1)),
            (below(1_000_000), n(1000)),
            (below(1_000_000_000), n(1_000_000)),
        ];
        let scale = self.value_if("_unit_size", n(1_000_000_000), sizes);
        let units = vec![
            (equals(&span, 0), "s"),
            (below(1000), "ns"),
            (below(1_000_000), "µs"),
            (below(1_000_000_000), "ms"),
        ];
        let unit = self.text_if("_unit", "s", units);
        let whole = self.assign("_whole", span.clone().binary("/", scale.clone()));
        // Billionths of the unit: how many zeros they begin with, and without the zeros they end with.
        let rest = span.clone().binary("%", scale.clone());
        let part = self.reserve("_part");
        let var = || Bt::Var(part.clone());
        self.push(Stmt::Assign(
            part.clone(),
            rest.binary("*", n(1_000_000_000).binary("/", scale)),
            String::new(),
        ));
        let zeros = ["00000000", "0000000", "000000", "00000", "0000", "000", "00", "0"];
        let mut cases = vec![(equals(&var(), 0), "")];
        let mut limit = 1i128;
        for text in zeros {
            limit *= 10;
            cases.push((var().binary("<", Bt::Int(limit)), text));
        }
        let zeros = self.text_if("_zeros", "", cases);
        for group in [10_000i128, 100, 100, 10] {
            let ends = var().binary("%", Bt::Int(group)).binary("==", Bt::Int(0));
            let shorter = Stmt::Assign(part.clone(), var().binary("/", Bt::Int(group)), String::new());
            self.push(Stmt::If(ends, vec![shorter], Vec::new()));
        }
        let seconds = |above: i128| span.clone().binary(">=", Bt::Int(above * 1_000_000_000));
        let over = |e: Bt, n: i128| e.binary("/", Bt::Int(n));
        let rest = |e: Bt, n: i128| e.binary("%", Bt::Int(n));
        let last = arg("%llu", rest(whole.clone(), 60));
        let hours = vec![
            arg("%llu", over(whole.clone(), 3600)),
            text("h"),
            arg("%llu", rest(over(whole.clone(), 60), 60)),
            text("m"),
            last.clone(),
        ];
        let minutes = vec![arg("%llu", over(whole.clone(), 60)), text("m"), last];
        let plain = vec![arg("%llu", whole)];
        out.push(Fragment::Choice {
            arms: vec![(seconds(3600), hours), (seconds(60), minutes)],
            otherwise: plain.clone(),
            short: plain,
        });
        let fraction = vec![text("."), arg("%s", zeros), arg("%llu", var())];
        let none = (equals(&var(), 0), Vec::new());
        out.push(Fragment::Choice {
            arms: vec![none],
            otherwise: fraction.clone(),
            short: fraction,
        });
        out.push(arg("%s", unit));
        out
    }

    /// Seconds since 1970 of a `time.Time` (`src/time/time.go`: `wall` with its top bit set holds 33 bits of seconds
    /// since 1885 and `ext` a monotonic reading; otherwise `ext` is seconds since year 1).
    pub(super) fn unix_seconds(&mut self, wall: &Expr, ext: &Expr) -> Bt {
        let wall = self.unsigned(wall);
        let wall = self.once("_wall", wall);
        let ext = self.unsigned(ext);
        // 0.23.2 crashes where a branch of this `?:` reads a map.
        let ext = self.once("_ext", ext);
        // Days and seconds are multiplied in the script: to 0.23 a number beyond 32 bits is unsigned, and it warns
        // where signed ones meet it.
        let day = |days: i128| Bt::Int(days).binary("*", Bt::Int(86_400));
        let monotonic = wall.clone().binary(">>", Bt::Int(63)).binary("==", Bt::Int(1));
        let since_1885 = wall.binary("<<", Bt::Int(1)).binary(">>", Bt::Int(31));
        let with = since_1885.cast("int64").binary("-", day(31_045));
        let without = ext.cast("int64").binary("-", day(719_162));
        self.assign("_unix", monotonic.choose(with, without))
    }

    /// `2026-11-21 09:30:00.000000000 UTC`. The calendar is computed here: bpftrace only knows the time since boot.
    pub(super) fn time_fragments(&mut self, value: &Value) -> Vec<Fragment> {
        let Value::Time { wall, ext } = value else {
            return Vec::new();
        };
        let unix = self.unix_seconds(wall, ext);
        let nanoseconds = self.unsigned(wall).binary("&", Bt::Hex(0x3fff_ffff));
        // Days since 0000-03-01, so that leap days come last; years before that are not shown right.
        let days_to_1970 = 719_468i128;
        let shifted = unix
            .clone()
            .binary("+", Bt::Int(days_to_1970).binary("*", Bt::Int(86_400)))
            .cast("uint64");
        let shifted = self.assign("_seconds", shifted);
        let over = |e: &Bt, n: i128| e.clone().binary("/", Bt::Int(n));
        let rest = |e: &Bt, n: i128| e.clone().binary("%", Bt::Int(n));
        let days = self.assign("_days", over(&shifted, 86_400));
        let era = self.assign("_era", over(&days, 146_097));
        let day_of_era = self.assign("_day_of_era", rest(&days, 146_097));
        let minus = |a: Bt, b: Bt| a.cast("int64").binary("-", b.cast("int64")).cast("uint64");
        let leap_free = minus(
            minus(day_of_era.clone(), over(&day_of_era, 1460)).binary("+", over(&day_of_era, 36_524)),
            over(&day_of_era, 146_096),
        );
        let year_of_era = self.assign("_year_of_era", leap_free.binary("/", Bt::Int(365)));
        let before = year_of_era
            .clone()
            .binary("*", Bt::Int(365))
            .binary("+", over(&year_of_era, 4));
        let before = minus(before, over(&year_of_era, 100));
        let day_of_year = self.assign("_day_of_year", minus(day_of_era, before));
        let month = self.assign(
            "_month",
            day_of_year
                .clone()
                .binary("*", Bt::Int(5))
                .binary("+", Bt::Int(2))
                .binary("/", Bt::Int(153)),
        );
        let month_start = month
            .clone()
            .binary("*", Bt::Int(153))
            .binary("+", Bt::Int(2))
            .binary("/", Bt::Int(5));
        let day = minus(day_of_year, month_start).binary("+", Bt::Int(1));
        let in_next_year = month.clone().binary(">=", Bt::Int(10));
        let one_based = in_next_year.clone().choose(
            minus(month.clone(), Bt::Int(9).cast("uint64")),
            month.binary("+", Bt::Int(3)),
        );
        let year = year_of_era.binary("+", era.binary("*", Bt::Int(400))).binary(
            "+",
            in_next_year.choose(Bt::Int(1).cast("uint64"), Bt::Int(0).cast("uint64")),
        );
        let day = self.assign("_day", day);
        let one_based = self.assign("_calendar_month", one_based);
        let second_of_day = self.assign("_second_of_day", rest(&shifted, 86_400));
        let [year, one_based, day, second_of_day, nanoseconds] =
            self.together("_time", [year, one_based, day, second_of_day, nanoseconds]);
        vec![
            arg("%04llu", year),
            text("-"),
            arg("%02llu", one_based),
            text("-"),
            arg("%02llu", day),
            text(" "),
            arg("%02llu", over(&second_of_day, 3600)),
            text(":"),
            arg("%02llu", over(&second_of_day, 60).binary("%", Bt::Int(60))),
            text(":"),
            arg("%02llu", rest(&second_of_day, 60)),
            text("."),
            arg("%09llu", nanoseconds),
            text(" UTC"),
        ]
    }
}
