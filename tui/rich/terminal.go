package rich

import (
	"strconv"
	"strings"
)

// A Protocol is a way to show a picture.
type Protocol uint8

// The ways, from what every terminal can do.
const (
	Letters Protocol = iota // by their darkness, in ASCII
	Halves                  // two pixels a cell, by the half block and two colours
	Sixel                   // DEC's pictures of 256 colours, a row of cells each
	ITerm                   // iTerm2's inline pictures, a row of cells each
	Kitty                   // kitty's graphics with Unicode placeholders
)

// pixels tells whether a picture is shown in the terminal's own pixels.
func (p Protocol) pixels() bool { return p >= Sixel }

// A Terminal is what is known of the one that pictures are shown on.
type Terminal struct {
	Protocol              Protocol
	CellWidth, CellHeight int // pixels; 0 where it does not say
	Forgetful             bool
}

// Forgets tells whether a terminal, by its version, keeps no more than a few sixel pictures: when the screen is written anew in parts, the
// oldest are gone. xterm has room for 16.
func Forgets(version string) bool { return strings.HasPrefix(version, "XTerm(") }

// cell is the size of a cell in pixels.
func (t Terminal) cell() (width, height int) {
	if t.known() {
		return t.CellWidth, t.CellHeight
	}
	return 8, 16
}

func (t Terminal) known() bool {
	return t.CellWidth > 0 && t.CellHeight > 0 && t.CellWidth < 1000 && t.CellHeight < 1000
}

// Signs are what tells how a terminal shows pictures.
type Signs struct {
	Getenv  func(string) string
	Version string // as it answers a query of it; "" if it did not
	Colours int
	Sixel   bool   // among its device attributes
	Wanted  string // by the user: kitty, iterm2, sixel, blocks; anything else leaves it to the signs
}

// Detect chooses how pictures are shown. Kitty's placeholders are known of kitty since 0.28 and of Ghostty alone: others that answer
// kitty's graphics query have none. What runs in between (tmux, screen) would not hand pictures on. Sixels need to know how
// large a cell is.
func Detect(s Signs, t Terminal) Protocol {
	protocol := s.detect()
	if protocol == Sixel && !t.known() {
		return Halves
	}
	return protocol
}

func (s Signs) detect() Protocol {
	getenv := s.Getenv
	locale := getenv("LC_ALL")
	for _, name := range []string{"LC_CTYPE", "LANG"} {
		if locale == "" {
			locale = getenv(name)
		}
	}
	locale = strings.ToLower(locale)
	wanted, isWanted := map[string]Protocol{"kitty": Kitty, "iterm2": ITerm, "sixel": Sixel, "blocks": Halves}[s.Wanted]
	switch {
	case locale != "" && !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8"), s.Colours < 256, getenv("NO_COLOR") != "":
		return Letters
	case isWanted:
		return wanted
	case getenv("TMUX") != "" || strings.HasPrefix(getenv("TERM"), "screen") || strings.HasPrefix(getenv("TERM"), "tmux") || getenv("STY") != "":
		return Halves
	}
	version := strings.ToLower(s.Version)
	term, program := getenv("TERM"), strings.ToLower(getenv("TERM_PROGRAM"))
	if version == "" { // what it says is truer than what it inherited
		switch {
		case term == "xterm-kitty" || term == "xterm-ghostty" || program == "ghostty" || program == "" && getenv("KITTY_WINDOW_ID") != "":
			return Kitty
		case program == "iterm.app", program == "wezterm", strings.EqualFold(getenv("LC_TERMINAL"), "iTerm2"):
			return ITerm
		}
	}
	switch {
	case strings.HasPrefix(version, "ghostty"), strings.HasPrefix(version, "kitty") && placesText(version):
		return Kitty
	case strings.HasPrefix(version, "iterm2"), strings.HasPrefix(version, "wezterm"):
		return ITerm
	case s.Sixel:
		return Sixel
	}
	return Halves
}

// placesText tells whether a kitty, as "kitty(0.41.1)", knows placeholders.
func placesText(version string) bool {
	_, number, _ := strings.Cut(version, "(")
	parts := strings.SplitN(strings.TrimSuffix(number, ")"), ".", 3)
	if len(parts) < 2 {
		return true
	}
	major, _ := strconv.Atoi(parts[0])
	minor, _ := strconv.Atoi(parts[1])
	return major > 0 || minor >= 28
}
