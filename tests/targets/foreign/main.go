// Command foreign calls a function with errors of well-known modules, whose types are here as those have them.
package main

import (
	"io/fs"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	"gobt.example/truth"
	"google.golang.org/grpc/status"
)

var calls int64

//go:noinline
func failed(err error) error { calls++; return err }

func main() {
	state := func(text string) (out [5]byte) { copy(out[:], text); return }
	errs := []error{
		status.Error(5, "no such \"thing\""), status.Error(5, "other"), status.Error(14, "other"), status.Error(77, "odd"),
		&fs.PathError{Op: "call", Path: "/svc", Err: status.Error(13, "inside")},
		&mysql.MySQLError{Number: 1062, SQLState: state("23000"), Message: "Duplicate entry"},
		&mysql.MySQLError{Number: 1062, SQLState: state("23001"), Message: "Duplicate entry"},
		&mysql.MySQLError{Number: 1064, Message: "syntax"},
		&pgconn.PgError{Severity: "ERROR", Message: "duplicate key", Code: "23505"},
		&pgconn.PgError{Severity: "ERROR", Message: "duplicate key", Code: "23506"},
	}
	truth.Begin()
	for i, err := range errs {
		failed(err)
		truth.Told(i, err.Error())
	}
	truth.Number("calls", calls)
	truth.End()
}
