// Package progress draws how far a long command is, on a terminal and nowhere else. It looks at no clock: the line is
// redrawn when its percentage changes.
package progress
