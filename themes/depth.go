package themes

import (
	"image/color"
	"math"
)

// basics are the first sixteen colours as terminals have them when nobody changed them. Text goes on their black, or on white.
var basics = [...][16]color.RGBA{
	{ // xterm
		rgb(0x000000), rgb(0xcd0000), rgb(0x00cd00), rgb(0xcdcd00), rgb(0x0000ee), rgb(0xcd00cd), rgb(0x00cdcd), rgb(0xe5e5e5),
		rgb(0x7f7f7f), rgb(0xff0000), rgb(0x00ff00), rgb(0xffff00), rgb(0x5c5cff), rgb(0xff00ff), rgb(0x00ffff), rgb(0xffffff),
	},
	{ // the Linux console
		rgb(0x000000), rgb(0xaa0000), rgb(0x00aa00), rgb(0xaa5500), rgb(0x0000aa), rgb(0xaa00aa), rgb(0x00aaaa), rgb(0xaaaaaa),
		rgb(0x555555), rgb(0xff5555), rgb(0x55ff55), rgb(0xffff55), rgb(0x5555ff), rgb(0xff55ff), rgb(0x55ffff), rgb(0xffffff),
	},
	{ // Windows
		rgb(0x0c0c0c), rgb(0xc50f1f), rgb(0x13a10e), rgb(0xc19c00), rgb(0x0037da), rgb(0x881798), rgb(0x3a96dd), rgb(0xcccccc),
		rgb(0x767676), rgb(0xe74856), rgb(0x16c60c), rgb(0xf9f1a5), rgb(0x3b78ff), rgb(0xb4009e), rgb(0x61d6d6), rgb(0xf2f2f2),
	},
	{ // macOS
		rgb(0x000000), rgb(0xc23621), rgb(0x25bc24), rgb(0xadad27), rgb(0x492ee1), rgb(0xd338d3), rgb(0x33bbc8), rgb(0xcbcccd),
		rgb(0x818383), rgb(0xfc391f), rgb(0x31e722), rgb(0xeaec23), rgb(0x5833ff), rgb(0xf935f8), rgb(0x14f0f0), rgb(0xe9ebeb),
	},
	{ // Tango
		rgb(0x2e3436), rgb(0xcc0000), rgb(0x4e9a06), rgb(0xc4a000), rgb(0x3465a4), rgb(0x75507b), rgb(0x06989a), rgb(0xd3d7cf),
		rgb(0x555753), rgb(0xef2929), rgb(0x8ae234), rgb(0xfce94f), rgb(0x729fcf), rgb(0xad7fa8), rgb(0x34e2e2), rgb(0xeeeeec),
	},
	{ // PuTTY
		rgb(0x000000), rgb(0xbb0000), rgb(0x00bb00), rgb(0xbbbb00), rgb(0x0000bb), rgb(0xbb00bb), rgb(0x00bbbb), rgb(0xbbbbbb),
		rgb(0x555555), rgb(0xff5555), rgb(0x55ff55), rgb(0xffff55), rgb(0x5555ff), rgb(0xff55ff), rgb(0x55ffff), rgb(0xffffff),
	},
	{ // GNOME
		rgb(0x171421), rgb(0xc01c28), rgb(0x26a269), rgb(0xa2734c), rgb(0x12488b), rgb(0xa347ba), rgb(0x2aa1b3), rgb(0xd0cfcc),
		rgb(0x5e5c64), rgb(0xf66151), rgb(0x33d17a), rgb(0xe9ad0c), rgb(0x2a7bde), rgb(0xc061cb), rgb(0x33c7de), rgb(0xffffff),
	},
}

// basic are xterm's.
var basic = basics[0]

// grounds16 are what text lies on, by terminal: white, or the black that it comes with.
func grounds16(dark bool) [len(basics)]color.RGBA {
	var grounds [len(basics)]color.RGBA
	for i := range grounds {
		grounds[i] = rgb(0xffffff)
	}
	if dark {
		grounds = [...]color.RGBA{{A: 255}, {A: 255}, rgb(0x0c0c0c), {A: 255}, {A: 255}, {A: 255}, rgb(0x171421)}
	}
	return grounds
}

// readable16 tells whether a text in one of the sixteen colours can be read in every terminal.
func readable16(index uint8, dark bool) bool {
	for i, ground := range grounds16(dark) {
		if Contrast(basics[i][index], ground) < minContrast {
			return false
		}
	}
	return true
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
	var grounds []color.RGBA
	if d == Colours16 {
		first, last = 0, 15
	} else if !isBackground(r) {
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
			readable := d != Colours16 || readable16(uint8(i), dark)
			for _, ground := range grounds {
				readable = readable && Contrast(c, ground) >= least
			}
			if !readable {
				continue
			}
		} else if isBackground(r) && Contrast(colours[Foreground], c) < least+0.5 {
			continue
		}
		far := apart(c, colours[r])
		if d == Colours16 {
			far += unlike(c, colours[r], r)
		}
		if far < distance {
			best, distance = uint8(i), far
		}
	}
	return best
}

// unlike tells hues apart, and colours from greys: among sixteen colours what is meant by one matters more than how light it
// is. It outweighs [apart].
func unlike(a, b color.RGBA, r Role) float64 {
	const much = 1e6
	other := 100.0 // degrees from which on it says something else
	if r == Success {
		other = 45 // it is never red
	}
	ha, coloured := hue(a)
	hb, wanted := hue(b)
	switch {
	case coloured != (wanted && !isGrey(r)):
		return other * much
	case !coloured:
		return 0
	}
	turn := math.Abs(ha - hb)
	turn = min(turn, 360-turn)
	if ha == 0 && r != Error && r != Exception && r != Stderr {
		turn += 40 // red is for what went wrong
	}
	return turn * much
}

// isGrey tells whether a role steps back behind others; of its tint nothing is kept.
func isGrey(r Role) bool {
	return r == Muted || r == Faint || r == Comment || r == Operator || r == Punctuation
}

// hue is a colour's place on the wheel, in degrees, if it has one.
func hue(c color.RGBA) (degrees float64, coloured bool) {
	r, g, b := float64(c.R), float64(c.G), float64(c.B)
	most, least := max(r, g, b), min(r, g, b)
	spread := most - least
	if spread <= most/12 {
		return 0, false
	}
	switch most {
	case r:
		degrees = 60 * (g - b) / spread
	case g:
		degrees = 60*(b-r)/spread + 120
	default:
		degrees = 60*(r-g)/spread + 240
	}
	return math.Mod(degrees+360, 360), true
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
