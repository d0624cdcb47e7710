// Package types is what others see of the oracle: messages, queries, events, parameters, genesis, errors, and the names
// and encodings of what it stores.
package types
