// Command urls calls functions with URLs, and says what their String methods say.
package main

import (
	"fmt"
	"net/http"
	"net/url"

	"gobt.example/truth"
)

//go:noinline
func take(u *url.URL) *url.URL { return u }

//go:noinline
func value(u url.URL) int { return len(u.Path) }

//go:noinline
func request(r *http.Request) int { return len(r.Host) }

func main() {
	var urls []*url.URL
	for _, text := range []string{
		"http://example.com/a/b?c=d&e=f#part", "/path/only", "relative/path", "?query", "#fragment", "//host/path",
		"https://user:pass@example.com:8443/", "ftp://us%40er@host/", "mailto:somebody@example.com", "urn:isbn:1",
		"http://[fe80::1%25lo]:80/", "/a%2Fb/c", "/a b/ä", "/?", "/x?#", "http://host", "file:///etc/passwd", "http:///x",
		"*", "/q;a=1,2/!$&'()*+:@", "#a%20b!%2f", "http://a/b?x=%zz&y=a b", "http://h/%E4%BD%A0", "s:/p", "custom:?q",
		"http://user:@h/", "http://:pw@h/p",
	} {
		u, err := url.Parse(text)
		if err != nil {
			panic(err)
		}
		urls = append(urls, u)
	}
	urls = append(urls,
		&url.URL{Path: "a:b/c"}, &url.URL{Host: "h", Path: "no/slash"}, &url.URL{Path: "*", RawPath: "x"},
		&url.URL{Scheme: "http", Path: "/a\"<>^`{|}", Fragment: "ä \"x\""}, &url.URL{Opaque: "//a/%2f", Scheme: "x"},
		&url.URL{Path: "/a/b", RawPath: "/a%2Fb", RawFragment: "%61", Fragment: "a"}, &url.URL{Host: "ö <x>"},
		&url.URL{Path: "/a/b", RawPath: "/other"}, &url.URL{User: url.UserPassword("a:/?@", "p@:;ö"), Host: "h"},
		&url.URL{User: url.User("only")}, &url.URL{}, &url.URL{ForceQuery: true, RawQuery: "a b#c"},
	)
	truth.Begin()
	n := 0
	say := func(what, text string) {
		n++
		truth.Text(fmt.Sprintf("shown%d", n), what+" "+text)
	}
	for i, u := range urls {
		take(u)
		value(*u)
		say("pointer", u.String()+"|"+u.Path)
		say("value", u.String())
		truth.Text(fmt.Sprintf("said%d", i+1), u.String())
	}
	take(nil)
	say("pointer", "nil|nil")
	truth.Text("said0", "nil")
	request(&http.Request{Host: "x", URL: urls[0]})
	say("request", urls[0].String())
	truth.Number("calls", int64(len(urls)+1))
	truth.End()
}
