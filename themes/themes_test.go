package themes

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"
)

var sgrCodes = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// TestContrast holds every text of every theme to WCAG's 4.5:1, or 7:1 in high contrast, on each of its grounds: in true
// colour, in the 256 that xterm has, and in the sixteen that terminals have.
func TestContrast(t *testing.T) {
	names, high, light := map[string]bool{}, 0, 0
	for _, theme := range builtin() {
		least := 4.5
		if strings.HasPrefix(theme.Name, "high-contrast") {
			least = 7
			high++
		}
		if !theme.Dark {
			light++
		}
		names[theme.Name] = true
		for r := range roles {
			if r == Faint || isBackground(r) {
				continue
			}
			for _, ground := range []Role{Background, Selection, Cursorline} {
				if c := Contrast(theme.look.colours[r], theme.look.colours[ground]); c < least {
					t.Errorf("%s: role %d on %d: contrast %.2f, want %v or more", theme.Name, r, ground, c, least)
				}
				text, under := xterm(nearest(theme.look.colours, theme.Dark, r, Colours256)), xterm(nearest(theme.look.colours, theme.Dark, ground, Colours256))
				if c := Contrast(text, under); r != Foreground && c < least {
					t.Errorf("%s in 256 colours: role %d on %d: contrast %.2f, want %v or more", theme.Name, r, ground, c, least)
				}
			}
			if i := nearest(theme.look.colours, theme.Dark, r, Colours16); r == Success && (i == 1 || i == 9) {
				t.Errorf("%s in 16 colours: success is red", theme.Name)
			}
			for i, ground := range grounds16(theme.Dark) {
				if c := Contrast(basics[i][nearest(theme.look.colours, theme.Dark, r, Colours16)], ground); c < 4.5 {
					t.Errorf("%s in terminal %d's 16 colours: role %d: contrast %.2f", theme.Name, i, r, c)
				}
			}
		}
	}
	if len(names) < 10 || high != 2 || light < 4 || !names["colour-blind-dark"] || !names["colour-blind-light"] {
		t.Errorf("%d themes, %d of high contrast, %d light: %v", len(names), high, light, names)
	}
}

func TestEachDepthHasItsOwnCodes(t *testing.T) {
	for depth, want := range map[Depth]*regexp.Regexp{
		TrueColour: regexp.MustCompile("^\x1b\\[38;2;"), Colours256: regexp.MustCompile("^\x1b\\[38;5;"),
		Colours16: regexp.MustCompile("^\x1b\\[(3[0-7]|9[0-7])m"), NoColour: regexp.MustCompile("^\x1b\\[1m"),
	} {
		for _, theme := range builtin() {
			if got := theme.At(depth).Paint(Error, "x"); !want.MatchString(got) {
				t.Errorf("%s at %d: %q", theme.Name, depth, got)
			}
			if theme.At(depth) == theme && depth != TrueColour || theme.Plain().At(TrueColour) != theme {
				t.Errorf("%s at %d is not told apart, or does not come back", theme.Name, depth)
			}
		}
	}
}

func TestThemesOfTheUsers(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("mine.toml", "inherits = 'nord'\n[colours]\nkeyword = '#ff00ff'\nselection = '#333'\n")
	write("readme.txt", "no theme")
	all, warnings, err := All(dir)
	if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "keyword") {
		t.Errorf("%v; warnings: %q", err, warnings)
	}
	mine, ok := Named(all, "mine")
	nord, _ := Named(all, "nord")
	if !ok || mine.look.colours[Keyword] != rgb(0xff00ff) || mine.look.colours[Selection] != rgb(0x333333) || mine.look.colours[String] != nord.look.colours[String] {
		t.Errorf("mine: %v %+v", ok, mine)
	}
	for text, want := range map[string]string{
		"[colours]\nkeywrd = '#fff'":   "2: there is no role keywrd",
		"[colours]\n\nkeyword = 'red'": `3: keyword: "red" is no colour`,
		"inherits = 'nrod'":            `1: there is no theme nrod to inherit`,
		"inherit = 'nord'":             "1:", "inherits = nord": "1:",
	} {
		write("bad.toml", text)
		if _, _, err := All(dir); err == nil || !strings.Contains(err.Error(), "bad.toml:"+want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if all, _, err := All(filepath.Join(dir, "none")); err != nil || len(all) != len(looks) {
		t.Errorf("without a folder: %d, %v", len(all), err)
	}
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
