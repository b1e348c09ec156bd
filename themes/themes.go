// Package themes holds what the interface and its Python code look like: palettes as data, one way to get a style from
// a role, and the highlighting that editor, transcript and locals panel share. It draws no component and knows nothing of
// sessions; a component asks for a role ("error", "keyword"), never for a colour.
package themes

import (
	"image/color"
	"strconv"
	"sync"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// Role is what a piece of text is for. The zero Role is ordinary text.
type Role uint8

// Interface roles. Faint is for borders and rules, not for text; Selection and Cursorline are backgrounds.
const (
	Foreground Role = iota
	Background      // what the palette was made for; the terminal's own background is never painted over
	Muted
	Faint
	Accent
	Selection
	Cursorline
	Success
	Warning
	Error
	Info
	Stderr
	Agent

	// Python roles.
	Keyword
	Constant
	String
	Escape // an escape or a replacement field in a string
	Number
	Comment
	Function
	Class
	Builtin
	Exception
	Decorator
	Namespace
	Operator
	Punctuation

	roles // how many there are
)

// Depth is how many colours a terminal has.
type Depth uint8

// The depths of colour, from none.
const (
	NoColour Depth = iota
	Colours16
	Colours256
	TrueColour
	depths // how many there are
)

// Theme is one look of the whole program. It is small, comparable and safe to copy; two themes are equal when they look the same.
type Theme struct {
	Name  string
	Dark  bool
	depth Depth
	look  *look
}

// look is what a theme has for each role, made once.
type look struct {
	colours palette
	at      [depths]func() *worn // made when they are first asked for
}

// worn is a look on a terminal of one depth.
type worn struct {
	opening [roles]string // the SGR sequence that turns the role on
	index   [roles]uint8  // of its colour, where there are 16 or 256
}

const reset = "\x1b[m"

// Auto is the name for dark or light, by the terminal's background.
const Auto = "auto"

var builtin = sync.OnceValue(func() []Theme {
	all := make([]Theme, len(looks))
	for i, l := range looks {
		all[i] = newTheme(l.name, l.dark, l.colours)
	}
	return all
})

func newTheme(name string, dark bool, colours palette) Theme {
	return Theme{Name: name, Dark: dark, depth: TrueColour, look: newLook(colours, dark)}
}

// Dark is the theme for terminals with a dark background.
func Dark() Theme { return builtin()[0] }

// Light is the theme for terminals with a light background.
func Light() Theme { return builtin()[1] }

// For picks by the terminal's background.
func For(dark bool) Theme {
	if dark {
		return Dark()
	}
	return Light()
}

// Plain is the same theme without any colour, for NO_COLOR: bold, underline and reverse carry what must be seen.
func (t Theme) Plain() Theme { return t.At(NoColour) }

// At is the same theme on a terminal with so many colours.
func (t Theme) At(d Depth) Theme {
	t.depth = d
	return t
}

// NoColor tells whether the theme uses no colours.
func (t Theme) NoColor() bool { return t.depth == NoColour }

// Color is the role's colour, nil in a plain theme. Prefer Style, or Paint.
func (t Theme) Color(r Role) color.Color {
	if t.NoColor() {
		return nil
	}
	return t.look.colours[r]
}

// Style is the one way to a lipgloss style, so that NO_COLOR is one switch.
func (t Theme) Style(r Role) lipgloss.Style {
	s := lipgloss.NewStyle()
	if t.NoColor() || t.depth == Colours16 && isBackground(r) {
		a := plainAttributes(r)
		return s.Bold(a == bold).Underline(a == underline).Reverse(a == reverse)
	}
	c := t.look.colours[r]
	switch t.depth {
	case Colours16, Colours256:
		index := t.look.at[t.depth]().index[r]
		if isBackground(r) {
			return s.Background(ansi.IndexedColor(index))
		}
		if r == Foreground {
			return s
		}
		if t.depth == Colours16 {
			return s.Foreground(ansi.BasicColor(index))
		}
		return s.Foreground(ansi.IndexedColor(index))
	}
	if isBackground(r) {
		return s.Background(c)
	}
	if r == Foreground {
		return s // the terminal's own
	}
	return s.Foreground(c)
}

// Paint is Style(r).Render(text) for one line of clean text, without lipgloss's cost.
func (t Theme) Paint(r Role, text string) string {
	open := t.Open(r)
	if open == "" || text == "" {
		return text
	}
	return open + text + reset
}

// Open is the SGR sequence that turns a role on, empty when there is nothing to turn on; "\x1b[m" turns it off.
// Components that draw many cells a frame compose their lines from it.
func (t Theme) Open(r Role) string { return t.look.at[t.depth]().opening[r] }

func isBackground(r Role) bool { return r == Background || r == Selection || r == Cursorline }

func newLook(colours palette, dark bool) *look {
	l := &look{colours: colours}
	for d := range depths {
		l.at[d] = sync.OnceValue(func() *worn { return wear(colours, dark, d) })
	}
	return l
}

func wear(colours palette, dark bool, d Depth) *worn {
	w := &worn{}
	n := func(v uint8) string { return strconv.Itoa(int(v)) }
	for r := range roles {
		if r == Foreground || r == Background {
			continue
		}
		ground := "3"
		if isBackground(r) {
			ground = "4"
		}
		switch c := colours[r]; {
		case d == TrueColour:
			w.opening[r] = "\x1b[" + ground + "8;2;" + n(c.R) + ";" + n(c.G) + ";" + n(c.B) + "m"
		case d == Colours256:
			w.index[r] = nearest(colours, dark, r, d)
			w.opening[r] = "\x1b[" + ground + "8;5;" + n(w.index[r]) + "m"
		case d == NoColour || isBackground(r): // sixteen colours have none to spare for a ground
			w.opening[r] = plainAttributes(r).opening()
		default:
			w.index[r] = nearest(colours, dark, r, d)
			w.opening[r] = "\x1b[" + strconv.Itoa(30+int(w.index[r]%8)+int(w.index[r]/8)*60) + "m"
		}
	}
	return w
}

// attribute is how a role shows where there is no colour.
type attribute uint8

const (
	none      attribute = 0
	bold      attribute = 1
	underline attribute = 4
	reverse   attribute = 7
)

func (a attribute) opening() string {
	if a == none {
		return ""
	}
	return "\x1b[" + strconv.Itoa(int(a)) + "m"
}

func plainAttributes(r Role) attribute {
	switch r {
	case Accent, Warning, Error, Agent, Keyword:
		return bold
	case Function, Class:
		return underline
	case Selection:
		return reverse
	default:
		return none
	}
}
