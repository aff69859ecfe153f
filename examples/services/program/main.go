// Command service does a little of what services do, so that the recipes beside it have something to see: it serves
// HTTP and asks itself, keeps sessions in a database, dials, cancels contexts, and forgets a goroutine now and then.
//
//	service [SECONDS]
package main

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
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
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	db, err := sql.Open("toy", "")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) { login(db, w, r) })
	mux.HandleFunc("/report", report)
	server := httptest.NewServer(mux)
	secure := httptest.NewTLSServer(mux)
	closed, _ := net.Listen("tcp", "127.0.0.1:0")
	nobody := closed.Addr().String()
	closed.Close()

	var all sync.WaitGroup
	for i := 0; i < 4; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for n := 0; time.Now().Before(end); n++ {
				request(server.URL + "/login?user=" + strconv.Itoa(n%7))
				if n%3 == 0 {
					request(server.URL + "/report")
				}
				if n%8 == 0 {
					dial(nobody)
					shake(secure.Listener.Addr().String())
					_, _ = net.DefaultResolver.LookupIPAddr(context.Background(), "localhost")
				}
				time.Sleep(10 * time.Millisecond)
			}
		}()
	}
	all.Wait()
}

func request(url string) {
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Millisecond)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, "GET", url, nil)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
}

func dial(address string) {
	if connection, err := net.DialTimeout("tcp", address, time.Second); err == nil {
		_ = connection.Close()
	}
}

func shake(address string) {
	connection, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
	if err == nil {
		_ = connection.Close()
	}
}

var (
	sessions sync.Mutex
	count    int
)

func login(db *sql.DB, w http.ResponseWriter, r *http.Request) {
	user := r.FormValue("user")
	sessions.Lock()
	count++
	time.Sleep(time.Millisecond) // what nobody should do
	sessions.Unlock()
	if user == "6" {
		forget()
	}
	if _, err := db.ExecContext(r.Context(), "INSERT INTO sessions (user) VALUES (?)", user); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// forget starts a goroutine that waits for what never comes.
func forget() {
	answer := make(chan int)
	go func() { answer <- 1 }()
}

func report(w http.ResponseWriter, r *http.Request) {
	select {
	case <-time.After(40 * time.Millisecond):
		_, _ = io.WriteString(w, "all is well")
	case <-r.Context().Done():
	}
}

var errLocked = errors.New("the table is locked")
