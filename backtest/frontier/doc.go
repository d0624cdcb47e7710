// Package frontier sweeps one or two parameters of a policy over a history and says for each value what the policy
// costs and how well it follows its target.
//
// A Parameter is a path in the policy file and the values to put there. Every value is written into the YAML document
// and the whole is parsed again, so that a sweep tries nothing that the parser would refuse; combinations that it
// refuses are left out and counted. The runs share the prices and are spread over all processors; points stand in the
// order of the values, whatever finished first.
//
// Beside the points stand the closed forms of spec 02 §2.3 for the first asset against the rest of the portfolio: its
// volatility is the tracking error of its return against theirs over the same rows. They suppose a constant mix and a
// weight without drift, and describe two assets exactly and more of them roughly. Costs there are those of both legs,
// twice the fee of the ideal market, or what the policy believes in the other one.
//
// Rounding: swept values keep six significant digits, their ends are exact. Errors: ErrParameter for what cannot be
// swept, those of package policy for values that no combination makes valid, those of package backtest for a run.
package frontier
