package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"gobt.example/truth"
)

// answers sends requests, eight at a time over connections that are kept, and says how often each status was answered.
func answers(requests int, make func(n int) (*http.Request, error)) map[int]int {
	var next atomic.Int64
	var lock sync.Mutex
	var all sync.WaitGroup
	found := map[int]int{}
	for i := 0; i < 8; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			client := &http.Client{Transport: &http.Transport{}, Timeout: 30 * time.Second}
			for n := int(next.Add(1)); n <= requests; n = int(next.Add(1)) {
				request, err := make(n)
				must(err)
				status := 0
				if answer, err := client.Do(request); err == nil {
					_, _ = io.Copy(io.Discard, answer.Body)
					answer.Body.Close()
					status = answer.StatusCode
				}
				lock.Lock()
				found[status]++
				lock.Unlock()
			}
		}()
	}
	all.Wait()
	return found
}

// await sends a request until it is answered with 200, for a minute.
func await(why string, make func(n int) (*http.Request, error)) {
	for deadline := time.Now().Add(time.Minute); answers(1, make)[200] != 1; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			fail(why)
		}
	}
}

func get(url string) (*http.Request, error) { return http.NewRequest("GET", url, nil) }

func post(url string, body []byte) (*http.Request, error) {
	return http.NewRequest("POST", url, bytes.NewReader(body))
}

// caddy answers requests, every fourth of them for a page that is not there.
func caddy(p *program) {
	address := freeAddress()
	config := p.file("Caddyfile", fmt.Sprintf(
		"{\n\tadmin off\n\tauto_https off\n}\nhttp://%s {\n\trespond /hello \"hello\"\n\trespond 404\n}\n", address))
	p.serve(address, "run", "--config", config)
	truth.Begin()
	found := answers(4000, func(n int) (*http.Request, error) {
		if n%4 == 0 {
			return get("http://" + address + "/missing")
		}
		return get("http://" + address + "/hello")
	})
	truth.Number("requests", 4000)
	truth.Number("found", int64(found[200]))
	truth.Number("missing", int64(found[404]))
	truth.End()
}

// etcd stores keys, and is asked for some of them.
func etcd(p *program) {
	address, peers := freeAddress(), "http://"+freeAddress()
	url := "http://" + address
	p.serve(address, "--data-dir", filepath.Join(p.place, "data"), "--listen-client-urls", url, "--advertise-client-urls", url,
		"--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", "default="+peers)
	key := func(n int) string { return base64.StdEncoding.EncodeToString([]byte(fmt.Sprint("key", n))) }
	put := func(n int) (*http.Request, error) {
		return post(url+"/v3/kv/put", []byte(fmt.Sprintf(`{"key": %q, "value": %q}`, key(n), key(n))))
	}
	await("etcd takes no key", put) // it answers before it has chosen a leader
	truth.Begin()
	truth.Number("puts", int64(answers(300, put)[200]))
	truth.Number("ranges", int64(answers(100, func(n int) (*http.Request, error) {
		return post(url+"/v3/kv/range", []byte(fmt.Sprintf(`{"key": %q}`, key(n))))
	})[200]))
	truth.End()
}

// prometheus answers queries, every fifth of them with a mistake.
func prometheus(p *program) {
	address := freeAddress()
	config := p.file("prometheus.yml", "global: {}\n")
	p.serve(address, "--config.file", config, "--storage.tsdb.path", filepath.Join(p.place, "data"), "--web.listen-address", address)
	await("prometheus is not ready", func(int) (*http.Request, error) { return get("http://" + address + "/-/ready") })
	truth.Begin()
	found := answers(500, func(n int) (*http.Request, error) {
		if n%5 == 0 {
			return get("http://" + address + "/api/v1/query?query=up%7B")
		}
		return get("http://" + address + "/api/v1/query?query=vector(1)")
	})
	truth.Number("queries", 500)
	truth.Number("good", int64(found[200]))
	truth.Number("bad", int64(found[400]))
	truth.End()
}

// serveJSON answers every request with an object and counts them.
func serveJSON() (string, *atomic.Int64) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	var served atomic.Int64
	go func() {
		_ = http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			served.Add(1)
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, "{}")
		}))
	}()
	return "http://" + listener.Addr().String(), &served
}

// askedTenTimes runs the program ten times; each asks a server of ours, which counts.
func askedTenTimes(p *program, environment []string, arguments func(url string, n int) []string) {
	url, served := serveJSON()
	truth.Begin()
	for n := 0; n < 10; n++ {
		p.run(environment, arguments(url, n)...)
	}
	truth.Number("runs", 10)
	truth.Number("requests", served.Load())
	truth.End()
}

// kubectl asks a cluster's server.
func kubectl(p *program) {
	askedTenTimes(p, nil, func(url string, n int) []string {
		return []string{"--server", url, "get", "--raw", fmt.Sprint("/api/v1/namespaces/default/pods/", n)}
	})
}

// gh asks GitHub's interface.
func gh(p *program) {
	askedTenTimes(p, []string{"GH_TOKEN=none", "GH_NO_UPDATE_NOTIFIER=1"}, func(url string, n int) []string {
		return []string{"api", fmt.Sprint(url, "/repos/", n)}
	})
}
