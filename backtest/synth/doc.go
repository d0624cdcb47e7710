// Package synth draws price histories: correlated, with regimes, fat tails, one crash and one depeg. The bundled sample
// of the program is one of them. Nothing in it is recorded, and every table says so (price.Table.Synthetic).
//
// # Model
//
// A market factor moves through three regimes, calm, bull and bear, each with its drift and volatility; a regime ends
// with a constant probability per row. The return of an asset in one row is
//
//	r = beta*m + e
//
// with m the market's and e its own. Both are normal draws (the sum of twelve uniforms) times a mixing factor that is
// mostly 1, sometimes 2 and rarely 4, normalised to unit variance: returns have fat tails, and hours of turmoil are
// shared. Five eighths through the history the market loses about 45 % within 36 hours, and is three times as
// volatile for ten days after. A pegged asset returns to 1; three eighths through the history it falls to about 0.9
// within six hours and recovers over the following two and a half days.
//
// # Reproducibility
//
// All arithmetic is on integers, with PCG as the source of bits and prices rounded to six significant digits: a seed
// gives the same bytes on every machine, and a test holds the hash of the sample.
//
// # Limits
//
// Start prices 0.000001 to 1,000,000, betas and volatilities up to 10, 2 to 10,000,000 rows. ErrConfig says which was
// passed.
package synth
