package main

/*
#cgo LDFLAGS: -lpthread
#include <pthread.h>
#include <stdint.h>

extern int64_t goCalled(int64_t n);

static int64_t there_and_back(int64_t n) { return goCalled(n) + 1; }

static void *on_thread(void *n) { return (void *)(intptr_t)goCalled((int64_t)(intptr_t)n); }

static int64_t on_own_thread(int64_t n) {
	pthread_t thread;
	void *result = 0;
	if (pthread_create(&thread, 0, on_thread, (void *)(intptr_t)n) != 0) return -1;
	pthread_join(thread, &result);
	return (int64_t)(intptr_t)result;
}
*/
import "C"

func callBack(n int) {
	if n%2 == 0 {
		C.there_and_back(C.int64_t(n))
	} else {
		C.on_own_thread(C.int64_t(n))
	}
}

//export goCalled
func goCalled(n C.int64_t) C.int64_t { return C.int64_t(called(int64(n))) }
