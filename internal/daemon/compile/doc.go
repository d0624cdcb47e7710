// Package compile turns a policy file into what a message to the chain holds: the policy in the chain's words, and its
// payments. Errors are those of package policy, with lines, and of package unit.
package compile
