// Package isolate keeps what fails away from what does not: a portfolio, a lot, a payment that cannot be handled
// leaves no trace in the state and stops nobody.
package isolate
