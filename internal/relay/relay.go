package relay

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/gogoproto/proto"
	channeltypes "github.com/cosmos/ibc-go/v11/modules/core/04-channel/v2/types"
	hostv2 "github.com/cosmos/ibc-go/v11/modules/core/24-host/v2"
)

// Moved counts what was carried.
type Moved struct{ Packets, Acknowledgements, Timeouts int }

// Any reports that something was carried.
func (m Moved) Any() bool { return m != Moved{} }

// news is what a chain said in its blocks.
type news struct {
	sent     []channeltypes.Packet
	received []receipt
}

// receipt is a packet that a chain has handled, with its answer.
type receipt struct {
	packet channeltypes.Packet
	ack    channeltypes.Acknowledgement
}

// Run steps until the context ends, with a pause between steps that carried nothing.
func Run(ctx context.Context, a, b *Chain, idle time.Duration) error {
	for {
		moved, err := Step(ctx, a, b)
		if err != nil || ctx.Err() != nil {
			return err
		}
		if moved.Any() {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(idle):
		}
	}
}

// Step reads the blocks that are new on both chains and carries what is open. A packet that is too late is timed out.
// After an error the next step reads the same blocks again.
func Step(ctx context.Context, a, b *Chain) (Moved, error) {
	var moved Moved
	for _, way := range [][2]*Chain{{a, b}, {b, a}} {
		if err := carry(ctx, way[0], way[1], &moved); err != nil {
			return moved, err
		}
	}
	return moved, nil
}

// carry brings the news of src to dst. What fails is read again by the next step.
func carry(ctx context.Context, src, dst *Chain, moved *Moved) error {
	read := src.read
	said, err := src.listen(ctx)
	if err != nil {
		return err
	}
	for i := range said.sent {
		if err := deliver(ctx, src, dst, &said.sent[i], moved); err != nil {
			src.read = read
			return err
		}
	}
	for i := range said.received {
		if err := acknowledge(ctx, src, dst, &said.received[i], moved); err != nil {
			src.read = read
			return err
		}
	}
	return nil
}

// listen reads the events of new blocks: also those that no transaction made, such as scheduled payments.
func (c *Chain) listen(ctx context.Context) (news, error) {
	var said news
	last, _, err := c.height(ctx)
	if err != nil {
		return said, err
	}
	for h := c.read + 1; h <= last; h++ {
		block, err := c.RPC.BlockResults(ctx, &h)
		if err != nil {
			return said, fmt.Errorf("%s: %w", c.ID, err)
		}
		c.hear(&said, block.FinalizeBlockEvents)
		for _, res := range block.TxsResults {
			if res.Code == 0 {
				c.hear(&said, res.Events)
			}
		}
	}
	c.read = max(c.read, last)
	return said, nil
}

// hear picks out the packets of the way.
func (c *Chain) hear(said *news, events []abci.Event) {
	for i := range events {
		one := events[i : i+1]
		var p channeltypes.Packet
		if !decode(one, channeltypes.AttributeKeyEncodedPacketHex, &p) {
			continue
		}
		switch events[i].Type {
		case channeltypes.EventTypeSendPacket:
			if p.SourceClient == c.ClientID {
				said.sent = append(said.sent, p)
			}
		case channeltypes.EventTypeWriteAck:
			var ack channeltypes.Acknowledgement
			if p.DestinationClient == c.ClientID && decode(one, channeltypes.AttributeKeyEncodedAckHex, &ack) {
				said.received = append(said.received, receipt{p, ack})
			}
		}
	}
}

// deliver brings a packet of src to dst, or back to src when it is too late.
func deliver(ctx context.Context, src, dst *Chain, p *channeltypes.Packet, moved *Moved) error {
	open, err := src.has(ctx, hostv2.PacketCommitmentKey(p.SourceClient, p.Sequence))
	if err != nil || !open {
		return err
	}
	key := hostv2.PacketReceiptKey(p.DestinationClient, p.Sequence)
	if got, err := dst.has(ctx, key); err != nil || got {
		return err // its acknowledgement is in the news of dst
	}
	height, now, err := dst.height(ctx)
	if err != nil {
		return err
	}
	if now.Unix() >= int64(p.TimeoutTimestamp) { //nolint:gosec // it is at most a day from now
		moved.Timeouts++
		return prove(ctx, dst, src, height+1, key, func(proof []byte, at int64) sdk.Msg {
			return channeltypes.NewMsgTimeout(*p, proof, dst.at(at), src.Address().String())
		})
	}
	if height, _, err = src.height(ctx); err != nil {
		return err
	}
	moved.Packets++
	return prove(ctx, src, dst, height+1, hostv2.PacketCommitmentKey(p.SourceClient, p.Sequence),
		func(proof []byte, at int64) sdk.Msg {
			return channeltypes.NewMsgRecvPacket(*p, proof, src.at(at), dst.Address().String())
		})
}

// acknowledge brings the answer of src to a packet back to dst, which sent it.
func acknowledge(ctx context.Context, src, dst *Chain, r *receipt, moved *Moved) error {
	p := &r.packet
	open, err := dst.has(ctx, hostv2.PacketCommitmentKey(p.SourceClient, p.Sequence))
	if err != nil || !open {
		return err
	}
	height, _, err := src.height(ctx)
	if err != nil {
		return err
	}
	moved.Acknowledgements++
	return prove(ctx, src, dst, height+1, hostv2.PacketAcknowledgementKey(p.DestinationClient, p.Sequence),
		func(proof []byte, at int64) sdk.Msg {
			return channeltypes.NewMsgAcknowledgement(*p, r.ack, proof, src.at(at), dst.Address().String())
		})
}

// prove tells the client of src on dst of a new header, and sends a message with a proof against it.
func prove(
	ctx context.Context, src, dst *Chain, least int64, key []byte, message func(proof []byte, height int64) sdk.Msg,
) error {
	news, height, err := update(ctx, src, dst, least)
	if err != nil {
		return err
	}
	proof, err := src.proof(ctx, key, height)
	if err != nil {
		return err
	}
	_, err = dst.Send(ctx, news, message(proof, height))
	return err
}

// decode reads a message that an event carries in hexadecimal digits.
func decode(events []abci.Event, key string, out proto.Message) bool {
	text, err := hex.DecodeString(attribute(events, events[0].Type, key))
	return err == nil && len(text) > 0 && proto.Unmarshal(text, out) == nil
}
