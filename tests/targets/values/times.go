package main

import (
	"time"

	"gobt.example/truth"
)

type event struct {
	At   time.Time
	Took time.Duration
}

func runTimes() {
	for _, d := range []time.Duration{
		0, 1, 999, time.Microsecond, 1500 * time.Nanosecond, time.Millisecond, 2500 * time.Microsecond,
		time.Second, 90 * time.Second, 3*time.Hour + 25*time.Minute + 45*time.Second + 500*time.Millisecond,
		-1500 * time.Millisecond, 1<<63 - 1, -1 << 63,
	} {
		duration(d)
	}
	moment(time.Time{})
	moment(time.Unix(0, 0).UTC())
	moment(time.Date(2024, 2, 29, 23, 59, 58, 123456789, time.UTC)) // no monotonic reading
	moment(time.Date(1969, 7, 20, 20, 17, 40, 0, time.UTC))
	moment(time.Date(2261, 12, 31, 0, 0, 0, 0, time.FixedZone("", 7200)))
	now := time.Now() // with a monotonic reading
	moment(now)
	truth.Number("now", now.UnixNano())
	truth.Text("now_utc", now.UTC().Format("15:04:05"))
	happened(&event{time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC), 1234 * time.Millisecond})
	later(time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC), time.Hour)
}

//go:noinline
func duration(d time.Duration) time.Duration { return d / 2 }

//go:noinline
func moment(t time.Time) bool { return t.IsZero() }

//go:noinline
func happened(e *event) bool { return e.Took > 0 }

//go:noinline
func later(t time.Time, d time.Duration) time.Time { return t.Add(d) }
