package main

import (
	"database/sql"
	"database/sql/driver"
	"io"
	"time"
)

// A database that takes two milliseconds and fails for one user.
type toy struct{}

func init() { sql.Register("toy", toy{}) }

func (toy) Open(string) (driver.Conn, error) { return connection{}, nil }

type connection struct{}

func (connection) Prepare(query string) (driver.Stmt, error) { return statement{query}, nil }
func (connection) Close() error                              { return nil }
func (connection) Begin() (driver.Tx, error)                 { return connection{}, nil }
func (connection) Commit() error                             { return nil }
func (connection) Rollback() error                           { return nil }

type statement struct{ query string }

func (statement) Close() error  { return nil }
func (statement) NumInput() int { return 1 }

func (statement) Exec(args []driver.Value) (driver.Result, error) {
	time.Sleep(2 * time.Millisecond)
	if args[0] == "5" {
		return nil, errLocked
	}
	return driver.RowsAffected(1), nil
}

func (statement) Query([]driver.Value) (driver.Rows, error) { return nil, io.EOF }
