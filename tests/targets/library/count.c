/* Thread-local variables of C's: Go's own is not at the beginning of the block. */
static __thread int before[7] = {1};

int count(void) { return ++before[3]; }
