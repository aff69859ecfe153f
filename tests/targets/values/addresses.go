package main

import "net"

func runAddresses() {
	ip(net.IPv4(192, 168, 1, 20).To4()) // 4 bytes
	ip(net.IPv4(10, 0, 0, 1))           // IPv4 in 16 bytes
	ip(net.ParseIP("2001:db8::68"))     // IPv6
	ip(net.ParseIP("::1"))
	ip(net.IPv6zero)
	ip(nil)
	ip(net.IP{1, 2, 3}) // no address at all
	tcp(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080})
	tcp(&net.TCPAddr{IP: net.ParseIP("fe80::1"), Port: 443, Zone: "eth0"})
	network(net.IPNet{IP: net.IPv4(10, 1, 0, 0).To4(), Mask: net.CIDRMask(16, 32)})
}

//go:noinline
func ip(a net.IP) int { return len(a) }

//go:noinline
func tcp(a *net.TCPAddr) int { return a.Port }

//go:noinline
func network(n net.IPNet) int { return len(n.Mask) }
