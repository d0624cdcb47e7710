// Package keeper hosts the cycle: it loads, asks engine/cycle for one step, applies what it says and stores it.
package keeper
