package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync/atomic"
	"time"

	"gobt.example/truth"
)

// Order is what a customer wants.
type Order struct {
	Customer string
	Item     string
	Count    int
}

// Store keeps orders in a database.
type Store struct {
	db          *sql.DB
	puts, items atomic.Int64
}

const insert = "INSERT INTO orders VALUES (?, ?, ?)"

var errForbidden = errors.New("permission denied, sorry")

func openStore() *Store {
	return &Store{db: sql.OpenDB(&database{})}
}

// Put stores an order.
//
//go:noinline
func (s *Store) Put(order Order) error {
	s.puts.Add(1)
	s.items.Add(int64(order.Count))
	_, err := s.db.ExecContext(context.Background(), insert, order.Customer, order.Item, order.Count)
	return err
}

func (s *Store) tell() {
	truth.Text("statement", insert)
	truth.Number("puts", s.puts.Load())
	truth.Number("items", s.items.Load())
}

// A database that takes a moment, and not everybody's orders.
type database struct{}

func (d *database) Connect(context.Context) (driver.Conn, error) { return d, nil }
func (d *database) Driver() driver.Driver                        { return d }
func (d *database) Open(string) (driver.Conn, error)             { return d, nil }
func (d *database) Prepare(string) (driver.Stmt, error)          { return nil, errors.New("not here") }
func (d *database) Begin() (driver.Tx, error)                    { return nil, errors.New("not here") }
func (d *database) Close() error                                 { return nil }

func (d *database) ExecContext(_ context.Context, _ string, values []driver.NamedValue) (driver.Result, error) {
	if values[0].Value == "Mallory" {
		return nil, errForbidden
	}
	time.Sleep(2 * time.Millisecond)
	return driver.RowsAffected(1), nil
}
