package api

// Describe is describe, for tests.
var Describe = describe
