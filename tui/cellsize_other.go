//go:build !unix

package tui

// cellSize is not known: the terminal has to say it.
func cellSize() [2]int { return [2]int{} }
