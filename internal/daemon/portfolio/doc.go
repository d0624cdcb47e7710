// Package portfolio holds the commands about portfolios that need more than a service's description: those that read a
// policy file, and those that say what happened in sentences and tables.
//
//	compile.go   a policy file becomes the chain's policy
//	create.go    tx portfolio create, update
//	order.go     tx portfolio create-order
//	payment.go   tx portfolio add-payment
//	generate.go  the message for governance, a multisig or an interchain account instead of a transaction
//	query.go     query portfolio explain, simulate, value
package portfolio
