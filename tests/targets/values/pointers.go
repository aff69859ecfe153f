package main

import (
	"unsafe"

	"gobt.example/truth"
)

type node struct {
	Value int
	Next  *node
	Up    **node
}

var heapInt = new(int)

func runPointers() {
	*heapInt = 4711
	truth.Unsigned("pointer", uint64(uintptr(unsafe.Pointer(heapInt))))
	pointer(heapInt)
	pointer(nil)
	second := heapInt
	double(&second)
	raw(unsafe.Pointer(heapInt))
	raw(nil)
	list := &node{Value: 1, Next: &node{Value: 2, Next: &node{Value: 3}}}
	list.Up = &list.Next
	walk(list)
	walk(&node{Value: 9})
	walk(nil)
	wild((*node)(unsafe.Pointer(uintptr(16))))
}

//go:noinline
func pointer(p *int) *int { return p }

//go:noinline
func double(p **int) int { return **p }

//go:noinline
func raw(p unsafe.Pointer) uintptr { return uintptr(p) }

//go:noinline
func walk(n *node) bool { return n != nil && n.Next != nil }

// wild is entered with an address that nothing is at; it does not follow it.
//
//go:noinline
func wild(n *node) bool { return n != nil }
