// Command hostile has names and texts that try to leave the string or comment that a tracer puts them into.
package main

import "gobt.example/truth"

var calls int64

func main() {
	truth.Begin()
	runStrings()
	runTags()
	runLong()
	truth.Number("calls", calls)
	truth.End()
}

type tagged struct {
	Plain int    `json:"plain"`
	Text  string `json:"a\"b\\" x:"*/ } END { printf(\"owned\\n\"); } /*"`
}

func runStrings() {
	say("%s%n%d")
	say("\"); exit(); //")
	say("*/")
	say("line\nEND { exit(); }")
	say("\x1b[31mred\x1b[0m")
	say("$1 ${2} {arg s}")
	takeTagged(tagged{1, "t"})
	takeAnonymous(struct {
		A int `*/ uprobe:/bin/true:main { }`
	}{7})
	takeMap(map[struct {
		K string "\"\n*/"
	}]int{})
}

//go:noinline
func say(s string) int { calls++; return len(s) }

//go:noinline
func takeTagged(t tagged) int { calls++; return t.Plain }

//go:noinline
func takeAnonymous(t struct {
	A int `*/ uprobe:/bin/true:main { }`
}) int {
	calls++
	return t.A
}

//go:noinline
func takeMap(m map[struct {
	K string "\"\n*/"
}]int) int {
	calls++
	return len(m)
}
