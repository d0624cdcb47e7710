package api

import "strings"

// kind is how a column is shown.
type kind int

const (
	text   kind = iota
	number      // a whole number
	rough       // a rounded figure, for charts; may be missing
	flag
	nested // JSON
)

type column struct {
	name string
	kind kind
}

// view is a list: rows of a table in the order of a key.
type view struct {
	path    string
	summary string
	table   string
	columns []column
	key     []string          // columns that order it; the last ones make rows unique
	within  map[string]string // parameters of the path, by the column that they hold
	parent  string            // "table column" that must know the parameter of the path
	filters []string          // columns that may be asked for
	time    string            // the column of ranges; empty: none
	newest  bool              // the newest come first, unless asked otherwise
	single  bool              // one row, by the path, instead of a list
}

// columns reads names, each with an optional kind behind a colon.
func columns(names string) []column {
	kinds := map[string]kind{"": text, "n": number, "r": rough, "f": flag, "j": nested}
	list := make([]column, 0, strings.Count(names, " ")+1)
	for word := range strings.FieldsSeq(names) {
		name, mark, _ := strings.Cut(word, ":")
		list = append(list, column{name, kinds[mark]})
	}
	return list
}

// of is the kind of a column.
func (v *view) of(name string) kind {
	for _, c := range v.columns {
		if c.name == name {
			return c.kind
		}
	}
	return text
}

const (
	portfolioColumns = "id:n owner pending_owner trustee address name status reason payments_paused:f created_height:n " +
		"created_time:n updated_height:n updated_time:n round:n decided_time:n outcome nav nav_real:r drift drift_real:r " +
		"weights:j"
	lotColumns = "id:n round:n sell sell_exponent:n buy buy_exponent:n status units start reserve opened_height:n " +
		"opened_time:n closed_height:n closed_time:n cancelled bids:n fills:n sold proceeds remaining clock price"
)

// ofPortfolio and ofLot are the lists below one of them.
var (
	ofPortfolio = map[string]string{"portfolio": "id"}
	ofLot       = map[string]string{"lot": "id"}
)

// views are all lists.
func views() []view {
	return append(portfolioViews(), marketViews()...)
}

func portfolioViews() []view {
	return []view{
		{
			path: "/v1/portfolios", summary: "Portfolios", table: "portfolios", columns: columns(portfolioColumns),
			key: []string{"id"}, filters: []string{"owner", "status"},
		},
		{
			path: "/v1/portfolios/{id}", summary: "A portfolio with its policy", table: "portfolios", single: true,
			columns: columns(portfolioColumns + " policy:j"), key: []string{"id"}, within: map[string]string{"id": "id"},
		},
		{
			path: "/v1/portfolios/{id}/intervals", summary: "What every round did with a portfolio, and why",
			table: "intervals", within: ofPortfolio, parent: "portfolios id", key: []string{"round"}, time: "time",
			newest: true, filters: []string{"outcome"},
			columns: columns("round:n height:n time:n outcome reason clamps:j denom error nav nav_real:r drift " +
				"drift_real:r total_drift threshold weights:j orders:n settled_height:n settled_time:n ordered crossed sold " +
				"got lost filled cost_bps notes:j"),
		},
		{
			path: "/v1/portfolios/{id}/orders", summary: "Orders of a portfolio in rounds, and what they brought",
			table: "orders", within: ofPortfolio, parent: "portfolios id", key: []string{"round", "seq"}, time: "time",
			newest: true, filters: []string{"round", "sell", "buy"},
			columns: columns("round:n seq:n height:n time:n sell buy units crossable:f one_time:n lot:n settled:f unsold " +
				"got"),
		},
		{
			path: "/v1/portfolios/{id}/payments", summary: "Payments that a portfolio owes", table: "payments",
			within: ofPortfolio, parent: "portfolios id", key: []string{"id"}, filters: []string{"status"},
			columns: columns("id:n height:n time:n denom amount recipient channel terms:j status next_attempt:n made:n"),
		},
		{
			path: "/v1/portfolios/{id}/movements", summary: "Coins that left a portfolio or came back", table: "movements",
			within: ofPortfolio, parent: "portfolios id", key: []string{"height", "seq"}, time: "time", newest: true,
			filters: []string{"kind"},
			columns: columns("height:n seq:n time:n kind payment:n coins recipient channel packet:n reason"),
		},
		{
			path: "/v1/portfolios/{id}/pauses", summary: "What stopped a portfolio, and who let it go on", table: "pauses",
			within: ofPortfolio, parent: "portfolios id", key: []string{"height", "seq"}, time: "time", newest: true,
			columns: columns("height:n seq:n time:n kind reason actor"),
		},
	}
}

func marketViews() []view {
	return []view{
		{
			path: "/v1/rounds", summary: "Rounds", table: "rounds", key: []string{"round"}, time: "time", newest: true,
			columns: columns("round:n height:n time:n merged:n decided:n managed managed_real:r counts:j lots:n ordered " +
				"crossed sold lost crossed_height:n closed_height:n finished_height:n finished_time:n"),
		},
		{
			path: "/v1/auctions", summary: "Auctions", table: "lots", columns: columns(lotColumns), key: []string{"id"},
			time: "opened_time", newest: true, filters: []string{"status", "round", "sell", "buy"},
		},
		{
			path: "/v1/auctions/{id}", summary: "An auction with its terms", table: "lots", single: true,
			columns: columns(lotColumns + " terms:j"), key: []string{"id"}, within: map[string]string{"id": "id"},
		},
		{
			path: "/v1/auctions/{id}/clearings", summary: "Blocks in which an auction sold", table: "clearings",
			within: ofLot, parent: "lots id", key: []string{"height"}, time: "time",
			columns: columns("height:n time:n clock price price_real:r mid cost_bps sold proceeds fills:n remaining"),
		},
		{
			path: "/v1/auctions/{id}/bids", summary: "Bids of an auction", table: "bids",
			within: ofLot, parent: "lots id", key: []string{"id"}, time: "time", filters: []string{"bidder", "status"},
			columns: columns("id:n bidder quantity min_fill limit_price limit_real:r expiry:n same_owner:f escrow height:n " +
				"time:n status ended_height:n ended_time:n"),
		},
		{
			path: "/v1/auctions/{id}/fills", summary: "Fills of an auction", table: "fills",
			within: ofLot, parent: "lots id", key: []string{"bid"}, time: "time", filters: []string{"bidder"},
			columns: columns("bid:n bidder units payment refund price mid cost_bps height:n time:n"),
		},
		{
			path: "/v1/assets", summary: "Assets with their last prices", table: "assets", key: []string{"denom"},
			filters: []string{"status", "price_status"},
			columns: columns("denom idx:n display exponent:n status price_height:n price_time:n price_status price " +
				"confidence sigma twap age_seconds:n classes:n sources:j"),
		},
		{
			path: "/v1/assets/{denom}/prices", summary: "Prices of an asset, with their sources", table: "prices",
			within: map[string]string{"denom": "denom"}, parent: "assets denom", key: []string{"height"}, time: "time",
			newest: true, filters: []string{"status"},
			columns: columns("height:n time:n status value value_real:r confidence sigma twap age_seconds:n classes:n " +
				"sources:j"),
		},
	}
}
