package oracle

import (
	"fmt"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"
)

// AutoCLIOptions describes the commands of the module.
func (AppModule) AutoCLIOptions() *autocliv1.ModuleOptions {
	return &autocliv1.ModuleOptions{
		Query: &autocliv1.ServiceCommandDescriptor{
			Service:           "ballast.oracle.v1.Query",
			Short:             "Prices, and who says so",
			RpcCommandOptions: queries(),
		},
		Tx: &autocliv1.ServiceCommandDescriptor{
			Service:           "ballast.oracle.v1.Msg",
			Short:             "Report prices, and propose assets and sources",
			RpcCommandOptions: messages(),
		},
	}
}

// example is one line to copy.
func example(kind, format string, args ...any) string {
	return "ballastd " + kind + " oracle " + fmt.Sprintf(format, args...)
}

// args are the arguments of a command, in order.
func args(fields ...string) []*autocliv1.PositionalArgDescriptor {
	list := make([]*autocliv1.PositionalArgDescriptor, len(fields))
	for i, field := range fields {
		list[i] = &autocliv1.PositionalArgDescriptor{ProtoField: field}
	}
	return list
}

func queries() []*autocliv1.RpcCommandOptions {
	return []*autocliv1.RpcCommandOptions{
		{
			RpcMethod: "Params", Use: "params", Short: "The terms of the oracle",
			Long:    "How reports become prices, when the breaker opens, how long points are kept.",
			Example: example("query", "params"),
		},
		{
			RpcMethod: "Asset", Use: "asset [denom]", Short: "An asset and its index", PositionalArgs: args("denom"),
			Long:    "The display name, exponent and status of an asset. Its index and its exponent never change.",
			Example: example("query", "asset uatom"),
		},
		{
			RpcMethod: "Assets", Use: "assets", Short: "All assets",
			Long:    "All assets in the order of their index, those that are disabled included.",
			Example: example("query", "assets --page-limit 20"),
		},
		{
			RpcMethod: "Price", Use: "price [denom]", Short: "The price of an asset", PositionalArgs: args("denom"),
			Long: "The price of one display unit as of this block. With any status but ok the value is the last good " +
				"one, for display only: nothing is traded at it.",
			Example: example("query", "price uatom"),
		},
		{
			RpcMethod: "Prices", Use: "prices", Short: "The prices of all assets",
			Long:    "The prices of all assets as of this block, in the order of their index.",
			Example: example("query", "prices -o json"),
		},
		{
			RpcMethod: "Sources", Use: "sources [denom]", Short: "Who reports on an asset, and what counts",
			Long: "The sources of an asset with their last reports, the age and the weight of those, and the verdict of " +
				"aggregating them now: kept, stale, future, paused, weightless, outlier or silent.",
			Example: example("query", "sources uatom"), PositionalArgs: args("denom"),
		},
		{
			RpcMethod: "History", Use: "history [denom]", Short: "Past prices of an asset", PositionalArgs: args("denom"),
			Long: "The points of the price history, oldest first. --from-seconds and --until-seconds are unix seconds; " +
				"--page-reverse begins with the newest.",
			Example: example("query", "history uatom --from-seconds 1767225600 --page-limit 50"),
			FlagOptions: map[string]*autocliv1.FlagOptions{
				"from_seconds":  {Usage: "first moment, in unix seconds"},
				"until_seconds": {Usage: "last moment; 0 is the newest"},
			},
		},
		{
			RpcMethod: "Breaker", Use: "breaker [denom]", Short: "Whether a price has left its own past",
			Long: "The state of the breaker of an asset, and how far its last value is from its mean, which the limit " +
				"bounds. An open breaker stops all trading in the asset.",
			Example: example("query", "breaker uatom"), PositionalArgs: args("denom"),
		},
	}
}

func messages() []*autocliv1.RpcCommandOptions {
	return []*autocliv1.RpcCommandOptions{
		{
			RpcMethod: "Report", Use: "report [report]...", Short: "Report prices",
			Long: "Report the prices of one or more assets, all of them or none. The sender must be the reporter of a " +
				"source of each. A report is a JSON object, or the name of a .json file with one.",
			Example: example("tx", "report '%s' --from feeder",
				`{"denom":"uatom","price":"4.21","time_seconds":"1767225600"}`),
			PositionalArgs: []*autocliv1.PositionalArgDescriptor{{ProtoField: "reports", Varargs: true}},
		},
		{
			RpcMethod: "AddAsset", Use: "add-asset [denom] [display] [exponent]", Short: "Propose a new asset",
			Long: "Propose to governance to register an asset. Its exponent cannot be changed afterwards. --sources is a " +
				"JSON object for each source, or the name of a .json file with one; they can be set later.",
			Example:        example("tx", "add-asset uatom ATOM 6 --from alice"),
			PositionalArgs: args("denom", "display", "exponent"), GovProposal: true,
		},
		{
			RpcMethod: "UpdateAsset", Use: "update-asset [denom]", Short: "Propose a new name or status of an asset",
			Long: "Propose to governance to rename the display unit of an asset or to change its status: active, " +
				"wind-down (valued and sold, but not bought) or disabled (no price; it forgets its history).",
			Example:        example("tx", "update-asset uatom --status wind-down --from alice"),
			PositionalArgs: args("denom"), GovProposal: true,
			FlagOptions: map[string]*autocliv1.FlagOptions{"display": {Usage: "new name of the display unit"}},
		},
		{
			RpcMethod: "SetSources", Use: "set-sources [denom] [source]...", Short: "Propose the sources of an asset",
			Long: "Propose to governance to replace the sources of an asset: all of them are listed. A source is a JSON " +
				"object, or the name of a .json file with one.",
			Example: example("tx", "set-sources uatom '%s' binance.json osmosis.json --from alice",
				`{"id":1,"class":"SOURCE_CLASS_FEED","weight":300,"max_age_seconds":"600","reporter":"ballast1..."}`),
			PositionalArgs: []*autocliv1.PositionalArgDescriptor{
				{ProtoField: "denom"}, {ProtoField: "sources", Varargs: true},
			},
			GovProposal: true,
		},
		{
			RpcMethod: "UpdateParams", Use: "update-params [params]", Short: "Propose new terms of the oracle",
			Long: "Propose to governance to replace all params. They are a JSON object as the query params prints it, or " +
				"the name of a .json file with one.",
			Example:        example("tx", "update-params params.json --from alice"),
			PositionalArgs: args("params"), GovProposal: true,
		},
	}
}
