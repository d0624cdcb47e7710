// Package api serves a history over HTTP: read-only, JSON or CSV. On the same origin it serves a page, and what the
// page asks the node for, so that a browser speaks with one program only.
//
//	view.go      lists: which columns of which table, in which order, by which filters
//	views.go     all of them
//	ask.go       a request as a question to the database, page by page
//	write.go     answers and errors
//	server.go    routes
//	memory.go    answers that no block has changed yet
//	guard.go     headers of every answer, other origins, what a client may ask
//	relay.go     what is handed on to the node
//	overview.go  the two answers that are no lists
//	live.go      what every block was about, as it comes
//	openapi.go   the description of all of it
//
// What there is, by path:
//
//	/v1/...         the history, GET; any origin may read it. /v1/events is a stream of server-sent events
//	/openapi.json   its description
//	/chain/...      the node's REST API below that path: GET of what readable in relay.go lists (all of /ballast/,
//	                and of /cosmos/ what a wallet needs), POST of JSON to /chain/cosmos/tx/v1beta1/simulate and
//	                .../txs. Only for the page: no other origin is allowed. The answer is the node's own, status and
//	                JSON; {"code":"node_unavailable"} with 502 when it does not answer
//	/...            the page, Config.Page: a file of it, or index.html for every path that has no file extension, so
//	                that views can have paths of their own. Files in assets/ must have names that change with the
//	                content: browsers keep them for a year. NAME.gz may stand for NAME
//
// The page must do with the policy in guard.go: scripts, styles and WebAssembly from this origin, no inline script and
// no inline style element, no other origin at all. Refusals of ours are JSON {code, message, hint} everywhere.
//
// A client has a bucket of requests (package limit); an empty one is answered with 429 and Retry-After.
package api
