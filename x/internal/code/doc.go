// Package code gives errors of the engine the codes under which a chain reports them. A code is for clients: it never
// changes, whatever the engine calls its errors.
package code
