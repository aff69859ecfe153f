package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"gobt.example/truth"
)

type buyer struct {
	Name string
	Age  uint8
}

type order struct {
	ID    int64
	Item  string
	Count int32
	Buyer *buyer
}

type soldOut struct{ Left int }

func (s *soldOut) Error() string { return fmt.Sprint("only ", s.Left, " left") }

// payment is one call of pay: what is passed and what is to come back.
type payment struct {
	order   *order
	amount  int
	note    string
	receipt string
	err     error
}

var payments []payment

// prepare makes all the values before the trace begins, so that no call of the preparation is seen.
func prepare() {
	_, missing := os.Open("/does/not/exist")
	base := errors.New("the till is empty")
	errs := []error{
		nil,
		base,
		fmt.Errorf("paying: %w", base),
		missing,
		syscall.ENOENT,
		&soldOut{3},
	}
	texts := []string{"", "k", "plain", "naïve café €5 😀", "100% of %s and %d", `say "hi" \ back`, strings.Repeat("long ", 8)}
	people := []*buyer{{"Ada", 36}, {"Grace", 255}, nil, {"Ken", 0}}
	numbers := []int{0, 1, -1, 127, -128, 1 << 31, -1 << 31, 1<<63 - 1, -1 << 63}
	for i := 0; i < 42; i++ {
		payments = append(payments, payment{
			order: &order{
				ID:    int64(i),
				Item:  texts[i%len(texts)],
				Count: int32(numbers[i%len(numbers)]),
				Buyer: people[i%len(people)],
			},
			amount:  numbers[(i*5)%len(numbers)],
			note:    texts[(i*3+1)%len(texts)],
			receipt: texts[(i*2+5)%len(texts)],
			err:     errs[i%len(errs)],
		})
	}
}

func runPayments() {
	failed := int64(0)
	byAmount := map[int]int64{}
	for i, p := range payments {
		byAmount[p.amount]++
		if _, err := pay(p.order, p.amount, p.note, i); err != nil {
			failed++
		}
	}
	for i, p := range payments {
		var who buyer
		if p.order.Buyer != nil {
			who = *p.order.Buyer
		}
		truth.Text(fmt.Sprint("line-passed-", i), fmt.Sprintf("%d: %s x%d for %s, %d: %d %s",
			p.order.ID, p.order.Item, p.order.Count, who.Name, who.Age, p.amount, p.note))
		truth.Text(fmt.Sprint("line-returned-", i), fmt.Sprintf("%d: returned %s, %s", p.order.ID, p.receipt, shown(p.err)))
	}
	for amount, calls := range byAmount {
		truth.Number(fmt.Sprint("amount:", amount), calls)
	}
	truth.Text("composed", payments[3].err.Error())
	truth.Number("payments", int64(len(payments)))
	truth.Number("failed", failed)
}

// shown is what a reader of the trace is to see of an error: its message, or its type where only its own code could
// make the message.
func shown(err error) string {
	switch err.(type) {
	case nil:
		return "nil"
	case *soldOut:
		return "*main.soldOut"
	}
	return err.Error()
}

//go:noinline
func pay(o *order, amount int, note string, i int) (string, error) {
	return payments[i].receipt, payments[i].err
}
