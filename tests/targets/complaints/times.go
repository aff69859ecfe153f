package main

import "time"

// times are errors of times that cannot be read.
func times() {
	layout := string([]byte("2006-01-02T15:04:05Z07:00 \"made here\""))
	for name, of := range map[string][2]string{
		"time_day":    {time.RFC3339, "2024-02-30T10:00:00Z"},
		"time_hour":   {time.RFC3339, "2024-02-20T99:00:00Z"},
		"time_minute": {time.RFC3339, "2024-02-20T09:99:00Z"},
		"time_second": {time.RFC3339, "2024-02-20T09:09:99Z"},
		"time_words":  {time.RFC3339, "yesterday at \"noon\" or l\u00e4ter\xff"},
		"time_rest":   {"2006-01-02", "2024-02-20 and \"more\""},
		"time_short":  {"2006-01-02", "2024-02"},
		"time_made":   {layout, "2024-02-20T09:09:09Z and this"},
		"time_name":   {time.RFC1123, "Mon, 02 Foo 2006 15:04:05 MST"},
		"time_empty":  {time.Kitchen, ""},
	} {
		_, err := time.Parse(of[0], of[1])
		add(name, err)
	}
	var at time.Time
	add("time_text", at.UnmarshalText([]byte("2024-02-20Tx9:09:09Z")))
	add("time_json", at.UnmarshalJSON([]byte(`"2024-02-20T09:09:9x.5Z"`)))
	_, err := time.ParseDuration("5 fortnights")
	add("duration", err)
	_, err = time.ParseDuration("5")
	add("duration_unit", err)
	_, err = time.LoadLocation("Nowhere/Land")
	add("location", err)
}
