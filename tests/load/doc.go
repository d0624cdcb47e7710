// Package load watches a long history as many people do. A history of a thousand portfolios and ten thousand rounds is
// made by the writer that writes real ones (package longchain says what), and its rows are copied until it is as long
// as it is to be. It goes on growing while two hundred viewers do what the page does: each listens for blocks, and asks
// for what its view shows when there is one. Every path of the API is asked for, beside what the page needs. What a
// viewer waits for is measured from the question to the last byte.
//
// `go test` does it small, and looks at the answers only; `make load-index` does all of it, with a node and its own
// history beside it, whose blocks are timed before and meanwhile.
//
//	main_test.go    the flags
//	copy_test.go    a history is made longer
//	load_test.go    the history, its server, the viewers, the bounds
//	viewer_test.go  what a viewer asks for
//	record_test.go  how long it took
//	node_test.go    a node, and the time of its blocks
package load
