// Package base is what everybody who speaks with the chain must know of it: what its addresses look like, and what fees
// are paid in. It is apart from the application so that a program can know it without being a node.
package base
