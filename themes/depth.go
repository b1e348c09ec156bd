package themes

import (
	"image/color"
	"math"
)

// basic are xterm's first sixteen colours.
var basic = [16]color.RGBA{
	rgb(0x000000), rgb(0xcd0000), rgb(0x00cd00), rgb(0xcdcd00), rgb(0x0000ee), rgb(0xcd00cd), rgb(0x00cdcd), rgb(0xe5e5e5),
	rgb(0x7f7f7f), rgb(0xff0000), rgb(0x00ff00), rgb(0xffff00), rgb(0x5c5cff), rgb(0xff00ff), rgb(0x00ffff), rgb(0xffffff),
}

// xterm is one of the 256 colours, whose upper 240 are the same in every terminal.
func xterm(index uint8) color.RGBA {
	if index < 16 {
		return basic[index]
	}
	if index >= 232 {
		grey := 8 + 10*(index-232)
		return color.RGBA{grey, grey, grey, 0xff}
	}
	level := func(n uint8) uint8 {
		if n == 0 {
			return 0
		}
		return 55 + 40*n
	}
	n := index - 16
	return color.RGBA{level(n / 36), level(n / 6 % 6), level(n % 6), 0xff}
}

// nearest is the colour that is most like the role's among those of a terminal with fewer, and still can be read: a text
// keeps on every ground the contrast that it must have.
func nearest(colours palette, dark bool, r Role, d Depth) uint8 {
	first, last := 16, 255
	grounds := []color.RGBA{basic[0]}
	if d == Colours16 {
		first, last = 0, 15
		if !dark {
			grounds = []color.RGBA{basic[15]}
		}
	} else if !isBackground(r) {
		grounds = grounds[:0]
		for _, ground := range []Role{Background, Selection, Cursorline} {
			grounds = append(grounds, xterm(nearest(colours, dark, ground, d)))
		}
	}
	text := !isBackground(r) && r != Faint
	least := minContrast
	if d == Colours256 && Contrast(colours[Foreground], colours[Background]) > 20 { // made for high contrast
		least = highContrast
	}
	best, distance := uint8(first), math.Inf(1)
	for i := first; i <= last; i++ {
		c := xterm(uint8(i))
		if text {
			readable := true
			for _, ground := range grounds {
				readable = readable && Contrast(c, ground) >= least
			}
			if !readable {
				continue
			}
		} else if isBackground(r) && Contrast(colours[Foreground], c) < least+0.5 {
			continue
		}
		if d := apart(c, colours[r]); d < distance {
			best, distance = uint8(i), d
		}
	}
	return best
}

// apart is how different two colours look, after Riemersma's weights.
func apart(a, b color.RGBA) float64 {
	red := (float64(a.R) + float64(b.R)) / 2
	dr, dg, db := float64(a.R)-float64(b.R), float64(a.G)-float64(b.G), float64(a.B)-float64(b.B)
	return (2+red/256)*dr*dr + 4*dg*dg + (2+(255-red)/256)*db*db
}

// What text needs by WCAG 2, and what themes of high contrast give.
const (
	minContrast  = 4.5
	highContrast = 7.0
)

// Contrast is WCAG 2's ratio of two colours, 1 to 21.
func Contrast(a, b color.RGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
