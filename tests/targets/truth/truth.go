// Package truth is the half of the test protocol that runs inside a traced program.
//
// A program says `ready PID`, waits for a line `go`, does its work, says what really happened as lines
// `truth NAME NUMBER` or `truth NAME "text"`, says `done`, waits for a line `quit` and ends.
package truth

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

var input = bufio.NewReader(os.Stdin)

// Begin announces the program and waits until the trace has begun.
func Begin() {
	fmt.Printf("ready %d\n", os.Getpid())
	await("go")
}

// Wait announces a step and waits for the same word to come back. It is for programs that are watched
// from the middle of a call.
func Wait(step string) {
	fmt.Printf("wait %s\n", step)
	await(step)
}

// Number says how often something happened, or what a number was.
func Number(name string, value int64) {
	fmt.Printf("truth %s %d\n", name, value)
}

// Unsigned is Number for values beyond an int64.
func Unsigned(name string, value uint64) {
	fmt.Printf("truth %s %d\n", name, value)
}

// Text says what a text was, quoted as in Go.
func Text(name, value string) {
	fmt.Printf("truth %s %s\n", name, strconv.QuoteToASCII(value))
}

// Told says what the message of an error is, by its number from 0 on: alone and in the line that a recipe prints.
func Told(nth int, message string) {
	Text(fmt.Sprintf("told%d", nth+1), message)
	Text(fmt.Sprintf("line%d", nth+1), "error "+message)
}

// Errors gives errors to a function, one by one, and says what they are told as: the first by their messages, those of
// which only the type is known by that.
func Errors(take func(error), told, typed []error) {
	for i, err := range told {
		take(err)
		Told(i, err.Error())
	}
	for i, err := range typed {
		take(err)
		Told(len(told)+i, fmt.Sprintf("%T", err))
	}
}

// Goroutine is the number of this goroutine, as the first line of its stack trace has it.
func Goroutine() int64 {
	text := make([]byte, 64)
	text = text[:runtime.Stack(text, false)]
	id, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	if err != nil {
		panic(err)
	}
	return id
}

// End closes the truth and waits until the trace has ended.
func End() {
	fmt.Println("done")
	await("quit")
}

func await(word string) {
	line, err := input.ReadString('\n')
	if err != nil || strings.TrimSpace(line) != word {
		fmt.Fprintf(os.Stderr, "expected %q on the standard input, got %q: %v\n", word, line, err)
		os.Exit(3)
	}
}
