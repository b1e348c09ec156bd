package tui

import (
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

func TestLay(t *testing.T) {
	red := func(s string) string { return "\x1b[31m" + s + "\x1b[m" }
	for _, c := range []struct {
		screen, box string
		x, y        int
		want        string // without colours
	}{
		{"abcdef\nghijkl\nmnopqr", "XY\nZW", 2, 1, "abcdef\nghXYkl\nmnZWqr"},
		{"abcdef", "X", 0, 0, "Xbcdef"},
		{"abcdef", "X", 5, 0, "abcdeX"},
		{"abcdef", "XYZ", 4, 0, "abcdXY"},
		{"ab", "X", 4, 0, "ab  X"},
		{"", "X", 2, 0, "  X"},
		{"abc\ndef", "X\nY\nZ", 1, 1, "abc\ndXf"},
		{"漢字漢字", "X", 2, 0, "漢X 漢字"},
		{"漢字漢字", "X", 3, 0, "漢 X漢字"},
		{"漢字漢字", "XX", 1, 0, " XX 漢字"},
		{"漢字漢字", "漢", 1, 0, " 漢 漢字"},
		{"abcdef", "漢", 5, 0, "abcdef"},
		{red("abcdef"), "X", 2, 0, "abXdef"},
		{"e\u0301e\u0301e\u0301", "X", 1, 0, "e\u0301Xe\u0301"},
	} {
		got := lay(c.screen, c.box, c.x, c.y, max(ansi.StringWidth(strings.Split(c.screen, "\n")[0]), 6))
		if plain := ansi.Strip(got); strings.TrimRight(plain, " ") != c.want {
			t.Errorf("%q over %q at %d, %d: %q, want %q", c.box, c.screen, c.x, c.y, plain, c.want)
		}
	}
}

// TestLayIsACompositor holds that every cell is what lipgloss's compositor makes of it; but the half of a wide character has no colour.
func TestLayIsACompositor(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "b", " ", "漢", "é", "\x1b[31m", "\x1b[1;4m", "\x1b[m", "\x1b[48;5;20m"})
	const width, height = 12, 4
	rapid.Check(t, func(t *rapid.T) {
		block := func(name string, columns, rows int) string {
			var lines []string
			for range rows {
				line := ansi.Truncate(strings.Join(rapid.SliceOfN(piece, 0, 20).Draw(t, name), ""), columns, "")
				lines = append(lines, line+"\x1b[m"+strings.Repeat(" ", columns-ansi.StringWidth(line)))
			}
			return strings.Join(lines, "\n")
		}
		screen := block("screen", width, height)
		columns, rows := rapid.IntRange(1, width).Draw(t, "columns"), rapid.IntRange(1, height).Draw(t, "rows")
		x, y := rapid.IntRange(0, width-columns).Draw(t, "x"), rapid.IntRange(0, height-rows).Draw(t, "y")
		box := block("box", columns, rows)
		want := lipgloss.NewCompositor(lipgloss.NewLayer(screen), lipgloss.NewLayer(box).X(x).Y(y).Z(1)).Render()
		a, b := uv.NewScreenBuffer(width, height), uv.NewScreenBuffer(width, height)
		uv.NewStyledString(lay(screen, box, x, y, width)).Draw(a, a.Bounds())
		uv.NewStyledString(want).Draw(b, b.Bounds())
		for row := range height {
			for column := range width {
				if p, q := a.CellAt(column, row), b.CellAt(column, row); !p.Equal(q) && (p.Content != " " || q.Content != " ") {
					t.Fatalf("column %d of row %d: %+v, want %+v\n%q\n%q", column, row, p, q, lay(screen, box, x, y, width), want)
				}
			}
		}
	})
}

func BenchmarkPopup(b *testing.B) {
	screen := strings.TrimSuffix(strings.Repeat("\x1b[38;2;1;2;3m"+strings.Repeat("word ", 20)+"\x1b[m"+strings.Repeat("more ", 20)+"\n", 50), "\n")
	box := strings.TrimSuffix(strings.Repeat("│\x1b[1m"+strings.Repeat("match ", 10)+"\x1b[m│\n", 10), "\n")
	for b.Loop() {
		lay(screen, box, 20, 10, 200)
	}
}
