// Package log writes what happens to a file, and waits until it is on the disk.
package log

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// Logger writes lines.
type Logger struct {
	mu   sync.Mutex
	file *os.File
}

// New makes a logger that writes to a file.
func New(file *os.File) *Logger {
	return &Logger{file: file}
}

// Printf writes a line.
//
//go:noinline
func (l *Logger) Printf(format string, values ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.file, "%s ", stamp(time.Now()))
	fmt.Fprintf(l.file, format+"\n", values...)
	l.flush()
}

//go:noinline
func stamp(now time.Time) string {
	return now.Format(time.RFC3339Nano)
}

// flush stands for a disk that is slow.
//
//go:noinline
func (l *Logger) flush() {
	_ = l.file.Sync()
	time.Sleep(20 * time.Millisecond)
}
