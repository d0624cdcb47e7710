// Package historian runs ballast-index as a process of its own beside a node. It is another program because its
// databases would be a twentieth of the node, and another process so that whatever happens to it the node goes on: it
// is started again when it ends, ever more seldom, and ended with the node.
//
//	child.go   a process that is kept running
//	config.go  the section [history] of a node
//	local.go   beside a chain of a demonstration
package historian
