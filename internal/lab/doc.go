// Package lab is the policy lab: what a page in a browser, or any other program that speaks JSON, asks of policies. It
// calls the packages that the command line calls and has no rule of its own. cmd/lab puts it into a browser.
//
// A call has a name and a request, and gives an answer or an error:
//
//	templates                                    {"names": [...]}
//	template  {"name"}                           {"text"}
//	schema                                       the JSON Schema of policies
//	validate  {"policy"}                         {"problems": [{line, where, text}], "warnings": [...]}
//	explain   {"policy", "nav", "volatility", "now", "prices"}   {"sentences": [...]}
//	sample                                       {"name", "csv"}: a synthetic history
//	backtest  {"treasuries": [{name, policy, initial}], "prices": {name, csv}, "market", "fee_bps", "seed",
//	           "from", "to"}
//	                                             {"summary", "report" (a page), "result", "warnings"}
//
// Numbers are text, written as in a policy file. A policy that is not valid is an answer of validate, and an error of
// the other calls.
package lab
