//go:build unix

package tui

import (
	"os"

	"golang.org/x/sys/unix"
)

// cellSize is how many pixels a cell of the terminal has, as the system knows it from the terminal; 0 where it does not.
func cellSize() (size [2]int) {
	w, err := unix.IoctlGetWinsize(int(os.Stdout.Fd()), unix.TIOCGWINSZ)
	if err != nil || w.Col == 0 || w.Row == 0 {
		return size
	}
	return [2]int{int(w.Xpixel) / int(w.Col), int(w.Ypixel) / int(w.Row)}
}
