package main

import (
	"bufio"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net"
	"net/http"
	"net/mail"
	"net/netip"
	"net/textproto"
	"net/url"
	"os"
	"os/user"
	"regexp"
	"strings"
	"text/template"
)

// texts are errors in what was to be read.
func texts() {
	read := func(text string, set func(*csv.Reader)) error {
		reader := csv.NewReader(strings.NewReader(text))
		set(reader)
		_, err := reader.ReadAll()
		return err
	}
	add("csv_bare", read("a,b\"c\n", func(*csv.Reader) {}))
	add("csv_fields", read("a,b\nc\n", func(*csv.Reader) {}))
	add("csv_lines", read("a,\"b\nc\nd\"e\n", func(*csv.Reader) {}))
	_, err := hex.DecodeString("0g")
	add("hex", err)
	_, err = hex.DecodeString("00\x01")
	add("hex_control", err)
	_, err = hex.DecodeString("0\xe9")
	add("hex_beyond", err)
	_, err = base64.StdEncoding.DecodeString(strings.Repeat("abcd", 100) + "!")
	add("base64", err)
	var into struct{}
	add("xml", xml.Unmarshal([]byte("<a>\n<b></a>"), &into))
	add("xml_text", xml.Unmarshal([]byte("<a></a>"), &struct {
		XMLName xml.Name `xml:"b"`
	}{}))

	_, _, err = textproto.NewReader(bufio.NewReader(strings.NewReader("550 no such mailbox\r\n"))).ReadResponse(2)
	add("textproto", err)
	_, _, err = textproto.NewReader(bufio.NewReader(strings.NewReader("042 early \"quoted\"\r\n"))).ReadResponse(2)
	add("textproto_small", err)
	_, _, err = textproto.NewReader(bufio.NewReader(strings.NewReader("hello\r\n"))).ReadResponse(2)
	add("textproto_short", err)
	_, err = netip.ParseAddr("1.2.3.400")
	add("netip", err)
	_, err = netip.ParseAddr("::g")
	add("netip_at", err)
	_, err = netip.ParsePrefix("1.2.3.4/99")
	add("netip_prefix", err)
	_, err = regexp.Compile("a(b")
	add("regexp", err)
	_, err = regexp.Compile("a\\8")
	add("regexp_escape", err)
	_, err = url.Parse("http://[::1")
	add("url", err)
	_, err = url.Parse("http://a b/")
	add("url_host", err)
	_, err = url.Parse("%gh&%ij")
	add("url_escape", err)
	_, err = url.ParseQuery("a=%zz")
	add("url_query", err)
	_, err = mail.ParseAddress("nobody")
	add("mail", err)
	_, err = template.New("page").Parse("{{.a")
	add("template", err)
	_, err = net.ResolveTCPAddr("tcp", "host:port:else")
	add("address", err)
	_, err = net.ResolveTCPAddr("carrier pigeon", "host")
	add("network", err)
	_, err = net.ParseMAC("zz")
	add("mac", err)
	_, _, err = net.ParseCIDR("1.2.3.4/99")
	add("cidr", err)
	_, err = net.Dial("tcp", "127.0.0.1:1")
	add("dial", err)
	_, err = net.Dial("tcp", "127.0.0.1:nothing here")
	add("dial_port", err)
	_, err = net.Dial("tcp", "[::1%lo]:1")
	add("dial_zone", err)
	_, err = net.Dial("udp", "nonsense")
	add("dial_no_port", err)
	_, err = net.Dial("ip4:icmp", "127.0.0.256")
	add("dial_ip", err)
	_, err = http.Get("http://127.0.0.1:1/path?a=b")
	add("http_get", err)
	_, err = http.Get("gopher://x/")
	add("http_scheme", err)
	_, err = http.ReadRequest(bufio.NewReader(strings.NewReader("nonsense\r\n")))
	add("http_request", err)
	_, err = http.ReadResponse(bufio.NewReader(strings.NewReader("HTTP/1.1 200 OK\r\nA\r\n")), nil)
	add("http_response", err)
	add("link", os.Link("/nowhere/a", "/nowhere/b"))
	add("rename", os.Rename("/nowhere/a", "/nowhere/b"))
	_, err = os.Open("/nowhere/at/all")
	add("open", err)
	_, err = user.Lookup("nobody-of-this-name")
	add("user", err)
	_, err = user.LookupId("987654")
	add("user_id", err)
	_, err = user.LookupGroup("nobodies-of-this-name")
	add("group", err)
	_, err = user.LookupGroupId("987654")
	add("group_id", err)
}

// long are errors with long texts.
func long() {
	add("template_exec", template.Must(template.New("page").Parse("{{.A.B}}")).Execute(io.Discard, 3))
}
