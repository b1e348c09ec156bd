package editor

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/sandrepl/sandrepl/themes"
)

var update = flag.Bool("update", false, "write the golden views from what is drawn now")

const sample = `import math as m

@cache
def area(r: float) -> str:
    """The area,
    as text."""
    if r < 0:  # no such circle
        raise ValueError(f"radius {r!r} is negative, and no circle has that")
    return "%.2f 漢字 👍" % (m.pi * r ** 2)	# tab
print([area(1), None, 0x10, 'it\'s'])`

func TestViews(t *testing.T) {
	for _, size := range [][2]int{{100, 20}, {60, 8}, {24, 5}} {
		for _, theme := range []themes.Theme{themes.Dark(), themes.Light(), themes.Dark().Plain()} {
			m := New(theme).SetPrompt("In [3] ", "   ... ").SetSize(size[0], size[1]).SetValue(sample)
			m, _ = play(t, m, "up up home shift+end left alt+b shift+left shift+down")
			checkGolden(t, goldenName(theme, size), m)
		}
	}
}

// TestViewsOfAids: the search with its bar and the places found, what Python will not take, and a suggestion in grey.
func TestViewsOfAids(t *testing.T) {
	for _, size := range [][2]int{{100, 20}, {60, 8}, {24, 5}} {
		for _, theme := range []themes.Theme{themes.Dark(), themes.Light(), themes.Dark().Plain()} {
			empty := New(theme).SetPrompt("In [3] ", "   ... ").SetSize(size[0], size[1])
			m, _ := play(t, empty.SetValue(sample), `ctrl+home ctrl+s "ar"`)
			checkGolden(t, "find-"+goldenName(theme, size), m)
			m, _ = play(t, m, `"漢"`)
			checkGolden(t, "find-none-"+goldenName(theme, size), m)
			m, _ = play(t, empty.SetValue("def f(a, b:\n    if a\n        x = [1, 2)\n      y = 'abc\n    return 1\nz"), "left")
			checkGolden(t, "problems-"+goldenName(theme, size), m)
			m, _ = play(t, empty.SetSuggestions([]string{"for name in names:\n    print(name, '漢字', sep=', ', end='')", "format(x)"}), `"for"`)
			checkGolden(t, "suggestion-"+goldenName(theme, size), m)
		}
	}
}

func TestViewOfInput(t *testing.T) {
	m := New(themes.Dark()).SetSize(40, 4).SetPrompt("In [3] ", "").SetValue("kept")
	m, _ = play(t, m.SetReadline("first line\n\x1b[31mName\x1b]0;x\x07: ", false), `"Ada (" left`)
	checkGolden(t, "input", m)
	m, _ = play(t, m.SetReadline("Password: ", true), `"s3cret (é"`)
	checkGolden(t, "password", m)
}

func TestViewOfControlCharacters(t *testing.T) {
	m := New(themes.Dark()).SetSize(60, 4)
	m, _ = m.Update(tea.PasteMsg{Content: "a = '\x1b]52;c;aGk=\x07\u009b2J' # \u202e\x00\x7f\u200b\xff\n\u0301\u200d"})
	checkGolden(t, "controls", m)
}

func goldenName(theme themes.Theme, size [2]int) string {
	name := theme.Name
	if theme.NoColor() {
		name = "plain"
	}
	return fmt.Sprintf("%s-%dx%d", name, size[0], size[1])
}

// checkGolden compares a view with testdata/views. There, ␛ stands for ESC, and the last line says where the cursor is.
func checkGolden(t *testing.T, name string, m Model) {
	t.Helper()
	checkSize(t, m)
	cursor := m.Cursor()
	got := strings.ReplaceAll(m.View(), "\x1b", "␛") + fmt.Sprintf("\n-- cursor %d,%d of %d rows\n", cursor.X, cursor.Y, m.Rows())
	file := filepath.Join("testdata", "views", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); when it should look so, run the test with -update\n%s", name, diff)
	}
}

// fataler is what checkSize needs of a test, rapid's included.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkSize: a view never is larger than it may be, has no control but SGR, and the cursor is in it.
func checkSize(t fataler, m Model) {
	t.Helper()
	view := m.View()
	rows := strings.Split(view, "\n")
	if want := min(m.Rows(), m.size.height); len(rows) != want {
		t.Fatalf("%d rows, want %d of %d in\n%s", len(rows), want, m.Rows(), view)
	}
	for _, row := range rows {
		if w := m.layout.method.StringWidth(row); w > m.size.width {
			t.Fatalf("a row of %d columns, more than %d: %q", w, m.size.width, row)
		}
		if text := ansi.Strip(row); strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 }) {
			t.Fatalf("control characters in %q", row)
		}
	}
	if c := m.Cursor(); c == nil || c.X < 0 || c.X >= m.size.width || c.Y < 0 || c.Y >= len(rows) {
		t.Fatalf("cursor %+v is not in %d×%d", c, m.size.width, len(rows))
	}
}

func TestWidthFollowsTheTerminal(t *testing.T) {
	m := New(themes.Dark()).SetSize(40, 4).SetValue("👩‍👩‍👧")
	if x := m.Cursor().X; x != 6 {
		t.Errorf("before the terminal says how it counts, the family is %d columns, want 6", x)
	}
	m, _ = m.Update(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeReset})
	if x := m.Cursor().X; x != 2 {
		t.Errorf("in a terminal that counts by cluster, the family is %d columns, want 2", x)
	}
}

func TestFocus(t *testing.T) {
	m := New(themes.Dark()).Blur()
	m, _ = m.Update(tea.KeyPressMsg{Code: 'x', Text: "x"})
	m, _ = m.Update(tea.PasteMsg{Content: "y"})
	if m.Value() != "" || m.Cursor() != nil || m.Focused() {
		t.Errorf("without focus: value %q, cursor %v", m.Value(), m.Cursor())
	}
	if m = m.Focus(); m.Cursor() == nil {
		t.Error("with focus there is no cursor")
	}
}
