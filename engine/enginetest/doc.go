// Package enginetest is the test kit of the engine: literals, the worked numbers of the specification, and the slow,
// obvious twins of its clever algorithms. Only tests import it.
package enginetest
