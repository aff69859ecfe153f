// Command shipped is as large as programs that distributions ship, in the ways that they build them: its places in the
// file reach into its addresses, and what imports "plugin" keeps its functions in .dynsym when it is stripped (as
// rclone and kubectl do).
//
// Usage: shipped COUNT
package main

import (
	_ "archive/tar"
	_ "archive/zip"
	_ "compress/bzip2"
	_ "compress/lzw"
	_ "database/sql"
	_ "debug/dwarf"
	_ "debug/macho"
	_ "debug/pe"
	_ "encoding/csv"
	_ "encoding/gob"
	_ "encoding/xml"
	_ "expvar"
	_ "go/build"
	_ "go/doc"
	_ "go/importer"
	_ "go/printer"
	_ "go/types"
	_ "html/template"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	_ "index/suffixarray"
	_ "log/syslog"
	_ "math/big"
	_ "mime/quotedprintable"
	_ "net/http/fcgi"
	_ "net/http/httputil"
	_ "net/http/pprof"
	_ "net/mail"
	_ "net/rpc/jsonrpc"
	_ "net/smtp"
	"os"
	_ "plugin"
	"strconv"
	"strings"
	_ "testing/fstest"
	_ "testing/quick"
	_ "text/tabwriter"

	"gobt.example/truth"
)

var works int64

//go:noinline
func work(n int) int {
	works++
	return n + len(strings.Repeat("x", n))
}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	truth.Begin()
	sum := 0
	for i := 0; i < n; i++ {
		sum += work(i)
	}
	truth.Number("works", works)
	truth.Number("sum", int64(sum))
	truth.End()
}
