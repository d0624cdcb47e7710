package api

import "slices"

const (
	portfolioColumns = "id:n owner pending_owner trustee address name status reason payments_paused:f created_height:n " +
		"created_time:n updated_height:n updated_time:n round:n decided_time:n outcome nav nav_real:r drift drift_real:r " +
		"weights:j"
	intervalColumns = "height:n time:n outcome reason clamps:j denom error nav nav_real:r hold hold_real:r mix " +
		"mix_real:r drift drift_real:r total_drift threshold weights:j orders:n settled_height:n settled_time:n ordered " +
		"crossed sold got lost filled cost_bps notes:j"
	orderColumns = "seq:n height:n time:n sell buy units crossable:f one_time:n lot:n settled:f unsold got"
	roundColumns = "round:n height:n time:n merged:n decided:n managed managed_real:r counts:j lots:n ordered crossed " +
		"sold lost crossed_height:n closed_height:n finished_height:n finished_time:n"
	lotColumns = "id:n round:n sell sell_exponent:n buy buy_exponent:n status units start reserve opened_height:n " +
		"opened_time:n closed_height:n closed_time:n cancelled bids:n fills:n sold proceeds remaining clock price"
	clearingColumns = "height:n time:n clock price price_real:r mid mid_low mid_high cost_bps sold proceeds fills:n " +
		"remaining"
	bidColumns = "id:n bidder quantity min_fill limit_price limit_real:r expiry:n same_owner:f escrow height:n " +
		"time:n status ended_height:n ended_time:n"
	fillColumns     = "bid:n bidder units payment refund price mid cost_bps height:n time:n"
	paymentColumns  = "id:n height:n time:n denom amount recipient channel terms:j status next_attempt:n made:n"
	movementColumns = "height:n seq:n time:n kind payment:n coins recipient channel packet:n reason"
)

// Where keys of times are found. Rounds do not overlap: what a round did happened before the next one began.
const (
	byBlock = "blocks height time"
	byRound = "rounds round time"
	byLot   = "lots id opened_time"
)

// What lists are below.
var (
	ofPortfolio = map[string]string{"portfolio": "id"}
	ofRound     = map[string]string{"round": "id"}
	ofLot       = map[string]string{"lot": "id"}
	ofDenom     = map[string]string{"denom": "denom"}
	ofMaker     = map[string]string{"bidder": "address"}
	itself      = map[string]string{"id": "id"}
)

// views are all lists.
func views() []view {
	return slices.Concat(portfolioViews(), incidentViews(), roundViews(), auctionViews(), priceViews())
}

func portfolioViews() []view {
	return []view{
		{
			path: "/v1/portfolios", summary: "Portfolios", table: "portfolios", columns: columns(portfolioColumns),
			key: []string{"id"}, filters: []string{"owner", "status"},
		},
		{
			path: "/v1/portfolios/{id}", summary: "A portfolio with its policy", table: "portfolios", single: true,
			columns: columns(portfolioColumns + " policy:j"), key: []string{"id"}, within: itself,
		},
		{
			path: "/v1/portfolios/{id}/intervals", summary: "What every round did with a portfolio, and why",
			table: "intervals", within: ofPortfolio, parent: "portfolios id", key: []string{"round"}, time: "time",
			clock: byRound, every: true, newest: true, filters: []string{"outcome"},
			columns: columns("round:n " + intervalColumns),
		},
		{
			path: "/v1/portfolios/{id}/values", summary: "Value, benchmarks, drift and weights of a portfolio, for charts",
			table: "intervals", within: ofPortfolio, parent: "portfolios id", key: []string{"round"}, time: "time",
			clock: byRound, every: true, newest: true,
			columns: columns("round:n time:n nav nav_real:r hold hold_real:r mix mix_real:r drift drift_real:r weights:j"),
		},
		{
			path: "/v1/portfolios/{id}/intervals/{round}", summary: "What one round did with a portfolio, and why",
			table: "intervals", within: map[string]string{"portfolio": "id", "round": "round"}, single: true,
			key: []string{"round"}, columns: columns("round:n " + intervalColumns),
		},
		{
			path: "/v1/portfolios/{id}/orders", summary: "Orders of a portfolio in rounds, and what they brought",
			table: "orders", within: ofPortfolio, parent: "portfolios id", key: []string{"round", "seq"}, time: "time",
			clock: byRound, newest: true, filters: []string{"round", "sell", "buy"},
			columns: columns("round:n " + orderColumns),
		},
		{
			path: "/v1/portfolios/{id}/one-time-orders", summary: "One-time orders of a portfolio", table: "one_time_orders",
			within: ofPortfolio, parent: "portfolios id", key: []string{"id"}, filters: []string{"status"},
			columns: columns("id:n height:n time:n sell buy amount terms:j remaining status"),
		},
		{
			path: "/v1/portfolios/{id}/slices", summary: "What one-time orders brought, round by round", table: "slices",
			within: ofPortfolio, parent: "portfolios id", key: []string{"one_time", "round"}, filters: []string{"one_time"},
			columns: columns("one_time:n round:n height:n time:n sell buy sold bought remaining"),
		},
		{
			path: "/v1/portfolios/{id}/payments", summary: "Payments that a portfolio owes", table: "payments",
			within: ofPortfolio, parent: "portfolios id", key: []string{"id"}, filters: []string{"status"},
			columns: columns(paymentColumns),
		},
		{
			path: "/v1/portfolios/{id}/movements", summary: "Coins that left a portfolio or came back", table: "movements",
			within: ofPortfolio, parent: "portfolios id", key: []string{"height", "seq"}, time: "time", clock: byBlock,
			newest: true, filters: []string{"kind"}, columns: columns(movementColumns),
		},
	}
}

func incidentViews() []view {
	return []view{
		{
			path: "/v1/portfolios/{id}/pauses", summary: "What stopped a portfolio, and who let it go on", table: "pauses",
			within: ofPortfolio, parent: "portfolios id", key: []string{"height", "seq"}, time: "time", clock: byBlock,
			newest: true, columns: columns("height:n seq:n time:n kind reason actor"),
		},
		{
			path: "/v1/portfolios/{id}/notices", summary: "What went wrong for a portfolio, and what was decided about it",
			table: "notices", within: ofPortfolio, parent: "portfolios id", key: []string{"height", "seq"}, time: "time",
			clock: byBlock, newest: true, columns: columns("height:n seq:n time:n kind round:n lot:n denom reason"),
		},
		{
			path: "/v1/pauses", summary: "Everything that stopped or resumed somebody", table: "pauses",
			key: []string{"height", "seq"}, time: "time", clock: byBlock, newest: true, filters: []string{"scope"},
			columns: columns("height:n seq:n time:n scope portfolio:n lot:n denom kind reason actor"),
		},
		{
			path: "/v1/notices", summary: "What went wrong and stopped nobody, and what changed by decision",
			table: "notices", key: []string{"height", "seq"}, time: "time", clock: byBlock, newest: true,
			columns: columns("height:n seq:n time:n kind portfolio:n round:n lot:n denom reason"),
		},
		{
			path: "/v1/movements", summary: "Coins that left portfolios or came back", table: "movements",
			key: []string{"height", "seq"}, time: "time", clock: byBlock, newest: true,
			columns: columns("portfolio:n " + movementColumns),
		},
		{
			path: "/v1/payments", summary: "Payments of all portfolios", table: "payments",
			key: []string{"portfolio", "id"}, filters: []string{"status"}, columns: columns("portfolio:n " + paymentColumns),
		},
	}
}

func roundViews() []view {
	return []view{
		{
			path: "/v1/rounds", summary: "Rounds", table: "rounds", key: []string{"round"}, time: "time", clock: byRound,
			every: true, newest: true, columns: columns(roundColumns),
		},
		{
			path: "/v1/rounds/{id}", summary: "A round", table: "rounds", key: []string{"round"}, within: ofRound,
			single: true, columns: columns(roundColumns),
		},
		{
			path: "/v1/rounds/{id}/intervals", summary: "What a round did with each portfolio", table: "intervals",
			within: ofRound, parent: "rounds round", key: []string{"portfolio"}, filters: []string{"outcome"},
			columns: columns("portfolio:n " + intervalColumns),
		},
		{
			path: "/v1/rounds/{id}/orders", summary: "Orders of a round", table: "orders", within: ofRound,
			parent: "rounds round", key: []string{"portfolio", "seq"}, filters: []string{"sell", "buy"},
			columns: columns("portfolio:n " + orderColumns),
		},
		{
			path: "/v1/rounds/{id}/crossings", summary: "What crossed inside a round", table: "crossings", within: ofRound,
			parent: "rounds round", key: []string{"seq"}, columns: columns("seq:n height:n time:n sell buy sold bought"),
		},
		{
			path: "/v1/crossings", summary: "What crossed inside rounds", table: "crossings", key: []string{"round", "seq"},
			time: "time", clock: byRound, newest: true,
			columns: columns("round:n seq:n height:n time:n sell buy sold bought"),
		},
	}
}

func auctionViews() []view {
	return []view{
		{
			path: "/v1/auctions", summary: "Auctions", table: "lots", columns: columns(lotColumns), key: []string{"id"},
			time: "opened_time", clock: byLot, newest: true, filters: []string{"status", "round", "sell", "buy"},
		},
		{
			path: "/v1/auctions/{id}", summary: "An auction with its terms", table: "lots", single: true,
			columns: columns(lotColumns + " terms:j"), key: []string{"id"}, within: itself,
		},
		{
			path: "/v1/auctions/{id}/clearings", summary: "Blocks in which an auction sold", table: "clearings",
			within: ofLot, parent: "lots id", key: []string{"height"}, time: "time", columns: columns(clearingColumns),
		},
		{
			path: "/v1/auctions/{id}/bids", summary: "Bids of an auction", table: "bids",
			within: ofLot, parent: "lots id", key: []string{"id"}, time: "time", filters: []string{"bidder", "status"},
			columns: columns(bidColumns),
		},
		{
			path: "/v1/auctions/{id}/fills", summary: "Fills of an auction", table: "fills",
			within: ofLot, parent: "lots id", key: []string{"bid"}, time: "time", filters: []string{"bidder"},
			columns: columns(fillColumns),
		},
		{
			path: "/v1/auctions/{id}/orders", summary: "Orders of portfolios that an auction sells", table: "orders",
			within: ofLot, parent: "lots id", key: []string{"portfolio", "round", "seq"},
			columns: columns("portfolio:n round:n " + orderColumns),
		},
		{
			path: "/v1/clearings", summary: "Clearings of all auctions", table: "clearings",
			key: []string{"height", "lot"}, time: "time", clock: byBlock, newest: true,
			columns: columns("lot:n " + clearingColumns),
		},
		{
			path: "/v1/makers/{address}/bids", summary: "Bids of an account", table: "bids", within: ofMaker,
			key: []string{"height", "lot", "id"}, time: "time", clock: byBlock, newest: true, filters: []string{"status"},
			columns: columns("lot:n " + bidColumns),
		},
		{
			path: "/v1/makers/{address}/fills", summary: "Fills of an account", table: "fills", within: ofMaker,
			key: []string{"height", "lot", "bid"}, time: "time", clock: byBlock, newest: true,
			columns: columns("lot:n " + fillColumns),
		},
		{
			path: "/v1/sales", summary: "Sales without a portfolio", table: "sales", key: []string{"id"}, newest: true,
			filters: []string{"seller", "status"},
			columns: columns("id:n seller sell offered buy limit_price height:n time:n status sold proceeds returned " +
				"updated_height:n updated_time:n"),
		},
	}
}

func priceViews() []view {
	return []view{
		{
			path: "/v1/assets", summary: "Assets with their last prices", table: "assets", key: []string{"denom"},
			filters: []string{"status", "price_status"},
			columns: columns("denom idx:n display exponent:n status price_height:n price_time:n price_status price " +
				"confidence sigma twap age_seconds:n classes:n sources:j"),
		},
		{
			path: "/v1/assets/{denom}/prices", summary: "Prices of an asset, with their sources", table: "prices",
			within: ofDenom, parent: "assets denom", key: []string{"height"}, time: "time", clock: byBlock, every: true,
			newest: true, filters: []string{"status"},
			columns: columns("height:n time:n status value value_real:r confidence sigma twap age_seconds:n classes:n " +
				"sources:j"),
		},
		{
			path: "/v1/assets/{denom}/values", summary: "Prices of an asset, for charts", table: "prices",
			within: ofDenom, parent: "assets denom", key: []string{"height"}, time: "time", clock: byBlock, every: true,
			newest: true, columns: columns("height:n time:n status value value_real:r confidence"),
		},
	}
}
