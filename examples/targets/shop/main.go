// Command shop is a small shop to try recipes on: customers order things, some are out of stock, parcels are packed.
//
// It runs for the time given (10 seconds unless said otherwise), prints what it did, and ends:
//
//	shop [SECONDS]
package main

import (
	"os"
	"strconv"
	"sync"
	"time"
)

func main() {
	seconds := 10
	if len(os.Args) > 1 {
		if n, err := strconv.Atoi(os.Args[1]); err == nil {
			seconds = n
		}
	}
	shop := NewShop()
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	var customers sync.WaitGroup
	for _, name := range []string{"Ada", "Brian", "Grace", "Ken", "Rob"} {
		customers.Add(1)
		go func() {
			defer customers.Done()
			visit(shop, name, end)
		}()
	}
	customers.Wait()
	say("orders taken:  ", shop.taken.Load())
	say("orders failed: ", shop.failed.Load())
	say("parcels:       ", shop.parcels.Load())
}

// visit lets one customer order one thing after the other until the shop closes.
func visit(shop *Shop, customer string, end time.Time) {
	items := []string{"tea", "coffee", "cup", "kettle", "moon"}
	for i := 0; time.Now().Before(end); i++ {
		order := &Order{
			Customer: customer,
			Item:     items[(i+len(customer))%len(items)],
			Count:    1 + i%4,
			Placed:   time.Now(),
		}
		_, _ = shop.Take(order)
		time.Sleep(20 * time.Millisecond)
	}
}

func say(what string, n int64) {
	_, _ = os.Stdout.WriteString(what + strconv.FormatInt(n, 10) + "\n")
}
