// Command failures calls a function with errors of many types, and says what their Error methods say.
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gobt.example/truth"
)

//go:noinline
func failed(err error) error { return err }

// unknown has a message that only its own code can make.
type unknown struct{ n int }

func (u unknown) Error() string { return fmt.Sprint("unknown ", u.n) }

func all() map[string]error {
	missing := &fs.PathError{Op: "open", Path: "/not here", Err: syscall.ENOENT}
	refused := &net.OpError{Op: "dial", Net: "tcp", Source: nil,
		Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80},
		Err:  os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	lookup := &net.DNSError{Err: "no such host", Name: "nowhere.example", Server: "10.0.0.1:53"}
	_, number := strconv.Atoi("12\tx\"\xff\u00a0ü")
	_, dial := net.Dial("unix", "/nowhere/at/all.sock")
	var into struct{}
	syntax := json.Unmarshal([]byte("{]"), &into)
	_, program := exec.LookPath("no such program")
	return map[string]error{
		"nil":     nil,
		"plain":   errors.New("plain"),
		"missing": missing,
		"url":     &url.Error{Op: "Get", URL: "http://127.0.0.1/\"q\"\n", Err: refused},
		"dns":     &net.OpError{Op: "dial", Net: "udp", Err: lookup},
		"server":  &net.DNSError{Err: "server misbehaving", Name: "b.example"},
		"number":  number,
		"dial":    dial,
		"syntax":  syntax,
		"program": program,
		"link":    os.Link("/nowhere/a", "/nowhere/b"),
		"several": fmt.Errorf("both: %w and %w", io.EOF, missing),
		"joined":  errors.Join(io.EOF, missing, errors.New("third")),
		"one":     errors.Join(refused),
		"known":   errors.Join(context.DeadlineExceeded, syscall.EPIPE, lookup),
		"long":    errors.Join(&url.Error{Op: "Put", URL: "x", Err: refused}, io.EOF),
		"inside":  &url.Error{Op: "Post", URL: "y", Err: errors.Join(io.EOF, io.ErrUnexpectedEOF)},
	}
}

// temporary has the message of the error that is embedded in it.
type temporary struct {
	since int
	error
}

// own has one that is embedded, and a message of its own.
type own struct{ error }

func (o *own) Error() string { return "own: " + o.error.Error() }

// more are errors of the library's own types; those that the run time makes, and those whose values are constants.
func more() map[string]error {
	_, address := net.ResolveTCPAddr("tcp", "1.2.3.4:x:y")
	_, _, network := net.ParseCIDR("1.2.3.4/99")
	_, escape := url.PathUnescape("a%zz")
	_, base := base64.StdEncoding.DecodeString("abc!")
	client, server := handshake()
	return map[string]error{
		"address":   address,
		"network":   network,
		"escape":    escape,
		"base":      base,
		"client":    client,
		"server":    server,
		"unknown":   net.UnknownNetworkError("carrier pigeon"),
		"expired":   x509.CertificateInvalidError{Reason: x509.Expired, Detail: "in 1999"},
		"usage":     x509.CertificateInvalidError{Reason: x509.IncompatibleUsage},
		"temporary": &temporary{3, &fs.PathError{Op: "read", Path: "/tape", Err: syscall.EIO}},
		"again":     temporary{4, io.EOF},
		"nothing":   recovered(func() { var p *temporary; p.since = 1 }),
		"division":  recovered(func() { n := len(os.Args) - 1; _ = 1 / n }),
		"map":       recovered(func() { var m map[string]int; m["x"] = 1 }),
	}
}

func recovered(f func()) (err error) {
	defer func() { err = recover().(error) }()
	f()
	return nil
}

// handshake is one in which the client does not trust the server: what both say.
func handshake() (client, server error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"here"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	done := make(chan error)
	go func() {
		there, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		certificate := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
		done <- tls.Server(there, &tls.Config{Certificates: []tls.Certificate{certificate}}).Handshake()
	}()
	here, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		panic(err)
	}
	client = tls.Client(here, &tls.Config{ServerName: "here", RootCAs: x509.NewCertPool()}).Handshake()
	return client, <-done
}

func main() {
	truth.Begin()
	said := 0
	say := func(text string) {
		for _, line := range strings.Split(text, "\n") {
			said++
			truth.Text(fmt.Sprintf("shown%d", said), line)
		}
	}
	errs := all()
	for name, err := range more() {
		errs["more "+name] = err
	}
	for name, err := range errs {
		failed(err)
		text := "nil"
		if err != nil {
			text = err.Error()
		}
		say("error " + text)
		truth.Text(strings.ReplaceAll(name, " ", "_"), text)
	}
	// What is not known has its type.
	failed(errors.Join(io.EOF, unknown{3}, &fs.PathError{Op: "stat", Path: "/x", Err: unknown{4}}, io.EOF))
	say("error EOF\nmain.unknown\nstat /x: main.unknown\nEOF")
	failed(&own{io.EOF})
	say("error own: EOF")
	truth.Number("calls", int64(len(errs)+2))
	truth.End()
}
