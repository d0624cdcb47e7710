package auction

import (
	"fmt"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

	"github.com/cosmos/cosmos-sdk/version"
)

// AutoCLIOptions describes the commands of the module.
func (AppModule) AutoCLIOptions() *autocliv1.ModuleOptions {
	return &autocliv1.ModuleOptions{
		Query: &autocliv1.ServiceCommandDescriptor{
			Service:           "ballast.auction.v1.Query",
			Short:             "Lots, books, quotes and what is owed",
			RpcCommandOptions: append(lotQueries(), accountQueries()...),
		},
		Tx: &autocliv1.ServiceCommandDescriptor{
			Service:           "ballast.auction.v1.Msg",
			Short:             "Bid, sell, claim",
			RpcCommandOptions: append(messages(), guards()...),
		},
	}
}

// example is one line to copy.
func example(kind, text string) string {
	return fmt.Sprintf("%s %s auction %s", version.AppName, kind, text)
}

// args are the arguments of a command, in order.
func args(fields ...string) []*autocliv1.PositionalArgDescriptor {
	list := make([]*autocliv1.PositionalArgDescriptor, len(fields))
	for i, field := range fields {
		list[i] = &autocliv1.PositionalArgDescriptor{ProtoField: field}
	}
	return list
}

func lotQueries() []*autocliv1.RpcCommandOptions {
	return []*autocliv1.RpcCommandOptions{
		{
			RpcMethod: "Params", Use: "params", Short: "The terms of the auctions, and whether they are paused",
			Example: example("query", "params"),
		},
		{
			RpcMethod: "Lot", Use: "lot [lot-id]", Short: "A lot: its curve, its clock, what is left",
			Long: "A lot with all that is needed to compute its price at any time: curve, pace, effective time. " +
				"next_time and next_price are those of the next clearing when every block takes its target time; mid is the " +
				"oracle's price of the pair now, and mid_low and mid_high where it may lie for all that the oracle knows.",
			Example: example("query", "lot 1048576"), PositionalArgs: args("lot_id"),
		},
		{
			RpcMethod: "Lots", Use: "lots", Short: "Lots of all states or one, of all pairs or one",
			Example: example("query", "lots --status open --sell-denom ATOM"),
			FlagOptions: map[string]*autocliv1.FlagOptions{
				"sell_denom": {Usage: "only lots that sell this"}, "buy_denom": {Usage: "only lots that are paid in this"},
			},
		},
		{
			RpcMethod: "Book", Use: "book [lot-id]", Short: "The bids of a lot, the best first",
			Example: example("query", "book 1048576 --page-limit 20"), PositionalArgs: args("lot_id"),
		},
		{
			RpcMethod: "Quote", Use: "quote [lot-id]", Short: "What a bid would get, exactly",
			Long: "The clearings that will be made with the bids that rest in the book, by the same code: exact when no " +
				"other bid comes and every block takes its target time. Without --limit it is the clock price of the " +
				"clearing that the bid comes to.",
			Example:        example("query", "quote 1048576 --amount-out 5000000 --limit 9.85 --at 1767225600"),
			PositionalArgs: args("lot_id"),
		},
		{
			RpcMethod: "Take", Use: "take [lot-id]", Short: "What units cost at the clock price, or what a payment buys",
			Long:    "Price and payment of whoever comes at a time, bids the clock price and meets no other bid.",
			Example: example("query", "take 1048576 --amount-in 1000000"),
			FlagOptions: map[string]*autocliv1.FlagOptions{
				"amount_out": {Usage: "base units to buy"}, "amount_in": {Usage: "base units to pay instead"},
				"at": {Usage: "time in unix seconds; 0 is the next block"},
			},
			PositionalArgs: args("lot_id"),
		},
		{
			RpcMethod: "Invariants", Use: "invariants", Short: "Check the whole state; lists what is broken",
			Example: example("query", "invariants"),
		},
	}
}

func accountQueries() []*autocliv1.RpcCommandOptions {
	return []*autocliv1.RpcCommandOptions{
		{
			RpcMethod: "Bids", Use: "bids [bidder]", Short: "The resting bids of an account",
			Example: example("query", "bids ballast1..."), PositionalArgs: args("bidder"),
		},
		{
			RpcMethod: "Fills", Use: "fills [bidder]", Short: "What an account bought",
			Long:    "The fills of an account by lot and bid, as long as their lots are remembered (history_seconds).",
			Example: example("query", "fills ballast1... --page-reverse"), PositionalArgs: args("bidder"),
		},
		{
			RpcMethod: "Claims", Use: "claims [owner]", Short: "What an account is owed",
			Example: example("query", "claims ballast1..."), PositionalArgs: args("owner"),
		},
		{
			RpcMethod: "Sales", Use: "sales", Short: "Sales that wait or are in the market",
			Example: example("query", "sales --seller ballast1..."),
		},
	}
}

func messages() []*autocliv1.RpcCommandOptions {
	return []*autocliv1.RpcCommandOptions{
		{
			RpcMethod: "Bid", Use: "bid [lot-id] [limit]", Short: "Place a bid in the book of a lot",
			Long: "Place a bid for --amount-out of the sold asset, or for as much as --amount-in of the bought one covers " +
				"at the limit. Amounts are in display units such as 5ATOM; a bare number is base units. The most that the " +
				"bid can pay is deposited; what it does not pay comes back. The bid rests until it is filled, expires, is " +
				"cancelled, or the lot closes.",
			Example:        example("tx", "bid 1048576 9.85 --amount-out 5ATOM --all-or-none --from maker"),
			PositionalArgs: args("lot_id", "limit"), FlagOptions: bidFlags(),
		},
		{
			RpcMethod: "CancelBid", Use: "cancel-bid [lot-id] [bid-id]", Short: "Take a bid back",
			Long: "Take a bid back. It takes part in the next clearing of its lot once more, unless the auctions are " +
				"paused or the lot is frozen or closed.",
			Example: example("tx", "cancel-bid 1048576 3 --from maker"), PositionalArgs: args("lot_id", "bid_id"),
		},
		{
			RpcMethod: "Sell", Use: "sell [offer] [buy-denom] [limit]", Short: "Offer coins to the lots of the next round",
			Long: "Offer coins to the lots of the next round, at the limit or above. What is not sold comes back when the " +
				"round is settled.",
			Example:        example("tx", "sell 5ATOM USDC 9.5 --from alice"),
			PositionalArgs: args("offer", "buy_denom", "limit"),
		},
		{
			RpcMethod: "CancelSale", Use: "cancel-sale [sale-id]", Short: "Take a sale back that is not in the market",
			Example: example("tx", "cancel-sale 4 --from alice"), PositionalArgs: args("sale_id"),
		},
		{
			RpcMethod: "Claim", Use: "claim", Short: "Have what you are owed paid, here or to another account",
			Example: example("tx", "claim --recipient ballast1... --from maker"),
		},
	}
}

func bidFlags() map[string]*autocliv1.FlagOptions {
	return map[string]*autocliv1.FlagOptions{
		"amount_out":  {Usage: "most that it takes of what the lot sells, such as 5ATOM"},
		"amount_in":   {Usage: "most that it pays instead, such as 50USDC"},
		"min_fill":    {Usage: "least that it takes in a clearing, such as 1ATOM"},
		"all_or_none": {Usage: "take all of it or nothing"},
		"expiry":      {Usage: "last second at which it may fill, unix time (default: as long as the lot)"},
	}
}

func guards() []*autocliv1.RpcCommandOptions {
	return []*autocliv1.RpcCommandOptions{
		{
			RpcMethod: "Pause", Use: "pause [reason]", Short: "Stop all clearings and their clocks (guardian)",
			Example: example("tx", `pause "a source reports nonsense" --from guardian`), PositionalArgs: args("reason"),
		},
		{
			RpcMethod: "Resume", Use: "resume", Short: "End a pause (guardian)",
			Example: example("tx", "resume --from guardian"),
		},
		{
			RpcMethod: "UpdateParams", Use: "update-params [params]", Short: "Propose other terms of the auctions",
			Example:        example("tx", `update-params '{"max_lots_per_block":64,...}' --from alice`),
			PositionalArgs: args("params"), GovProposal: true,
		},
	}
}
