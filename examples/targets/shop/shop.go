package main

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Order is what a customer wants.
type Order struct {
	Customer string
	Item     string
	Count    int
	Placed   time.Time
	Parcel   *Parcel
}

// Parcel is what is sent for an order; big ones are packed in two halves, which are parcels themselves.
type Parcel struct {
	Label  string
	Weight int // grams
	Halves []*Parcel
}

// Shop keeps the stock.
type Shop struct {
	mutex sync.Mutex
	stock map[string]Stock

	taken, failed, parcels atomic.Int64
}

// Stock is how much there is of an item.
type Stock struct {
	Left   int
	Weight int
	Price  Cents
}

// Cents are money.
type Cents int64

// ErrUnknown says that the shop does not sell such a thing.
var ErrUnknown = errors.New("we do not sell that")

// SoldOut says that there is not enough of an item.
type SoldOut struct {
	Item string
	Left int
}

func (e *SoldOut) Error() string {
	return "only " + strconv.Itoa(e.Left) + " " + e.Item + " left"
}

// NewShop opens a shop.
func NewShop() *Shop {
	return &Shop{stock: map[string]Stock{
		"tea":    {Left: 100, Weight: 250, Price: 450},
		"coffee": {Left: 100, Weight: 500, Price: 790},
		"cup":    {Left: 100, Weight: 300, Price: 1200},
		"kettle": {Left: 5, Weight: 1900, Price: 4900},
	}}
}

// Take takes an order: it charges the customer and packs the parcel.
//
//go:noinline
func (s *Shop) Take(order *Order) (Cents, error) {
	price, weight, err := s.reserve(order.Item, order.Count)
	if err != nil {
		s.failed.Add(1)
		return 0, err
	}
	charge(order.Customer, price)
	order.Parcel = s.Pack(order.Customer, weight)
	s.taken.Add(1)
	return price, nil
}

// reserve takes things off the shelf; a shelf that is nearly empty is filled up behind the customer's back.
//
//go:noinline
func (s *Shop) reserve(item string, count int) (price Cents, weight int, err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	stock, known := s.stock[item]
	if !known {
		return 0, 0, ErrUnknown
	}
	if stock.Left < count {
		left := stock.Left
		stock.Left = 20
		s.stock[item] = stock
		return 0, 0, &SoldOut{Item: item, Left: left}
	}
	stock.Left -= count
	s.stock[item] = stock
	return stock.Price * Cents(count), stock.Weight * count, nil
}

// charge asks a bank for the money, which takes longer the more it is.
//
//go:noinline
func charge(customer string, amount Cents) {
	time.Sleep(time.Duration(amount) * time.Microsecond)
}

// Pack packs a parcel; what weighs more than a kilogram goes into two halves.
//
//go:noinline
func (s *Shop) Pack(label string, weight int) *Parcel {
	s.parcels.Add(1)
	parcel := &Parcel{Label: label, Weight: weight}
	if weight > 1000 {
		first := weight / 2
		parcel.Halves = []*Parcel{
			s.Pack(label+"/1", first),
			s.Pack(label+"/2", weight-first),
		}
	}
	return parcel
}
