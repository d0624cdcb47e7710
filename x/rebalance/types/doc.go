// Package types is what the rebalancer is asked, what it answers, and what it needs of other modules.
package types
