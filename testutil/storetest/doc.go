// Package storetest runs a test on every database that a history can be kept in.
package storetest
