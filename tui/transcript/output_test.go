package transcript

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/sandrepl/sandrepl/themes"
)

// plainLines are the lines of cell "a"'s output, without their tags.
func plainLines(m Model) []string {
	e := m.log.entries[m.log.byID["a"]]
	var lines []string
	for i := range e.out.lines() {
		_, line, _ := e.out.at(i)
		lines = append(lines, line)
	}
	return lines
}

func TestDisplaysAreReplacedWhereTheyStand(t *testing.T) {
	m := New(themes.Dark()).SetSize(80, 10).Begin("a", Input{Code: "x"}).Begin("b", Input{Code: "y"})
	m = m.Append("a", Stdout, "before").Display("a", "d", Result, "one\n").Append("a", Stdout, "after\nlast")
	m = m.Display("b", "d", Result, "one\n")
	if diff := cmp.Diff([]string{"before", "one", "after", "last"}, plainLines(m)); diff != "" {
		t.Fatal(diff)
	}
	m = m.Replace("d", Result, "two\nthree\nfour\n").Replace("unknown", Result, "nothing\n")
	if diff := cmp.Diff([]string{"before", "two", "three", "four", "after", "last"}, plainLines(m)); diff != "" {
		t.Error(diff)
	}
	m = m.Replace("d", Result, "5\n").Append("a", Stdout, " line\n")
	if diff := cmp.Diff([]string{"before", "5", "after", "last line"}, plainLines(m)); diff != "" {
		t.Error(diff)
	}
	if view := ansi.Strip(m.View()); strings.Count(view, "= 5") != 2 {
		t.Errorf("both displays show 5:\n%s", view)
	}
	total := 0
	for _, e := range m.log.entries {
		total += e.lines()
	}
	if total != m.log.total {
		t.Errorf("the log counts %d lines, there are %d", m.log.total, total)
	}
}

func TestOutputIsCleared(t *testing.T) {
	m := New(themes.Dark()).SetSize(80, 10).Begin("a", Input{Code: "x"})
	m = m.Append("a", Stdout, strings.Repeat("line\n", 20_000)).Display("a", "d", Result, "shown\n")
	used := m.log.spool.used
	m = m.Clear("a", true)
	if got := len(plainLines(m)); got != 20_001 {
		t.Errorf("%d lines while the next output is waited for", got)
	}
	m = m.Append("a", Stdout, "next\n")
	if diff := cmp.Diff([]string{"next"}, plainLines(m)); diff != "" {
		t.Error(diff)
	}
	if now := m.log.spool.used; now >= used {
		t.Errorf("%d bytes are kept of %d", now, used)
	}
	m = m.Replace("d", Result, "gone\n").Clear("a", false)
	if got := plainLines(m); len(got) != 0 || m.log.total != 1 {
		t.Errorf("%q are left, and %d lines in all", got, m.log.total)
	}
}

// TestAViewAboveSurvivesAClear has scrolled to lines that are then gone.
func TestAViewAboveSurvivesAClear(t *testing.T) {
	m := New(themes.Dark()).SetSize(80, 10).Begin("a", Input{Code: "x"}).Append("a", Stdout, strings.Repeat("line\n", 500))
	m.View()
	m = m.scroll(-30)
	m = m.Clear("a", false)
	checkView(t, m)
	m = m.scroll(-30)
	checkView(t, m)
	if view := m.View(); !strings.Contains(view, "x") {
		t.Errorf("the cell is not in view:\n%s", view)
	}
}

type drawn []string

func (d drawn) Rows(themes.Theme, int) []string { return d }
func (d drawn) Text() string                    { return strings.Join(d, "\n") }

func TestAddressesInDrawingsAreLinks(t *testing.T) {
	m := New(themes.Dark()).SetSize(80, 10).Draw("a", "", drawn{"\x1b[4mdocs\x1b[m <https://example.com/a>"}).Prose(drawn{"see https://example.com/b."})
	for _, url := range []string{"https://example.com/a", "https://example.com/b"} {
		if view := m.View(); !strings.Contains(view, "\x1b]8;;"+url+"\x1b\\"+url) {
			t.Errorf("%s is no link: %q", url, view)
		}
	}
}

func TestColoursCanBeReadOnTheThemesGround(t *testing.T) {
	for line, kept := range map[string]bool{
		"\x1b[97mwhite\x1b[0m":                true, // on dark
		"\x1b[1;31mred\x1b[0m and \x1b[2mdim": true,
		"\x1b[30mblack":                       false,
	} {
		if got := legible(themes.Dark(), line); plain(got) != plain(line) || strings.Contains(got, "38;2;") == kept {
			t.Errorf("dark: %q is %q", line, got)
		}
	}
	for line, want := range map[string]bool{ // whether white is moved
		"\x1b[97mwhite":          true,
		"\x1b[41m\x1b[97mon red": false,
		"\x1b[97;41mon red\x1b[49m on the theme's ground": true,
		"\x1b[97;7mreversed":                              false,
		"\x1b[38;5;231mwhite":                             true,
		"\x1b[38;2;255;255;255;1mwhite":                   true,
		"\x1b[39mnone":                                    false,
	} {
		got := legible(themes.Light(), line)
		moved := strings.Contains(strings.ReplaceAll(got, "38;2;255;255;255", ""), "38;2;")
		if plain(got) != plain(line) || moved != want {
			t.Errorf("light: %q is %q", line, got)
		}
	}
}
