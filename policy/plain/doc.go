// Package plain writes numbers, times and lists for people who do not program: 2 %, 1,000,000, 10 days, 1 February
// 2026, "BTC, ETH and USDC".
//
// What is written is rounded to the nearest, half away from zero, and only ever read by people: nothing is computed
// with it.
package plain
