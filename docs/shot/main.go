// Command shot turns a terminal's screen (`tmux capture-pane -p -e` on its standard input) into an SVG on its standard output.
// With -light the terminal's own colours are dark on light.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/sandrepl/sandrepl/tui/shot"
)

func main() {
	light := flag.Bool("light", false, "dark text on a light ground")
	flag.Parse()
	screen, err := io.ReadAll(os.Stdin)
	if err == nil {
		err = shot.Draw(os.Stdout, string(screen), shot.Look{Dark: !*light})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "shot:", err)
		os.Exit(1)
	}
}
