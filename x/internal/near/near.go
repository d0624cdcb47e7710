package near

// Walk tells whether n ascending ids from first to last stand so close together that a walk over the range is quicker
// than to look each up: at least every second one is asked for.
func Walk(first, last uint64, n int) bool { return last-first < 2*uint64(n) } //nolint:gosec // the size of a page
