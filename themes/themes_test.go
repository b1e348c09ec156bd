package themes

import (
	"image/color"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"
)

var sgrCodes = regexp.MustCompile("\x1b\\[([0-9;]*)m")

func TestContrast(t *testing.T) {
	for _, theme := range []Theme{Dark(), Light()} {
		for r := range roles {
			if r == Faint || isBackground(r) {
				continue
			}
			for _, ground := range []Role{Background, Selection, Cursorline} {
				text, under := theme.look.colours[r], theme.look.colours[ground]
				if c := contrast(text, under); c < 4.5 {
					t.Errorf("%s: role %d on %d: contrast %.2f, want 4.5 or more", theme.Name, r, ground, c)
				}
			}
		}
	}
}

// contrast is WCAG 2's ratio of two colours.
func contrast(a, b color.RGBA) float64 {
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

func TestPlainHasNoColour(t *testing.T) {
	for _, theme := range []Theme{Dark().Plain(), Light().Plain()} {
		for r := range roles {
			for _, got := range []string{theme.Paint(r, "x"), theme.Style(r).Render("x")} {
				for _, code := range sgrCodes.FindAllStringSubmatch(got, -1) {
					if strings.Trim(code[1], "0147;") != "" {
						t.Errorf("%s: role %d: %q has more than bold, underline and reverse", theme.Name, r, got)
					}
				}
			}
		}
		if theme.Color(Error) != nil || !theme.NoColor() {
			t.Errorf("%s: a plain theme gives out colours", theme.Name)
		}
	}
	if Dark().Plain() == Dark() || For(true) != Dark() || For(false) != Light() {
		t.Error("themes are not told apart")
	}
}

func TestChromaStyleWearsThePalette(t *testing.T) {
	for _, theme := range []Theme{Dark(), Light()} {
		got := theme.ChromaStyle().Get(chroma.KeywordNamespace).Colour.String()
		if want := hex(theme.look.colours[Keyword]); got != want {
			t.Errorf("%s: keyword is %s, want %s", theme.Name, got, want)
		}
	}
	if entry := Dark().Plain().ChromaStyle().Get(chroma.Keyword); entry.Colour.IsSet() || entry.Bold != chroma.Yes {
		t.Errorf("plain keyword: %v, want bold without colour", entry)
	}
}
