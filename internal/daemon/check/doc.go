// Package check adds up what the modules hold and owe, on a live node, in the data of a stopped one, or in an exported
// genesis. All three are asked the same queries; only who answers differs. Where the whole state is at hand, the
// balances of all accounts are compared with the supply too.
package check
