// Command vaultview stores entries through a method that has the package path, receiver, name and types of Vault's own.
//
// Usage: vaultview [COUNT]
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/vault"
	"gobt.example/truth"
)

func main() {
	count := 20
	if len(os.Args) > 1 {
		if n, err := strconv.Atoi(os.Args[1]); err == nil {
			count = n
		}
	}
	view := vault.NewBarrierView("logical/")
	truth.Begin()
	puts, failed := 0, 0
	for i := 0; i < count; i++ {
		key := fmt.Sprintf("secret/key%d", i)
		if i%5 == 4 {
			key = fmt.Sprintf("sealed/key%d", i)
		}
		entry := &logical.StorageEntry{Key: key, Value: []byte(strings.Repeat("v", i)), SealWrap: i%2 == 0}
		puts++
		if view.Put(context.Background(), entry) != nil {
			failed++
		}
		_, _ = view.Get(context.Background(), key)
		truth.Text(fmt.Sprint("key", i), key)
	}
	truth.Number("puts", int64(puts))
	truth.Number("failed", int64(failed))
	truth.Number("fine", int64(puts-failed))
	truth.Number("writes", int64(view.Writes()))
	truth.End()
}
