// Command cgo calls C, and is called back from C, on goroutines and on threads that C made. Some of the goroutines
// change threads while they are in C.
//
// Usage: cgo [COUNT]
package main

/*
#cgo LDFLAGS: -lpthread
#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

extern int64_t goCallback(int64_t n);

static int64_t square(int64_t n) { return n * n; }

static int64_t there_and_back(int64_t n) { return goCallback(n) + 1; }

static void *on_thread(void *n) { return (void *)(intptr_t)goCallback((int64_t)(intptr_t)n); }

static int64_t on_own_thread(int64_t n) {
	pthread_t thread;
	void *result = 0;
	if (pthread_create(&thread, 0, on_thread, (void *)(intptr_t)n) != 0) return -1;
	pthread_join(thread, &result);
	return (int64_t)(intptr_t)result;
}

static int64_t cube(int64_t n) { return n * n * n; }

typedef struct { int64_t n; char rest[200]; } large;

static large nap(int64_t n) {
	large result = { goCallback(n) };
	usleep(500);
	return result;
}
*/
import "C"

import (
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"gobt.example/truth"
)

var callbacks, plain int64

func main() {
	n := 20
	if len(os.Args) > 1 {
		n, _ = strconv.Atoi(os.Args[1])
	}
	truth.Begin()
	total := int64(0)
	for i := 0; i < n; i++ {
		total += int64(C.square(C.int64_t(i)))
		total += int64(C.there_and_back(C.int64_t(i)))
		total += int64(C.on_own_thread(C.int64_t(i)))
		total += ordinary(int64(i))
	}
	cross(int64(n))
	truth.Number("total", total)
	truth.Number("callbacks", callbacks)
	truth.Number("ordinary", plain)
	truth.End()
}

//export goCallback
func goCallback(n C.int64_t) C.int64_t {
	return C.int64_t(calledBack(int64(n)))
}

// calledBack runs on the goroutine that called C, or on one that the runtime made for a thread of C's.
//
//go:noinline
func calledBack(n int64) int64 {
	atomic.AddInt64(&callbacks, 1)
	return n + 10
}

//go:noinline
func ordinary(n int64) int64 {
	atomic.AddInt64(&plain, 1)
	return -n
}

// cross calls C on four goroutines at once, each of them another number of times.
func cross(n int64) {
	const goroutines = 4
	var ids, cubes, naps [goroutines]int64
	var all sync.WaitGroup
	all.Add(goroutines)
	for i := range ids {
		go func(i int) {
			defer all.Done()
			ids[i] = truth.Goroutine()
			for ; cubes[i] < n*int64(i+1); cubes[i]++ {
				C.cube(C.int64_t(cubes[i]))
				runtime.Gosched()
				if cubes[i]%2 == 0 {
					C.nap(C.int64_t(naps[i]))
					naps[i]++
				}
			}
		}(i)
	}
	all.Wait()
	for i := range ids {
		number := strconv.Itoa(i + 1)
		truth.Number("goroutine"+number, ids[i])
		truth.Number("cubes"+number, cubes[i])
		truth.Number("naps"+number, naps[i])
	}
}
