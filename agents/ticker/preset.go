package ticker

import "time"

// endpoint is how a provider is asked, and where things stand in its answer. A path is names and positions with dots
// between them; {symbol} stands for the symbol that is asked for.
type endpoint struct {
	url    string
	price  string
	symbol string // what the answer is about; empty when it does not say so
	time   string // of the price; empty when it does not say so
	words  string // the provider's words, when there is no price
	busy   []string
	pause  time.Duration // between two requests
}

// preset is an exchange that is known.
type preset struct {
	endpoint

	name    string
	example string // a symbol
}

// presets are the public tickers of exchanges: no key is needed.
func presets() []preset {
	const short = 100 * time.Millisecond
	return []preset{
		{name: "binance", example: "BTCUSDT", endpoint: endpoint{
			url:   "https://api.binance.com/api/v3/ticker/price?symbol={symbol}",
			price: "price", symbol: "symbol", words: "msg", pause: short,
		}},
		{name: "bybit", example: "BTCUSDT", endpoint: endpoint{
			url:   "https://api.bybit.com/v5/market/tickers?category=spot&symbol={symbol}",
			price: "result.list.0.lastPrice", symbol: "result.list.0.symbol", time: "time", words: "retMsg",
			busy: []string{"Too many visits", "Server Timeout", "rate limit"}, pause: short,
		}},
		{name: "coinbase", example: "BTC-USD", endpoint: endpoint{
			url:   "https://api.exchange.coinbase.com/products/{symbol}/ticker",
			price: "price", time: "time", words: "message", pause: short + short/2,
		}},
		{name: "gate", example: "BTC_USDT", endpoint: endpoint{
			url:   "https://api.gateio.ws/api/v4/spot/tickers?currency_pair={symbol}",
			price: "0.last", symbol: "0.currency_pair", words: "message", pause: short,
		}},
		// Kraken answers under its own name of a pair, which is also a name to ask by.
		{name: "kraken", example: "XXBTZUSD", endpoint: endpoint{
			url:   "https://api.kraken.com/0/public/Ticker?pair={symbol}",
			price: "result.{symbol}.c.0", words: "error.0",
			busy: []string{"Rate limit", "Too many requests", "EService"}, pause: time.Second,
		}},
		{name: "okx", example: "BTC-USDT", endpoint: endpoint{
			url:   "https://www.okx.com/api/v5/market/ticker?instId={symbol}",
			price: "data.0.last", symbol: "data.0.instId", time: "data.0.ts", words: "msg",
			busy: []string{"Too Many Requests", "busy", "unavailable"}, pause: short,
		}},
	}
}

// Presets lists the names of the exchanges that are known, and how each calls Bitcoin.
func Presets() (names, examples []string) {
	for _, p := range presets() {
		names, examples = append(names, p.name), append(examples, p.example)
	}
	return names, examples
}
