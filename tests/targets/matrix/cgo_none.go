//go:build !cgo
// +build !cgo

package main

func callBack(n int) { called(int64(n)) }
