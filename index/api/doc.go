// Package api serves a history over HTTP: read-only, JSON or CSV.
//
//	view.go      lists: which columns of which table, in which order, by which filters
//	ask.go       a request as a question to the database, page by page
//	write.go     answers and errors
//	server.go    routes and limits
//	overview.go  the two answers that are no lists
//	live.go      what every block was about, as it comes
//	openapi.go   the description of all of it
package api
