package themes

import (
	"image/color"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestLegible(t *testing.T) {
	for _, theme := range builtin() {
		for i := range 256 {
			var c color.Color = ansi.IndexedColor(i)
			if i < 16 {
				c = ansi.BasicColor(i)
			}
			got := theme.Legible(c)
			if contrast := Contrast(opaque(got), theme.look.colours[Background]); contrast < leastLegible {
				t.Errorf("%s: colour %d has a contrast of %.2f", theme.Name, i, contrast)
			}
			if Contrast(opaque(c), theme.look.colours[Background]) >= leastLegible && got != c {
				t.Errorf("%s: colour %d is changed without need", theme.Name, i)
			}
			if theme.Plain().Legible(c) != c || theme.At(Colours16).Legible(c) != c {
				t.Errorf("%s: colour %d is changed where it cannot be", theme.Name, i)
			}
		}
		if theme.Legible(nil) != nil {
			t.Error("no colour became one")
		}
	}
}
