// Package near says when keys stand close together.
package near
