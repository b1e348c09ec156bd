// Command shot turns a terminal's screen (`tmux capture-pane -p -e` on its standard input) into an SVG on its standard output.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/sandrepl/sandrepl/tui/shot"
)

func main() {
	screen, err := io.ReadAll(os.Stdin)
	if err == nil {
		err = shot.Draw(os.Stdout, string(screen), shot.Look{Dark: true})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "shot:", err)
		os.Exit(1)
	}
}
