/* Loads the library that is its first argument and calls its Main. */
#include <dlfcn.h>
#include <stdio.h>

static __thread char own[100];

int main(int argc, char **argv) {
	void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : 0;
	void (*start)(void) = library ? (void (*)(void))dlsym(library, "Main") : 0;
	if (!start) {
		fprintf(stderr, "%s\n", dlerror());
		return 3;
	}
	own[1]++;
	start();
	return 0;
}
