package rebalance

import autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

// AutoCLIOptions describes the commands.
func (AppModule) AutoCLIOptions() *autocliv1.ModuleOptions {
	return &autocliv1.ModuleOptions{Query: queryCommands(), Tx: txCommands()}
}

func arg(field string) []*autocliv1.PositionalArgDescriptor {
	return []*autocliv1.PositionalArgDescriptor{{ProtoField: field}}
}

func optional(field string) []*autocliv1.PositionalArgDescriptor {
	return []*autocliv1.PositionalArgDescriptor{{ProtoField: field, Optional: true}}
}

func queryCommands() *autocliv1.ServiceCommandDescriptor {
	options := append(roundCommands(), portfolioCommands()...)
	return &autocliv1.ServiceCommandDescriptor{
		Service: "ballast.rebalance.v1.Query", RpcCommandOptions: options,
	}
}

func roundCommands() []*autocliv1.RpcCommandOptions {
	return []*autocliv1.RpcCommandOptions{
		{
			RpcMethod: "Params", Use: "params", Short: "Show the terms of rounds, and those that wait",
			Example: "ballastd query rebalance params",
		},
		{
			RpcMethod: "Round", Use: "round", Short: "Show where the running round is",
			Long:    "Show the number and the phase of the running round, its open lots, and when the next one may start.",
			Example: "ballastd query rebalance round",
		},
		{
			RpcMethod: "Rounds", Use: "rounds", Short: "List the rounds in the log, the newest first",
			Example: "ballastd query rebalance rounds --page-limit 5",
		},
		{
			RpcMethod: "Pairs", Use: "pairs [round]", Short: "List what a round sells, pair by pair",
			Long:           "List what a round sells, pair by pair; without a number those of the running or the last round.",
			Example:        "ballastd query rebalance pairs 12",
			PositionalArgs: optional("round"),
		},
		{
			RpcMethod: "Records", Use: "records [round]", Short: "List what a round did with every portfolio that was due",
			Example:        "ballastd query rebalance records 12 --page-limit 100",
			PositionalArgs: optional("round"),
		},
		{
			RpcMethod: "Schedule", Use: "schedule", Short: "Show when the next lots open, and how their prices are set",
			Example: "ballastd query rebalance schedule",
		},
		{
			RpcMethod: "Debts", Use: "debts", Short: "List what portfolios are owed and could not be sent",
			Example: "ballastd query rebalance debts",
		},
		{
			RpcMethod: "Invariants", Use: "invariants", Short: "Add up what all modules hold and owe",
			Long:    "Add up what all modules hold and owe. Nothing is printed under \"broken\" when everything adds up.",
			Example: "ballastd query rebalance invariants",
		},
	}
}

func portfolioCommands() []*autocliv1.RpcCommandOptions {
	return []*autocliv1.RpcCommandOptions{
		{
			RpcMethod: "Record", Use: "record [portfolio]", Short: "Show what a round did with a portfolio, in numbers",
			Long:           "Show what a round did with a portfolio; without --round the last one in which it was due.",
			Example:        "ballastd query rebalance record 7 --round 12",
			FlagOptions:    byRound(),
			PositionalArgs: arg("portfolio"),
		},
		{
			RpcMethod: "Explain", Use: "explain [portfolio]", Short: "Say what a portfolio's last interval did, and why",
			Long: "Say in words what the last interval of a portfolio did, and why: outcome, weights against targets, " +
				"limits, orders, lots, fills and what they cost against the oracle's prices.",
			Example:        "ballastd query rebalance explain 7",
			FlagOptions:    byRound(),
			PositionalArgs: arg("portfolio"),
		},
		{
			RpcMethod: "Simulate", Use: "simulate [portfolio]", Short: "Decide for a portfolio at the prices of now",
			Long: "Decide for a portfolio at the prices of now, by the code of a round. With --due as if the portfolio's " +
				"own interval had passed.",
			Example:        "ballastd query rebalance simulate 7 --due",
			PositionalArgs: arg("portfolio"),
		},
		{
			RpcMethod: "Value", Use: "value [portfolio]", Short: "Show what a portfolio owns, in auctions too",
			Example:        "ballastd query rebalance value 7",
			PositionalArgs: arg("portfolio"),
		},
	}
}

func txCommands() *autocliv1.ServiceCommandDescriptor {
	return &autocliv1.ServiceCommandDescriptor{
		Service: "ballast.rebalance.v1.Msg",
		RpcCommandOptions: []*autocliv1.RpcCommandOptions{
			{
				RpcMethod: "UpdateParams", Use: "update-params [params]", Short: "Propose other terms of rounds",
				Long:           "Submit a proposal to replace all terms of rounds. They hold from the next round on.",
				Example:        `ballastd tx rebalance update-params "$(cat params.json)" --from alice`,
				PositionalArgs: arg("params"), GovProposal: true,
			},
			{
				RpcMethod: "Halt", Use: "halt [reason]", Short: "Stop new rounds; a running one finishes",
				Example:        `ballastd tx rebalance halt "prices look wrong" --from guardian`,
				PositionalArgs: arg("reason"),
			},
			{
				RpcMethod: "Resume", Use: "resume", Short: "Let rounds start again",
				Example: "ballastd tx rebalance resume --from guardian",
			},
			{
				RpcMethod: "PayDebt", Use: "pay-debt [portfolio]", Short: "Pay a portfolio what a round could not send it",
				Example:        "ballastd tx rebalance pay-debt 7 --from anyone",
				PositionalArgs: arg("portfolio"),
			},
		},
	}
}

func byRound() map[string]*autocliv1.FlagOptions {
	return map[string]*autocliv1.FlagOptions{"round": {Usage: "number of the round; 0 is the last one"}}
}
