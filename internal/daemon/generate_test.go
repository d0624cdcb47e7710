package daemon_test

import (
	"path/filepath"
	"strings"
	"testing"

	icatypes "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/types"

	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

// packet: what --generate ica prints is what `tx interchain-accounts controller send-tx` reads, and the host finds the
// message in it.
func (c *chain) packet(t *testing.T) {
	t.Helper()
	owner := c.address["alice"]
	out := c.query(t, "tx", "portfolio", "create", "--from-policy", file(t, "policy.yaml", sixtyForty), "--payment-to",
		c.address["maker"], "--chain-id", chainID, "--name", "Abroad", "--generate", "ica", "--owner", owner)
	cdc := c.node.App.AppCodec()
	var packet icatypes.InterchainAccountPacketData
	if err := cdc.UnmarshalJSON([]byte(out), &packet); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := packet.ValidateBasic(); err != nil {
		t.Error(err)
	}
	msgs, err := icatypes.DeserializeCosmosTx(cdc, packet.Data, icatypes.EncodingProtobuf)
	if err != nil || len(msgs) != 1 {
		t.Fatalf("expected one message, got %v, %v", msgs, err)
	}
	msg, is := msgs[0].(*portfoliotypes.MsgCreate)
	if !is || msg.Owner != owner || msg.Name != "Abroad" || len(msg.Policy.Positions) != 2 || len(msg.Payments) != 1 {
		t.Errorf("got %+v", msgs[0])
	}
}

// multisig: two of three members sign what --generate multisig prints, and the council owns a portfolio.
func (c *chain) multisig(t *testing.T) {
	t.Helper()
	keys := []string{"--keyring-backend", "test", "--chain-id", chainID}
	_, said, err := c.run(t, "keys", "add", "council", "--multisig", "alice,maker,feeder", "--multisig-threshold", "2",
		"--keyring-backend", "test")
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	council, _, err := c.run(t, "keys", "show", "council", "--address", "--keyring-backend", "test")
	if err != nil {
		t.Fatal(err)
	}
	council = strings.TrimSpace(council)
	c.send(t, "tx", "bank", "send", "alice", council, "5000000000uusdc,1000000ublst")
	dir := t.TempDir()
	unsigned := file(t, "unsigned.json", c.query(t, append([]string{
		"tx", "portfolio", "create", "--from-policy", file(t, "policy.yaml", sixtyForty), "--payment-to",
		c.address["maker"], "--name", "Council", "--deposit", "1_000USDC", "--generate", "multisig", "--owner", council,
	}, keys...)...))
	line := []string{"tx", "multisign", unsigned, "council"}
	for _, member := range []string{"maker", "feeder"} {
		signature := filepath.Join(dir, member+".json")
		c.query(t, append([]string{
			"tx", "sign", unsigned, "--from", member, "--multisig", council, "--output-document", signature,
		}, keys...)...)
		line = append(line, signature)
	}
	signed := filepath.Join(dir, "signed.json")
	c.query(t, append(append(line, "--output-document", signed), keys...)...)
	c.send(t, "tx", "broadcast", signed)
	contains(t, c.query(t, "query", "portfolio", "list", "--owner", council), "name: Council", "owner: "+council)
}
