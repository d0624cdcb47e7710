// Package web is the page that ballast-index serves: portfolios, auctions, prices and the policy lab, for people. It is
// written in TypeScript in src/ and compiled into dist/ by `make web`; what is compiled is committed, so that building
// the program needs no Node.js. README.md beside this file says how it is made.
//
// dist/lab/ holds the policy lab, the engine as WebAssembly. It is not committed: `make build` compiles it first. A
// program that was built without it serves everything else, and the page says how to get it.
package web
