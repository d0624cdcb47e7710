// Package commands holds the commands of a module to its services.
package commands
