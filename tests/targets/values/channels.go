package main

func runChannels() {
	channel(nil)
	channel(make(chan int))
	c := make(chan int, 10)
	c <- 1
	c <- 2
	c <- 3
	channel(c)
	receive(c)
	send(c)
	texts := make(chan string, 2)
	texts <- "waiting"
	textChannel(texts)
	makeChannel(4)
}

//go:noinline
func channel(c chan int) int { return len(c) }

//go:noinline
func receive(c <-chan int) int { return cap(c) }

//go:noinline
func send(c chan<- int) int { return len(c) }

//go:noinline
func textChannel(c chan string) int { return len(c) }

//go:noinline
func makeChannel(n int) chan bool { return make(chan bool, n) }
