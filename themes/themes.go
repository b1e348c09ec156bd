// Package themes holds what the interface and its Python code look like: two palettes as data, one way to get a style from
// a role, and the highlighting that editor, transcript and locals panel share. It draws no component and knows nothing of
// sessions; a component asks for a role ("error", "keyword"), never for a colour.
package themes

import (
	"image/color"
	"strconv"

	"charm.land/lipgloss/v2"
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

// Theme is one look of the whole program. It is small, comparable and safe to copy; two themes are equal when they look the same.
type Theme struct {
	Name  string
	Dark  bool
	plain bool
	look  *look
}

// look is what a theme has for each role, made once.
type look struct {
	colours [roles]color.RGBA
	opening [roles]string // the SGR sequence that turns the role on
}

const reset = "\x1b[m"

var (
	darkLook  = newLook(darkPalette)
	lightLook = newLook(lightPalette)
	// A plain look keeps its colours for those who must have one (an image's background), but no style uses them.
	darkPlainLook  = darkLook.withoutColour()
	lightPlainLook = lightLook.withoutColour()
)

// Dark is the theme for terminals with a dark background.
func Dark() Theme { return Theme{Name: "dark", Dark: true, look: darkLook} }

// Light is the theme for terminals with a light background.
func Light() Theme { return Theme{Name: "light", look: lightLook} }

// For picks by the terminal's background.
func For(dark bool) Theme {
	if dark {
		return Dark()
	}
	return Light()
}

// Plain is the same theme without any colour, for NO_COLOR: bold, underline and reverse carry what must be seen.
func (t Theme) Plain() Theme {
	t.plain = true
	t.look = lightPlainLook
	if t.Dark {
		t.look = darkPlainLook
	}
	return t
}

// NoColor tells whether the theme uses no colours.
func (t Theme) NoColor() bool { return t.plain }

// Color is the role's colour, nil in a plain theme. Prefer Style, or Paint.
func (t Theme) Color(r Role) color.Color {
	if t.plain {
		return nil
	}
	return t.look.colours[r]
}

// Style is the one way to a lipgloss style, so that NO_COLOR is one switch.
func (t Theme) Style(r Role) lipgloss.Style {
	s := lipgloss.NewStyle()
	if t.plain {
		a := plainAttributes(r)
		return s.Bold(a == bold).Underline(a == underline).Reverse(a == reverse)
	}
	if isBackground(r) {
		return s.Background(t.look.colours[r])
	}
	if r == Foreground {
		return s // the terminal's own
	}
	return s.Foreground(t.look.colours[r])
}

// Paint is Style(r).Render(text) for one line of clean text, without lipgloss's cost.
func (t Theme) Paint(r Role, text string) string {
	open := t.look.opening[r]
	if open == "" || text == "" {
		return text
	}
	return open + text + reset
}

// Open is the SGR sequence that turns a role on, empty when there is nothing to turn on; "\x1b[m" turns it off.
// Components that draw many cells a frame compose their lines from it.
func (t Theme) Open(r Role) string { return t.look.opening[r] }

func isBackground(r Role) bool { return r == Background || r == Selection || r == Cursorline }

func newLook(colours [roles]color.RGBA) *look {
	l := &look{colours: colours}
	for r := range roles {
		if r != Foreground && r != Background {
			l.opening[r] = openColour(r, colours[r])
		}
	}
	return l
}

func openColour(r Role, c color.RGBA) string {
	ground := "38"
	if isBackground(r) {
		ground = "48"
	}
	n := func(v uint8) string { return strconv.Itoa(int(v)) }
	return "\x1b[" + ground + ";2;" + n(c.R) + ";" + n(c.G) + ";" + n(c.B) + "m"
}

func (l *look) withoutColour() *look {
	p := &look{colours: l.colours}
	for r := range roles {
		p.opening[r] = plainAttributes(r).opening()
	}
	return p
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
