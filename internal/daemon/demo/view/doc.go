// Package view draws a running demonstration on a terminal: the clock, prices, every treasury's weights beside its
// targets, running auctions, the last purchases and rounds. It knows nothing of a chain: whoever watches one hands it a
// Scene, and it draws that into whatever room the terminal has, from 80 columns and 24 lines up.
//
//	scene.go   what is shown
//	frame.go   the scene in a room of some columns and lines
//	part.go    the parts of it
//	mark.go    bars, sparklines, cells
//	screen.go  the terminal
package view
