// Package limit bounds how often each client may ask: a bucket of tokens for each, which fills with time.
//
// A client is an address; of IPv6 it is the network of 64 bits, which is what a household gets. The number of buckets
// is bounded: those that are full say nothing and are dropped, then those that were used longest ago.
package limit
