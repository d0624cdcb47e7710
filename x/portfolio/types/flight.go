package types

import (
	"cmp"
	"strconv"
	"strings"

	"cosmossdk.io/collections"

	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"
	clienttypes "github.com/cosmos/ibc-go/v11/modules/core/02-client/types"
	ibcexported "github.com/cosmos/ibc-go/v11/modules/core/exported"
)

const (
	// MaxPayouts is how many one-time orders of a portfolio may wait for the end of their payouts.
	MaxPayouts = 100
	// maxClientSeconds is the longest timeout that IBC v2 takes, less a minute for clocks.
	maxClientSeconds = daySeconds - 60
	// maxDetail bounds what is kept of another chain's words.
	maxDetail = 200

	nanoseconds    = 1_000_000_000
	callbackPrefix = ModuleName + "/"
)

// FlightKey orders flights by portfolio, channel and sequence.
type FlightKey = collections.Triple[uint64, string, uint64]

// Key is where a flight is stored: there is one of a packet.
func (f *Flight) Key() FlightKey { return collections.Join3(f.Id, f.Channel, f.Sequence) }

// before orders flights as they are stored.
func (f *Flight) before(g *Flight) bool {
	return cmp.Or(cmp.Compare(f.Id, g.Id), cmp.Compare(f.Channel, g.Channel), cmp.Compare(f.Sequence, g.Sequence)) < 0
}

// Message is the transfer that carries the flight to a recipient. A channel counts its timeout in nanoseconds, a client
// of IBC v2 in seconds.
func (f *Flight) Message(recipient string) *transfertypes.MsgTransfer {
	memo := `{"src_callback":{"address":"` + CallbackAddress(f.Id) + `"}}` // a word and a number need no escapes
	msg := transfertypes.NewMsgTransfer(transfertypes.PortID, f.Channel, f.Amount, Account(f.Id).String(), recipient,
		clienttypes.ZeroHeight(), uint64(f.Timeout)*nanoseconds, memo) //nolint:gosec // after 1970
	if to := (&Destination{Channel: f.Channel}); to.client() {
		msg.TimeoutTimestamp, msg.Encoding = uint64(f.Timeout), transfertypes.EncodingProtobuf //nolint:gosec // see above
	}
	return msg
}

// CallbackAddress is whom ibc-go tells of the end of a portfolio's transfer.
func CallbackAddress(id uint64) string { return callbackPrefix + strconv.FormatUint(id, 10) }

// Called reads a CallbackAddress, which only the account of the portfolio itself may use as a sender: ErrTransfer.
func Called(address, sender string) (uint64, error) {
	text, found := strings.CutPrefix(address, callbackPrefix)
	id, err := strconv.ParseUint(text, 10, 64)
	if !found || err != nil || CallbackAddress(id) != address || Account(id).String() != sender {
		return 0, ErrTransfer.Wrapf("expected no callback: there are no contracts here, got %q by %s",
			Detail(address), sender)
	}
	return id, nil
}

// Detail is what is kept of another chain's words: short, and printable on one line.
func Detail(text string) string {
	text = text[:min(len(text), maxDetail)]
	if !printable(text) {
		text = strconv.QuoteToASCII(text)
	}
	return text
}

// client reports a destination behind a client of IBC v2 rather than a channel.
func (d *Destination) client() bool {
	kind, _, err := clienttypes.ParseClientIdentifier(d.Channel)
	return err == nil && kind == ibcexported.Tendermint
}

// Patience is how long a transfer may take, of what the params allow.
func (d *Destination) Patience(seconds int64) int64 {
	if d.client() {
		return min(seconds, maxClientSeconds)
	}
	return seconds
}
