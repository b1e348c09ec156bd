// Package sanitize turns untrusted text into text that is safe to show on a terminal. It is called once, where
// the text enters the program; everything behind that border trusts what it is given.
//
// It is not a terminal emulator: it decides what may pass and forgets the rest. It does not wrap, measure or
// colour, and it does not interpret what it lets through.
package sanitize
