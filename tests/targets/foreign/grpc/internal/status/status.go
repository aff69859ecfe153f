// Package status has the error type of the module of this name.
package status

import (
	"fmt"
	"strconv"
)

// Proto is what the protocol's compiler makes of a status.
type Proto struct {
	state         struct{ info *int }
	sizeCache     int32
	unknownFields []byte
	Code          int32
	Message       string
	Details       []*int
}

type Status struct{ s *Proto }

func New(code int32, message string) *Status {
	return &Status{&Proto{Code: code, Message: message}}
}

func (s *Status) String() string {
	names := map[int32]string{5: "NotFound", 13: "Internal", 14: "Unavailable"}
	name, is := names[s.s.Code]
	if !is {
		name = "Code(" + strconv.Itoa(int(s.s.Code)) + ")"
	}
	return fmt.Sprintf("rpc error: code = %s desc = %s", name, s.s.Message)
}

type Error struct{ s *Status }

func (s *Status) Err() error { return &Error{s} }

func (e *Error) Error() string { return e.s.String() }
