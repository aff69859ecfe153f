//! Points in time: a calendar out of seconds, since bpftrace only knows the time since boot.

use super::Fragment;
use super::values::{arg, text};
use super::writer::Writer;
use crate::bt::Expr as Bt;
use crate::plan::{Expr, Value};

impl Writer<'_> {
    /// Seconds since 1970 of a `time.Time` (`src/time/time.go`: `wall` with its top bit set holds 33 bits of seconds since
    /// 1885 and `ext` a monotonic reading; otherwise `ext` is seconds since year 1).
    pub(super) fn unix_seconds(&mut self, wall: &Expr, ext: &Expr) -> Bt {
        let wall = self.unsigned(wall);
        let wall = self.once("wall", wall);
        let ext = self.unsigned(ext);
        // Days and seconds are multiplied in the script: to 0.23 a number beyond 32 bits is unsigned, and it warns where signed
        // ones meet it.
        let day = |days: i128| Bt::Int(days).binary("*", Bt::Int(86_400));
        let monotonic = wall.clone().binary(">>", Bt::Int(63)).binary("==", Bt::Int(1));
        let since_1885 = wall.binary("<<", Bt::Int(1)).binary(">>", Bt::Int(31));
        let with = since_1885.cast("int64").binary("-", day(31_045));
        let without = ext.cast("int64").binary("-", day(719_162));
        self.assign("unix", monotonic.choose(with, without))
    }

    /// `2026-11-21 09:30:00.000000000 UTC`. The calendar is computed here: bpftrace only knows the time since boot.
    pub fn time_fragments(&mut self, value: &Value) -> Vec<Fragment> {
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
        let shifted = self.assign("seconds", shifted);
        let over = |e: &Bt, n: i128| e.clone().binary("/", Bt::Int(n));
        let rest = |e: &Bt, n: i128| e.clone().binary("%", Bt::Int(n));
        let days = self.assign("days", over(&shifted, 86_400));
        let era = self.assign("era", over(&days, 146_097));
        let day_of_era = self.assign("day_of_era", rest(&days, 146_097));
        let minus = |a: Bt, b: Bt| a.cast("int64").binary("-", b.cast("int64")).cast("uint64");
        let leap_free = minus(
            minus(day_of_era.clone(), over(&day_of_era, 1460)).binary("+", over(&day_of_era, 36_524)),
            over(&day_of_era, 146_096),
        );
        let year_of_era = self.assign("year_of_era", leap_free.binary("/", Bt::Int(365)));
        let before = year_of_era
            .clone()
            .binary("*", Bt::Int(365))
            .binary("+", over(&year_of_era, 4));
        let before = minus(before, over(&year_of_era, 100));
        let day_of_year = self.assign("day_of_year", minus(day_of_era, before));
        let month = self.assign(
            "month",
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
        let day = self.assign("day", day);
        let one_based = self.assign("calendar_month", one_based);
        let second_of_day = self.assign("second_of_day", rest(&shifted, 86_400));
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
