package main

import "unsafe"

// pointed is the text that lies where the bytes do; bytesAt are the bytes that lie where the text does.
func pointed(b []byte) string { return *(*string)(unsafe.Pointer(&b)) }

func bytesAt(s string) []byte {
	type slice struct {
		data unsafe.Pointer
		len  int
		cap  int
	}
	made := slice{*(*unsafe.Pointer)(unsafe.Pointer(&s)), len(s), len(s)}
	return *(*[]byte)(unsafe.Pointer(&made))
}
