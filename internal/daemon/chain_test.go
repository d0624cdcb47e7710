package daemon_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cmtcli "github.com/cometbft/cometbft/libs/cli"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	cryptocodec "github.com/cosmos/cosmos-sdk/crypto/codec"
	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	svrcmd "github.com/cosmos/cosmos-sdk/server/cmd"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/app/inproc"
	"github.com/ballast-finance/ballast/internal/daemon"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

const chainID = "ballast-test"

// chain is a node inside the process, and a home folder with keys for the commands that talk to it.
type chain struct {
	node    *inproc.Node
	home    string
	address map[string]string // of the keys
	lot     string            // one that there was
}

// start starts a chain with five assets, a feeder, an owner and a maker.
func start(t *testing.T) *chain {
	t.Helper()
	c := &chain{home: t.TempDir(), address: make(map[string]string)}
	registry := codectypes.NewInterfaceRegistry()
	cryptocodec.RegisterInterfaces(registry)
	ring, err := keyring.New(app.Name, keyring.BackendTest, c.home, nil, codec.NewProtoCodec(registry))
	if err != nil {
		t.Fatal(err)
	}
	coins, err := sdk.ParseCoinsNormalized(
		"1000000000000uusdc,1000000000ubtc,1000000000000000000000aeth,1000000000000uatom,1000000000000ugov,1000000000ublst")
	if err != nil {
		t.Fatal(err)
	}
	var accounts []inproc.Account
	for _, name := range []string{"alice", "feeder", "maker"} {
		record, _, err := ring.NewMnemonic(name, keyring.English, sdk.FullFundraiserPath, "", hd.Secp256k1)
		if err != nil {
			t.Fatal(err)
		}
		address, err := record.GetAddress()
		if err != nil {
			t.Fatal(err)
		}
		c.address[name] = address.String()
		accounts = append(accounts, inproc.Account{Address: address, Coins: coins})
	}
	nodes, err := inproc.Start(t.Context(), inproc.Options{
		ChainID: chainID, Dir: t.TempDir(), BlockTime: 50 * time.Millisecond, Memory: true, Serve: true,
		Accounts: accounts, Genesis: c.genesis,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { inproc.Stop(nodes) })
	c.node = nodes[0]
	if err := c.node.WaitHeight(t.Context(), 2, 30*time.Second); err != nil {
		t.Fatal(err)
	}
	return c
}

// genesis has the assets of the templates, one source each, and rounds every two seconds.
func (c *chain) genesis(a *app.App, state map[string]json.RawMessage) error {
	o := oracletypes.DefaultGenesis()
	o.Params.Aggregate.MinSources, o.Params.Aggregate.MinClasses = 1, 1
	o.Params.Aggregate.ClassCap = "1"
	for _, x := range []oracletypes.Asset{
		{Denom: "uusdc", Display: "USDC", Exponent: 6},
		{Denom: "ubtc", Display: "BTC", Exponent: 8},
		{Denom: "aeth", Display: "ETH", Exponent: 18},
		{Denom: "uatom", Display: "ATOM", Exponent: 6},
		{Denom: "ugov", Display: "GOV", Exponent: 6},
	} {
		x.Status = oracletypes.AssetActive
		o.Assets = append(o.Assets, oracletypes.StoredAsset{Asset: x, Sources: []oracletypes.Source{{
			Id: 1, Class: oracletypes.ClassFeed, Weight: 100, MaxAgeSeconds: 600, Reporter: c.address["feeder"],
		}}})
	}
	state[oracletypes.ModuleName] = a.AppCodec().MustMarshalJSON(o)
	r := rebalancetypes.DefaultGenesis()
	r.Params.IntervalSeconds, r.Params.Crossing.MinClasses = 2, 1
	r.Params.Auction.BlockSeconds, r.Params.Auction.WindowSeconds = 1, 4
	r.Params.Auction.TailSeconds, r.Params.Auction.HaltSeconds = 2, 60
	state[rebalancetypes.ModuleName] = a.AppCodec().MustMarshalJSON(r)
	p := portfoliotypes.DefaultGenesis()
	p.Params.MinPeriodSeconds = 1
	state[portfoliotypes.ModuleName] = a.AppCodec().MustMarshalJSON(p)
	return nil
}

// run runs a command as a person does, and returns what it wrote.
func (c *chain) run(t *testing.T, line ...string) (stdout, stderr string, err error) {
	t.Helper()
	return c.runIn(t.Context(), t, line...)
}

// runIn runs a command until it or its context ends.
func (c *chain) runIn(ctx context.Context, t *testing.T, line ...string) (stdout, stderr string, err error) {
	t.Helper()
	root, err := daemon.New() //nolint:contextcheck // commands take it when they run
	if err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&problems)
	root.SetIn(strings.NewReader(""))
	root.SetArgs(append(line, "--home", c.home))
	cmtcli.PrepareBaseCmd(root, "BALLASTDTEST", c.home)
	err = root.ExecuteContext(svrcmd.CreateExecuteContext(ctx))
	return out.String(), problems.String(), err
}

// query runs a command that must work.
func (c *chain) query(t *testing.T, line ...string) string {
	t.Helper()
	out, problems, err := c.run(t, append(line, "--node", c.node.RPC)...)
	if err != nil {
		t.Fatalf("%q: %v\n%s%s", line, err, out, problems)
	}
	return out
}

// send runs a command that makes a transaction, and waits for its block.
func (c *chain) send(t *testing.T, line ...string) (said string) {
	t.Helper()
	line = append(line, "--node", c.node.RPC, "--chain-id", chainID, "--keyring-backend", "test", "--yes",
		"--output", "json")
	out, said, err := c.run(t, line...)
	if err != nil {
		t.Fatalf("%q: %v\n%s%s", line, err, out, said)
	}
	var answer struct {
		Code   uint32
		TxHash string
		RawLog string `json:"raw_log"`
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil || answer.Code != 0 {
		t.Fatalf("%q: %v\n%s%s", line, err, out, said)
	}
	for range 100 {
		out, _, err := c.run(t, "query", "tx", answer.TxHash, "--node", c.node.RPC, "--output", "json")
		if err == nil {
			if err := json.Unmarshal([]byte(out), &answer); err != nil || answer.Code != 0 {
				t.Fatalf("%q: code %d: %s", line, answer.Code, answer.RawLog)
			}
			return said
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%q: no block has it", line)
	return ""
}

// file writes a file and returns its name.
func file(t *testing.T, name, text string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
