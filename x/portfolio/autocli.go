package portfolio

import (
	"fmt"
	"strings"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

	"github.com/cosmos/cosmos-sdk/version"
)

// AutoCLIOptions describes the commands of the module.
func (AppModule) AutoCLIOptions() *autocliv1.ModuleOptions {
	return &autocliv1.ModuleOptions{
		Query: &autocliv1.ServiceCommandDescriptor{
			Service: "ballast.portfolio.v1.Query", Short: "Treasuries: what they hold, owe and do",
			RpcCommandOptions: queries(),
		},
		Tx: &autocliv1.ServiceCommandDescriptor{
			Service: "ballast.portfolio.v1.Msg", Short: "Speak for a treasury",
			RpcCommandOptions: append(append(lives(), policies()...), moneys()...),
		},
	}
}

// option is a command: how it is used, what it does, and one line to copy. Its arguments are the fields in order; one
// that ends in dots takes all that follow.
func option(rpc, use, short, long, line string, fields ...string) *autocliv1.RpcCommandOptions {
	o := &autocliv1.RpcCommandOptions{RpcMethod: rpc, Use: use, Short: short, Long: long}
	for _, field := range fields {
		name, all := strings.CutSuffix(field, "...")
		o.PositionalArgs = append(o.PositionalArgs, &autocliv1.PositionalArgDescriptor{ProtoField: name, Varargs: all})
	}
	o.Example = fmt.Sprintf("%s %s", version.AppName, line)
	return o
}

func queries() []*autocliv1.RpcCommandOptions {
	return []*autocliv1.RpcCommandOptions{
		option("Params", "params", "The terms on which portfolios are kept",
			"The shortest interval, how many portfolios and payments there may be, how long the grace is.",
			"query portfolio params"),
		option("Portfolio", "show [id]", "A portfolio with what it holds and what it does",
			"The owner, the policy, the holdings and what of them is in the market or earmarked, the status and its reason, "+
				"and what the last interval did.",
			"query portfolio show 1", "id"),
		option("Portfolios", "list", "Portfolios, of one owner or all",
			"The portfolios of --owner, the open ones first, or of everybody by id.",
			"query portfolio list --owner ballast1... --page-limit 20"),
		option("Payments", "payments [id]", "The scheduled payments of a portfolio",
			"What is paid to whom, when the next one is due, what of it has been paid, and when it is tried again.",
			"query portfolio payments 1", "id"),
		option("Flights", "flights [id]", "The payments of a portfolio that are under way over IBC",
			"Which packet carries how much of what, and until when the other chain may take it.",
			"query portfolio flights 1", "id"),
		option("Orders", "orders [id]", "The one-time orders of a portfolio that live",
			"What is left to sell, in which interval they are, and where the proceeds go.",
			"query portfolio orders 1", "id"),
		option("Address", "address [id]", "The account of a portfolio",
			"Deposits are plain transfers to this account, from here or over IBC.",
			"query portfolio address 1", "id"),
	}
}

// lives are the commands about the life of a portfolio.
func lives() []*autocliv1.RpcCommandOptions {
	params := option("UpdateParams", "update-params-proposal [params]", "Propose other params",
		"Submit a proposal to replace the params, all of them.",
		`tx portfolio update-params-proposal '{"min_period_seconds":"60", ...}' --from alice`, "params")
	params.GovProposal = true
	return []*autocliv1.RpcCommandOptions{
		option("Create", "create-from-message [name]", "Make a portfolio of a policy in the form of a message",
			"The policy, payments and deposit are given by flags, as JSON. The account of the portfolio is in the answer.",
			`tx portfolio create-from-message Treasury --policy '{"positions":[...], ...}' --from alice`, "name"),
		option("Pause", "pause [id]", "Stop decisions",
			"Orders in the market finish, payments are still made; the owner stops those too with --payments.",
			"tx portfolio pause 1 --from alice", "id"),
		option("Resume", "resume [id]", "Let a portfolio decide again",
			"The trustee resumes what the trustee paused, the owner everything.",
			"tx portfolio resume 1 --from alice", "id"),
		option("Close", "close [id]", "Return everything and end a portfolio",
			"With orders in the market it closes once they are settled. --force closes although payments are due.",
			"tx portfolio close 1 --recipient ballast1... --from alice", "id"),
		option("TransferOwnership", "transfer-ownership [id] [new-owner]", "Offer a portfolio to a new owner",
			`The new owner must accept. An empty one ("") takes the offer back.`,
			"tx portfolio transfer-ownership 1 ballast1... --from alice", "id", "new_owner"),
		option("AcceptOwnership", "accept-ownership [id]", "Take a portfolio that was offered",
			"The trustee stays: look at the portfolio first.",
			"tx portfolio accept-ownership 1 --from bob", "id"),
		option("SetTrustee", "set-trustee [id] [trustee]", "Name the trustee",
			`The trustee may pause, resume and release a halt. An empty one ("") is nobody.`,
			"tx portfolio set-trustee 1 ballast1... --from alice", "id", "trustee"),
		option("ReleaseHalt", "release-halt [id]", "End a halt outside the outer band",
			"Every price must lie within its bound: a message that comes too late does nothing in another market.",
			`tx portfolio release-halt 1 --bounds '{"denom":"uatom","low":"9","high":"11"}' --from alice`, "id"),
		params,
	}
}

// policies are the commands about what a portfolio is to do.
func policies() []*autocliv1.RpcCommandOptions {
	return []*autocliv1.RpcCommandOptions{
		option("UpdateTargets", "update-targets [id] [weights]...", "Change target weights",
			"Every position once; the weights add up to exactly 1. --target changes their rule too.",
			`tx portfolio update-targets 1 '{"denom":"uatom","weight":"1"}' '{"denom":"uusdc"}' --from alice`,
			"id", "weights..."),
		option("UpdatePolicy", "update-policy [id] [policy]", "Replace the whole policy",
			"While orders are in the market the assets stay the same.",
			`tx portfolio update-policy 1 '{"positions":[...], ...}' --from alice`, "id", "policy"),
		option("UpdateLimits", "update-limits [id] [limits]", "Change what one interval may do",
			"All limits are replaced. --positions changes minimum balances and largest weights.",
			`tx portfolio update-limits 1 '{"max_sell":"0.05"}' --from alice`, "id", "limits"),
		option("UpdateController", "update-controller [id] [gains]", "Change the gains of the controller",
			"All gains are replaced, without a bump in what is ordered.",
			`tx portfolio update-controller 1 '{"kp":"0.2","filter":"1","leak":"1","dt_max":"2"}' --from alice`,
			"id", "gains"),
		option("RaiseBudget", "raise-budget [id] [cap]", "Raise the loss budget",
			"A portfolio that lost its budget goes on at once. The new one is a part of the net asset value.",
			"tx portfolio raise-budget 1 0.02 --from alice", "id", "cap"),
	}
}

// moneys are the commands about coins, orders and payments.
func moneys() []*autocliv1.RpcCommandOptions {
	return []*autocliv1.RpcCommandOptions{
		option("Withdraw", "withdraw [id] [amount]", "Take coins out",
			"At any time, what is neither in the market nor earmarked; --from-earmark takes what is earmarked.",
			"tx portfolio withdraw 1 500USDC 0.25BTC --from alice", "id", "amount..."),
		option("CreateOrder", "create-order-from-message [id] [terms]",
			"Place a one-time order, in the form of a message",
			"The terms are a JSON object; amounts in it are base units. create-order takes display units.",
			`tx portfolio create-order-from-message 1 `+
				`'{"sell":"uatom","buy":"uusdc","amount":"1000000","intervals":"4"}' --from alice`,
			"id", "terms"),
		option("CancelOrder", "cancel-order [id] [order-id]", "End a one-time order",
			"A slice in the market finishes there.", "tx portfolio cancel-order 1 3 --from alice", "id", "order_id"),
		option("ReleaseEarmark", "release-earmark [id] [amount]", "Give earmarked units back to what is managed",
			"The controller counts them in the weights from then on.",
			"tx portfolio release-earmark 1 500USDC --from alice", "id", "amount"),
		option("AddPayment", "add-payment-from-message [id] [terms]", "Schedule a payment, in the form of a message",
			"The terms are a JSON object; amounts in it are base units. add-payment takes display units and dates.",
			`tx portfolio add-payment-from-message 1 '{"amount":{"denom":"uusdc","amount":"5"},`+
				`"to":{"recipient":"ballast1..."},"schedule":{"first":"1798761600","every_months":"1"}}' --from alice`,
			"id", "terms"),
		option("CancelPayment", "cancel-payment [id] [payment-id]", "Forget a payment", "What was paid stays paid.",
			"tx portfolio cancel-payment 1 2 --from alice", "id", "payment_id"),
		option("RetryPayment", "retry-payment [id] [payment-id]", "Make a payment that is due now",
			"It is how a payment that failed three times is made.",
			"tx portfolio retry-payment 1 2 --from alice", "id", "payment_id"),
	}
}
