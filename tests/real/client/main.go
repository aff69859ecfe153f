// Command client makes a program that nobody here wrote do a known amount of work, and says how much it was.
//
// Usage: client NAME PROGRAM DIRECTORY
//
// Servers are started first, listen on the loopback interface and end with the client; programs that end by themselves
// are started when the trace has begun. What is written goes to DIRECTORY.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A client knows a program: it gets it ready, says so, lets it work and tells the truth.
var clients = map[string]func(*program){
	"caddy":      caddy,
	"esbuild":    esbuild,
	"etcd":       etcd,
	"gh":         gh,
	"kubectl":    kubectl,
	"nats":       nats,
	"prometheus": prometheus,
	"rclone":     rclone,
	"restic":     restic,
}

// A program and where it may write.
type program struct {
	path, place string
	server      *exec.Cmd
}

func main() {
	if len(os.Args) != 4 || clients[os.Args[1]] == nil {
		fail("usage: client NAME PROGRAM DIRECTORY")
	}
	p := &program{path: os.Args[2], place: os.Args[3]}
	must(os.RemoveAll(p.place))
	must(os.MkdirAll(p.place, 0o755))
	running = p
	clients[os.Args[1]](p)
	p.stop()
}

var running *program

func fail(why ...any) {
	fmt.Fprintln(os.Stderr, append([]any{"client:"}, why...)...)
	if running != nil {
		running.stop()
	}
	os.Exit(1)
}

func must(err error) {
	if err != nil {
		fail(err)
	}
}

// environment is what a program sees: nothing of this machine's user.
func (p *program) environment(more []string) []string {
	return append([]string{"HOME=" + p.place, "PATH=/usr/bin:/bin", "TMPDIR=" + p.place}, more...)
}

// serve starts the program and waits until it answers at the address.
func (p *program) serve(address string, arguments ...string) {
	p.server = exec.Command(p.path, arguments...)
	p.server.Dir = p.place
	p.server.Env = p.environment(nil)
	log, err := os.Create(filepath.Join(p.place, "log"))
	must(err)
	p.server.Stdout, p.server.Stderr = log, log
	endWithUs(p.server)
	must(p.server.Start())
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if connection, err := net.Dial("tcp", address); err == nil {
			connection.Close()
			return
		}
		if time.Now().After(deadline) {
			said, _ := os.ReadFile(log.Name())
			fail(p.path, "does not answer at", address, string(said))
		}
	}
}

func (p *program) stop() {
	if p.server != nil && p.server.Process != nil {
		_ = p.server.Process.Kill()
		_ = p.server.Wait()
	}
}

// run runs the program to its end and gives what it prints; more are variables of its environment.
func (p *program) run(more []string, arguments ...string) string {
	limited, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(limited, p.path, arguments...)
	command.Dir = p.place
	command.Env = p.environment(more)
	endWithUs(command)
	var said strings.Builder
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		fail(p.path, strings.Join(arguments, " "), err, said.String())
	}
	return string(out)
}

// file writes a file among the program's own.
func (p *program) file(name, content string) string {
	path := filepath.Join(p.place, name)
	must(os.MkdirAll(filepath.Dir(path), 0o755))
	must(os.WriteFile(path, []byte(content), 0o644))
	return path
}

// freeAddress is one on the loopback interface that nobody listens at.
func freeAddress() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	defer listener.Close()
	return listener.Addr().String()
}
