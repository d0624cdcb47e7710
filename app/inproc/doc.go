// Package inproc runs whole nodes, consensus and application, inside a process: for the demo and for tests of several
// validators. A node starts in a fifth of a second. Nothing listens on a port unless it is asked to.
package inproc
