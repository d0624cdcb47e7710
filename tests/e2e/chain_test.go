//go:build e2e

package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// chain is what one says over HTTP.
type chain struct {
	name, api string
	height    string // at which state is looked at; the last one when empty
}

// still is the chain as it is one block ago, whatever happens while we look: the last block may be known before its
// state is.
func (c *chain) still(t *testing.T) *chain {
	t.Helper()
	var a struct {
		Block struct{ Header struct{ Height string } }
	}
	c.must(t, "/cosmos/base/tendermint/v1beta1/blocks/latest", &a)
	height, err := strconv.ParseInt(a.Block.Header.Height, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return &chain{c.name, c.api, strconv.FormatInt(height-1, 10)}
}

// ports finds so many free ones of the loopback.
func ports(t *testing.T, n int) []int {
	t.Helper()
	found := make([]int, n)
	for i := range found {
		listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = listener.Close() }() // all are held until all are found
		address, ok := listener.Addr().(*net.TCPAddr)
		if !ok {
			t.Fatalf("expected a TCP address, got %v", listener.Addr())
		}
		found[i] = address.Port
	}
	return found
}

// get asks a route and reads the answer.
func (c *chain) get(ctx context.Context, path string, answer any) error {
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.api+path, http.NoBody)
	if err != nil {
		return err
	}
	if c.height != "" {
		request.Header.Set("X-Cosmos-Block-Height", c.height)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s%s: %s", c.name, c.api, path, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

// must asks a route that has to answer.
func (c *chain) must(t *testing.T, path string, answer any) {
	t.Helper()
	if err := c.get(t.Context(), path, answer); err != nil {
		t.Fatal(err)
	}
}

type coin struct{ Denom, Amount string }

// money are amounts by denom; a denom that is not in it is zero.
type money map[string]*big.Int

func (m money) of(denom string) *big.Int {
	if n := m[denom]; n != nil {
		return n
	}
	return new(big.Int)
}

func amounts(t *testing.T, coins []coin) money {
	t.Helper()
	m := make(money)
	for _, c := range coins {
		n, ok := new(big.Int).SetString(c.Amount, 10)
		if !ok {
			t.Fatalf("expected an amount, got %q", c.Amount)
		}
		m[c.Denom] = n
	}
	return m
}

func (c *chain) supply(t *testing.T) money {
	t.Helper()
	var a struct{ Supply []coin }
	c.must(t, "/cosmos/bank/v1beta1/supply?pagination.limit=1000", &a)
	return amounts(t, a.Supply)
}

func (c *chain) balances(t *testing.T, who string) money {
	t.Helper()
	var a struct{ Balances []coin }
	c.must(t, "/cosmos/bank/v1beta1/balances/"+who+"?pagination.limit=1000", &a)
	return amounts(t, a.Balances)
}

// escrow is where the transfers of a channel leave what they take.
func (c *chain) escrow(t *testing.T, channel string) string {
	t.Helper()
	var a struct {
		Address string `json:"escrow_address"`
	}
	c.must(t, "/ibc/apps/transfer/v1/channels/"+channel+"/ports/transfer/escrow_address", &a)
	return a.Address
}

// channel is one end of a channel.
type channel struct {
	State   string
	Port    string `json:"port_id"`
	Channel string `json:"channel_id"`
}

func (c *chain) channels(t *testing.T) []channel {
	t.Helper()
	var a struct{ Channels []channel }
	c.must(t, "/ibc/core/channel/v1/channels", &a)
	return a.Channels
}

// pending are the sequences of packets that left by a channel and whose end is not known there.
func (c *chain) pending(t *testing.T, port, channel string) []string {
	t.Helper()
	var a struct{ Commitments []struct{ Sequence string } }
	c.must(t, "/ibc/core/channel/v1/channels/"+channel+"/ports/"+port+"/packet_commitments", &a)
	all := make([]string, len(a.Commitments))
	for i, one := range a.Commitments {
		all[i] = one.Sequence
	}
	return all
}

// wait looks again and again until something holds.
func wait(t *testing.T, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !holds(); time.Sleep(300 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s", limit, what)
		}
	}
}
