package themes

import (
	"fmt"
	"image/color"
)

func rgb(hex uint32) color.RGBA {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// Both palettes keep text at a contrast of 4.5:1 or more, also where it is selected or on the cursor's line.

// A palette is every role's colour.
type palette = [roles]color.RGBA

var darkPalette = palette{
	Background: rgb(0x15171c),
	Foreground: rgb(0xd8dce4),
	Muted:      rgb(0x9ea7b5),
	Faint:      rgb(0x3a404b),
	Accent:     rgb(0x8ab4f8),
	Selection:  rgb(0x2b3a55),
	Cursorline: rgb(0x1d2027),
	Success:    rgb(0x8fce9b),
	Warning:    rgb(0xe8c07d),
	Error:      rgb(0xf2918c),
	Info:       rgb(0x7fc8d8),
	Stderr:     rgb(0xe6a58a),
	Agent:      rgb(0xc5a5f2),

	Keyword:     rgb(0xc3a6f5),
	Constant:    rgb(0xf0a988),
	String:      rgb(0xa3cf8f),
	Escape:      rgb(0x7fc8d8),
	Number:      rgb(0xf0b48a),
	Comment:     rgb(0x9da6b4),
	Function:    rgb(0x8ab4f8),
	Class:       rgb(0xe8c98a),
	Builtin:     rgb(0x7cc5c9),
	Exception:   rgb(0xf2918c),
	Decorator:   rgb(0xe3b8e0),
	Namespace:   rgb(0xd9cfae),
	Operator:    rgb(0xa9b3c3),
	Punctuation: rgb(0xa9b3c3),
}

var lightPalette = palette{
	Background: rgb(0xfbfbf9),
	Foreground: rgb(0x23262d),
	Muted:      rgb(0x59606b),
	Faint:      rgb(0xd3d6db),
	Accent:     rgb(0x1f5bb5),
	Selection:  rgb(0xd6e4fb),
	Cursorline: rgb(0xf1f2f0),
	Success:    rgb(0x1b6b33),
	Warning:    rgb(0x7d5200),
	Error:      rgb(0xb3261e),
	Info:       rgb(0x0a647a),
	Stderr:     rgb(0x97420e),
	Agent:      rgb(0x7440b8),

	Keyword:     rgb(0x7a3fb5),
	Constant:    rgb(0x97420e),
	String:      rgb(0x2b6724),
	Escape:      rgb(0x0a647a),
	Number:      rgb(0x97420e),
	Comment:     rgb(0x5b626d),
	Function:    rgb(0x1f5bb5),
	Class:       rgb(0x745109),
	Builtin:     rgb(0x0d656b),
	Exception:   rgb(0xb3261e),
	Decorator:   rgb(0x963a86),
	Namespace:   rgb(0x4a4632),
	Operator:    rgb(0x4c5461),
	Punctuation: rgb(0x4c5461),
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
