package themes

import (
	"image/color"

	"github.com/charmbracelet/x/ansi"
)

// leastLegible is the contrast below which a program's text is lost on a ground that it was not made for, as white on white.
const leastLegible = 2.5

// Legible is a colour of a program's own as it can be read on the theme's background: as it is where it can, else moved toward
// the foreground. Of a terminal's sixteen colours nobody knows what they are; they count as xterm's.
func (t Theme) Legible(c color.Color) color.Color {
	if c == nil || t.depth < Colours256 {
		return c
	}
	rgb, ground, toward := opaque(c), t.look.colours[Background], t.look.colours[Foreground]
	if Contrast(rgb, ground) >= leastLegible {
		return c
	}
	const steps = 16
	for i := 1; i <= steps; i++ {
		mix := func(from, to uint8) uint8 { return uint8((int(from)*(steps-i) + int(to)*i) / steps) }
		moved := color.RGBA{mix(rgb.R, toward.R), mix(rgb.G, toward.G), mix(rgb.B, toward.B), 0xff}
		if Contrast(moved, ground) >= leastLegible {
			return moved
		}
	}
	return toward
}

func opaque(c color.Color) color.RGBA {
	switch c := c.(type) {
	case ansi.BasicColor:
		return basic[c%16]
	case ansi.IndexedColor:
		return xterm(uint8(c))
	}
	r, g, b, _ := c.RGBA()
	return color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0xff}
}
