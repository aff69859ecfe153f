// Package kit is called otherwise than the last part of its path.
package kit

// Tool is a type of it.
type Tool struct{ Size int }
