// Command endpoints calls functions with network addresses of many types, and says what their String methods say.
package main

import (
	"fmt"
	"net"
	"net/netip"

	"gobt.example/truth"
)

type held struct {
	A netip.Addr
	P *net.TCPAddr
	N net.IPNet
}

//go:noinline
func addr(a netip.Addr) netip.Addr { return a }

//go:noinline
func addrPort(a netip.AddrPort) netip.AddrPort { return a }

//go:noinline
func prefix(a netip.Prefix) netip.Prefix { return a }

//go:noinline
func lists(a []netip.Addr, p []netip.Prefix, n []*net.IPNet, all []net.Addr) int { return len(a) }

//go:noinline
func pointers(t *net.TCPAddr, u *net.UDPAddr, n *net.IPNet, h *held) int { return 1 }

//go:noinline
func network(n net.IPNet, t net.TCPAddr) int { return 1 }

//go:noinline
func any(a net.Addr) int { return 1 }

var said int

func say(format string, values ...interface{}) {
	said++
	truth.Text(fmt.Sprintf("shown%d", said), fmt.Sprintf(format, values...))
}

func nilled(s fmt.Stringer, isNil bool) string {
	if isNil {
		return "nil"
	}
	return s.String()
}

func main() {
	truth.Begin()
	var addrs []netip.Addr
	for _, text := range []string{"10.1.2.3", "::1", "::", "0.0.0.0", "2001:db8::68", "::ffff:1.2.3.4", "fe80::1%eth0",
		"fe80::2%a very long zone", "1:0:0:2:0:0:0:3", "::ffff:1.2.3.4%z", "::1.2.3.4"} {
		addrs = append(addrs, netip.MustParseAddr(text))
	}
	addrs = append(addrs, netip.Addr{})
	var prefixes []netip.Prefix
	for i, a := range addrs {
		addr(a)
		say("addr %s|%s", a, a)
		ap := netip.AddrPortFrom(a, uint16(i*7000))
		addrPort(ap)
		say("port %s|%s", ap, ap)
		p := netip.PrefixFrom(a, i*3)
		prefix(p)
		say("prefix %s|%s", p, p)
		prefixes = append(prefixes, p)
	}
	prefix(netip.Prefix{})
	say("prefix invalid Prefix|invalid Prefix")
	tcp := &net.TCPAddr{IP: net.ParseIP("2001:db8::1"), Port: 5}
	zoned := &net.TCPAddr{IP: net.ParseIP("fe80::1"), Port: 80, Zone: "eth1"}
	udp := &net.UDPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 53}
	_, ten, _ := net.ParseCIDR("10.1.2.3/8")
	_, six, _ := net.ParseCIDR("2001:db8::/33")
	odd := &net.IPNet{IP: net.IPv4(1, 2, 3, 4), Mask: net.IPv4Mask(255, 0, 255, 0)}
	lists(addrs, prefixes, []*net.IPNet{ten, nil, six}, []net.Addr{tcp, nil, udp})
	text := func(format string, values ...interface{}) string { return fmt.Sprintf(format, values...) }
	list := func(n int, shown func(i int) string) string {
		out := text("[%d]{", n)
		for i := 0; i < n; i++ {
			if i > 0 {
				out += ", "
			}
			out += shown(i)
		}
		return out + "}"
	}
	say("lists %s|%s|[3]{%s, nil, %s}|[3]{%s, nil, %s}",
		list(len(addrs), func(i int) string { return addrs[i].String() }),
		list(len(prefixes), func(i int) string { return prefixes[i].String() }), ten, six, tcp, udp)
	for _, t := range []*net.TCPAddr{tcp, zoned, nil, {}, {Port: -1}} {
		for _, n := range []*net.IPNet{ten, six, odd, nil, {}, {IP: net.IP{1, 2, 3, 4}, Mask: net.CIDRMask(9, 128)}} {
			h := &held{A: addrs[1], P: t}
			if n != nil {
				h.N = *n
			}
			pointers(t, udp, n, h)
			say("pointers %s|%s|%s|::1|%s|%s", nilled(t, t == nil), udp, nilled(n, n == nil), nilled(t, t == nil), &h.N)
			if n != nil && t != nil {
				network(*n, *t)
				say("network %s|%s", n, t)
			}
		}
	}
	for _, a := range []net.Addr{tcp, zoned, udp, &net.IPAddr{IP: net.IPv4(1, 1, 1, 1)}, ten,
		&net.UnixAddr{Name: "/run/a.sock", Net: "unix"}, &net.IPAddr{IP: net.ParseIP("fe80::9"), Zone: "w"}} {
		any(a)
		say("any %s", a)
	}
	any(nil)
	say("any nil")
	truth.End()
}
