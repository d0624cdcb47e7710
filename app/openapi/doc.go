// Package openapi serves the description of a node's API: /openapi.json for programs, and at /openapi/ a page for
// people that asks nobody else for anything. The document is made by `make proto`.
package openapi
