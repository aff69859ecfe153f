package main

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"time"

	"gobt.example/truth"
)

// nats passes messages on: 2,000 of three subjects, of which somebody listens to one.
func nats(p *program) {
	address := freeAddress()
	host, port, err := net.SplitHostPort(address)
	must(err)
	p.serve(address, "--addr", host, "--port", port)
	listener, publisher := natsDial(address), natsDial(address)
	listener.say("SUB orders 1\r\nPING\r\n")
	listener.await("PONG")
	truth.Begin()
	var bytes, orders int64
	for n := 0; n < 2000; n++ {
		subject := []string{"orders", "bills", "orders", "news"}[n%4]
		if subject == "orders" {
			orders++
		}
		text := strings.Repeat("x", 1+n%50)
		bytes += int64(len(text))
		publisher.say(fmt.Sprintf("PUB %s %d\r\n%s\r\n", subject, len(text), text))
	}
	publisher.say("PING\r\n")
	publisher.await("PONG")
	var heard int64
	for ; heard < orders; heard++ {
		listener.await("MSG orders")
		listener.line()
	}
	truth.Number("messages", 2000)
	truth.Number("bytes", bytes)
	truth.Number("orders", orders)
	truth.Number("heard", heard)
	truth.End()
}

type natsConnection struct {
	net.Conn
	input *bufio.Reader
}

func natsDial(address string) natsConnection {
	connection, err := net.Dial("tcp", address)
	must(err)
	must(connection.SetDeadline(time.Now().Add(5 * time.Minute)))
	c := natsConnection{connection, bufio.NewReader(connection)}
	c.line() // INFO
	c.say("CONNECT {\"verbose\":false}\r\n")
	return c
}

func (c natsConnection) say(text string) {
	_, err := c.Write([]byte(text))
	must(err)
}

func (c natsConnection) line() string {
	line, err := c.input.ReadString('\n')
	must(err)
	return strings.TrimSpace(line)
}

// await reads to a line that begins like this, and answers the server's own questions on the way.
func (c natsConnection) await(wanted string) {
	for {
		line := c.line()
		if line == "PING" {
			c.say("PONG\r\n")
		}
		if strings.HasPrefix(line, wanted) {
			return
		}
	}
}
