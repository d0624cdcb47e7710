// Package fetch downloads price histories from the public interfaces of exchanges into the CSV form of package
// price.
//
// # Providers
//
//	binance   api.binance.com          GET /api/v3/klines                 1,000 bars a request, quote USDT
//	bybit     api.bybit.com            GET /v5/market/kline               1,000 bars a request, quote USDT
//	coinbase  api.exchange.coinbase.com GET /products/{pair}/candles        300 bars a request, quote USD
//	kraken    api.kraken.com           GET /0/public/OHLC                 the last 720 bars and no others, quote USD
//	okx       www.okx.com              GET /api/v5/market/history-candles   100 bars a request, quote USDT
//
// No key is needed. Whether a provider may be used from where one lives is its own affair; a refusal says so.
//
// # Rows
//
// A bar is labelled by its open time everywhere; a row of ours by the instant at which its close is known, which is
// the open time plus the step. A bar that is not over yet is dropped. A row is written when every asset has the bar;
// what is missing is counted in the Report and never filled in. Prices are taken digit by digit (price.Parse).
//
// # Faults
//
// Requests are spaced by the provider's limit. 408, 418, 429 and 5xx, a body that says "busy", broken JSON, and a
// connection that fails or is too slow are tried again, six times at most, after 1, 2, 4, 8 and 16 seconds or after
// what Retry-After says. Everything else is an error at once: ErrRefused with the provider's own words, ErrBar for a
// price that is none or for two prices of one bar.
//
// # Continuing
//
// Rows go to a file beside the output, whose name ends in .part, window after window; it is renamed over the output
// when everything is there. The output is therefore always whole. The same command continues an interrupted
// download, and extends a finished one: rows behind the last are added, earlier ones are not. A finished file does
// not say where it is from: extending it with another provider or quote is the caller's decision.
package fetch
