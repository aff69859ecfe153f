// Package yaml lies in a directory whose name has a dot, which the linker escapes in symbols.
package yaml

// Parse gives the length of its argument.
//
//go:noinline
func Parse(text string) int { return len(text) }
