// Package setup knows what new things start with: the files of a new node, and the assets of a chain that is made to be
// played with.
//
//	config.go  the files of a node
//	asset.go   assets and their sources of prices
package setup
