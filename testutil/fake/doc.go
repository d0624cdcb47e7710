// Package fake has in-memory keepers for the tests of modules: small, with real balances and the real rules about who
// may receive what, and with the names of the methods that the modules expect.
//
// Their state lies in stores of their own in the context of the test, not in the keepers: what a branch of the state
// did is gone when the branch is dropped, as on a chain.
//
//	ctx, stores := fake.Context(t, "auction", "bank", "account")
//	accounts := fake.NewAccount(stores[2])
//	bank := fake.NewBank(stores[1], accounts)
package fake
