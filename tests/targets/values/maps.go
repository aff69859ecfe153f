package main

import "strconv"

type registry struct {
	ByName map[string]int
	Count  int
}

func runMaps() {
	strMap(nil)
	strMap(map[string]int{})
	strMap(map[string]int{"one": 1, "two": 2, "three": 3})
	large := map[string]int{}
	for i := 0; i < 1000; i++ {
		large[strconv.Itoa(i)] = i
	}
	strMap(large)
	delete(large, "5")
	strMap(large)
	intMap(map[int]bool{1: true, 2: false})
	inStruct(&registry{ByName: map[string]int{"a": 1, "b": 2}, Count: 2})
	mapPointer(&large)
	makeMap(7)
}

//go:noinline
func strMap(m map[string]int) int { return len(m) }

//go:noinline
func intMap(m map[int]bool) int { return len(m) }

//go:noinline
func inStruct(r *registry) int { return r.Count }

//go:noinline
func mapPointer(m *map[string]int) int { return len(*m) }

//go:noinline
func makeMap(n int) map[int]int {
	m := map[int]int{}
	for i := 0; i < n; i++ {
		m[i] = i
	}
	return m
}
