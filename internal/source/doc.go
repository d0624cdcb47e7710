// Package source reads the module's own files, for the tests that hold them to its rules (internal/arch and
// internal/tidy). It opens every file itself and starts no other program, so that go test sees what the rules depend
// on and its cache is right.
package source
