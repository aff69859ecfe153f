// Command vaultcore starts the real core of Vault on storage in memory and stores a known number of secrets in it.
//
// Usage: vaultcore [COUNT]
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/vault/helper/namespace"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"

	"gobt.example/truth"
)

func main() {
	count := 20
	if len(os.Args) > 1 {
		n, err := strconv.Atoi(os.Args[1])
		check(err)
		count = n
	}
	core, token := start()
	truth.Begin()
	// A cubbyhole is the private storage of a token: one write is one BarrierView.Put with the key given.
	ctx := namespace.RootContext(context.Background())
	stored := 0
	for i := 0; i < count; i++ {
		request := &logical.Request{
			Operation:   logical.UpdateOperation,
			Path:        fmt.Sprintf("cubbyhole/gobt/key%d", i),
			ClientToken: token,
			Data:        map[string]interface{}{"value": i},
		}
		response, err := core.HandleRequest(ctx, request)
		check(err)
		if response != nil && response.IsError() {
			check(response.Error())
		}
		stored++
	}
	truth.Number("puts", int64(stored))
	truth.End()
}

// start brings up an unsealed core and gives its root token.
func start() (*vault.Core, string) {
	logger := hclog.NewNullLogger()
	storage, err := inmem.NewInmem(nil, logger)
	check(err)
	core, err := vault.NewCore(&vault.CoreConfig{
		Physical:     storage,
		Logger:       logger,
		DisableMlock: true,
		DisableCache: true,
	})
	check(err)
	result, err := core.Initialize(context.Background(), &vault.InitParams{
		BarrierConfig:  &vault.SealConfig{SecretShares: 1, SecretThreshold: 1},
		RecoveryConfig: &vault.SealConfig{},
	})
	check(err)
	unsealed, err := core.Unseal(result.SecretShares[0])
	check(err)
	if !unsealed {
		check(fmt.Errorf("the core stayed sealed"))
	}
	token, err := core.DecodeSSCToken(result.RootToken)
	check(err)
	return core, token
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "vaultcore:", err)
		os.Exit(1)
	}
}
