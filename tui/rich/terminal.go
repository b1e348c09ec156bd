package rich

import "strings"

// A Protocol is a way to show a picture.
type Protocol uint8

// The ways, from what every terminal can do.
const (
	Letters Protocol = iota // by their darkness, in ASCII
	Halves                  // two pixels a cell, by the half block and two colours
	Kitty                   // kitty's graphics with Unicode placeholders
)

// A Terminal is what is known of the one that pictures are shown on.
type Terminal struct {
	Protocol              Protocol
	CellWidth, CellHeight int // pixels; 0 where it does not say
}

// cell is the size of a cell in pixels.
func (t Terminal) cell() (width, height int) {
	if t.CellWidth > 0 && t.CellHeight > 0 && t.CellWidth < 1000 && t.CellHeight < 1000 {
		return t.CellWidth, t.CellHeight
	}
	return 8, 16
}

// Detect chooses how pictures are shown by a terminal's environment and by the name that it answers a query of its version
// with, if it did. Kitty's placeholders are known of kitty and Ghostty alone: others that answer kitty's graphics query have none.
// What runs in between (tmux, screen) would not hand pictures on.
func Detect(getenv func(string) string, version string, colours int) Protocol {
	locale := getenv("LC_ALL")
	for _, name := range []string{"LC_CTYPE", "LANG"} {
		if locale == "" {
			locale = getenv(name)
		}
	}
	locale = strings.ToLower(locale)
	switch {
	case locale != "" && !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8"), colours < 256, getenv("NO_COLOR") != "":
		return Letters
	case getenv("TMUX") != "" || strings.HasPrefix(getenv("TERM"), "screen") || strings.HasPrefix(getenv("TERM"), "tmux") || getenv("STY") != "":
		return Halves
	}
	version = strings.ToLower(version)
	term, program := getenv("TERM"), strings.ToLower(getenv("TERM_PROGRAM"))
	if version != "" { // what it says is truer than what it inherited
		if strings.HasPrefix(version, "kitty") || strings.HasPrefix(version, "ghostty") {
			return Kitty
		}
		return Halves
	}
	if term == "xterm-kitty" || term == "xterm-ghostty" || program == "ghostty" || program == "" && getenv("KITTY_WINDOW_ID") != "" {
		return Kitty
	}
	return Halves
}
