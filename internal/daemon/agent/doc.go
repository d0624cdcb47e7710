// Package agent holds the commands that run until they are interrupted: ballastd feed reports prices, ballastd maker
// buys what treasuries sell.
//
//	flag.go     what both read
//	feed.go     feed
//	source.go   where its prices come from
//	maker.go    maker
//	history.go  maker status, maker fills
//	metric.go   counters for Prometheus
package agent
