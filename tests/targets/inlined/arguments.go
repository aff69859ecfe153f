package main

// Calls of each function, and sums of their arguments as they see them.
var pays, paid, letters, puts, put, lengths, nesteds, nested int64

// last keeps texts alive: of a text of which only the length is used, the compiler keeps no more.
var last string

var alphabet = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789"

// pay is called with amounts that are 3 more than a multiple of 7, and with texts of as many letters as the multiple.
func pay(amount int, who string) {
	pays++
	paid += int64(amount)
	letters += int64(len(who))
	last = who
}

// put is called with a number and a list of as many elements.
func (b *box) put(n int, list []int) {
	puts++
	b.n += n
	b.list = list
	put += int64(n)
	lengths += int64(len(list))
}

func nest(n int) {
	nesteds++
	nested += int64(n)
	amount := sevenfold(n)
	pay(amount, alphabet[:n])
	sink += amount
}

//go:noinline
func sevenfold(n int) int {
	return n*7 + 3
}

//go:noinline
func list(n int) []int {
	return make([]int, n)
}

//go:noinline
func arguments(n int) {
	opaque()
	for i := 0; i < 4; i++ {
		amount := sevenfold(i)
		pay(amount, alphabet[:i])
		sink += amount + opaque()
	}
	for i := 0; i < 3; i++ {
		pay(i*7+3, alphabet[:i])
		nest(i + n)
		opaque()
		if i < n {
			nest(i)
		}
		opaque()
	}
	amount := sevenfold(n)
	if n%2 == 1 {
		pay(amount, alphabet[n%3:n%3+n])
	} else {
		pay(amount, last[:len(last)-len(last)+opaque()-opaque()]+alphabet[:n])
	}
	opaque()
	b := &box{}
	b.put(n+amount, list(n+amount))
	opaque()
	sink += b.n
	root.put(n, list(n))
	opaque()
	passed(amount, alphabet[:n], n)
}

// passed hands its own arguments on.
//
//go:noinline
func passed(amount int, who string, n int) {
	pay(amount, who)
	opaque()
	if n > 2 {
		pay(amount-7, who[1:])
	}
	root.put(n, list(n))
	pay(3, "")
}
