package locals

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/golden"
)

var sample = []Row{
	{Name: "json", Type: "module", Value: "<module 'json'>", Length: -1, Size: -1, Kind: "module"},
	{Name: "fit", Type: "function", Value: "fit(x, y=None)", Length: -1, Size: 144, Kind: "function"},
	{Name: "weights", Type: "ndarray", Value: "array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])", Shape: "(2, 3)", Length: 2, Size: 176, Kind: "data", Mark: MarkNew},
	{Name: "Alpha", Type: "float", Value: "0.05", Length: -1, Size: 24, Kind: "data"},
	{Name: "names", Type: "list", Value: "['ada', 'bob', 'é日本']", Length: 3, Size: 120, Kind: "data", Mark: MarkChanged},
	{Name: "old", Type: "str", Value: "'array([1, 2, 3])'", Length: 16, Size: 65, Kind: "data", Flattened: true},
	{Name: "a_rather_long_name_of_a_variable", Type: "defaultdict", Value: "{1: 'x'}", Length: 1, Size: 1 << 21, Kind: "data"},
	{Name: "Model", Type: "type", Value: "<class 'Model'>", Length: -1, Size: -1, Kind: "class"},
}

func checkView(t interface {
	Helper()
	Fatalf(string, ...any)
}, m Model) {
	t.Helper()
	if m.width <= 0 || m.height <= 0 {
		return
	}
	lines := strings.Split(m.View(), "\n")
	if len(lines) != m.height {
		t.Fatalf("%d lines in a view of height %d", len(lines), m.height)
	}
	for i, l := range lines {
		if w := ansi.StringWidth(l); w != m.width {
			t.Fatalf("line %d is %d wide in a view of width %d: %q", i, w, m.width, l)
		}
	}
}

func TestViews(t *testing.T) {
	for name, size := range map[string][2]int{"narrow": {26, 12}, "short": {44, 6}, "wide": {90, 12}} {
		t.Run(name, func(t *testing.T) {
			m := New(themes.Dark()).SetRows(sample, len(sample)).SetSize(size[0], size[1])
			checkView(t, m)
			golden.Check(t, name, ansi.Strip(m.View()))
		})
	}
	for name, theme := range map[string]themes.Theme{"dark": themes.Dark(), "light": themes.Light(), "plain": themes.Dark().Plain()} {
		t.Run(name, func(t *testing.T) {
			m := New(theme).SetRows(sample, len(sample)+4).SetSize(60, 10).Focus(true)
			checkView(t, m)
			golden.Check(t, "colours-"+name, m.View())
		})
	}
}

func TestEmpty(t *testing.T) {
	m := New(themes.Dark()).SetSize(30, 4)
	if view := ansi.Strip(m.View()); !strings.Contains(view, "No variables yet") {
		t.Errorf("an empty panel shows %q", view)
	}
	m = m.SetRows(nil, 12)
	if view := ansi.Strip(m.View()); strings.Contains(view, "No variables") || !strings.Contains(view, "… 12 more, not listed") {
		t.Errorf("a panel of unlisted variables shows %q", view)
	}
}

func many(n int) []Row {
	rows := make([]Row, n)
	for i := range rows {
		rows[i] = Row{Name: fmt.Sprintf("v%05d", n-1-i), Type: "int", Value: fmt.Sprint(i), Length: -1, Size: 28, Kind: "data"}
	}
	return rows
}

func firstName(m Model) string {
	return strings.Fields(strings.Split(ansi.Strip(m.View()), "\n")[1])[0]
}

func TestScrolling(t *testing.T) {
	m := New(themes.Dark()).SetRows(many(10_000), 10_000).SetSize(40, 22)
	if view := m.View(); !strings.Contains(view, "… 9,980 more") {
		t.Errorf("the rest is not counted:\n%s", ansi.Strip(view))
	}
	down, _ := m.Update(tea.KeyPressMsg{Code: tea.KeyDown})
	if firstName(down) != "v00000" {
		t.Error("a key scrolls without the focus")
	}
	m = m.Focus(true)
	for _, c := range []struct {
		msg  tea.Msg
		want string
	}{
		{tea.KeyPressMsg{Code: tea.KeyDown}, "v00000"}, // the next row is in view
		{tea.KeyPressMsg{Code: tea.KeyPgDown}, "v00001"},
		{tea.MouseWheelMsg{Button: tea.MouseWheelDown}, "v00004"},
		{tea.KeyPressMsg{Code: tea.KeyEnd}, "v09980"},
		{tea.KeyPressMsg{Code: tea.KeyDown}, "v09980"},
		{tea.KeyPressMsg{Code: tea.KeyUp}, "v09980"},
		{tea.MouseWheelMsg{Button: tea.MouseWheelUp}, "v09977"},
		{tea.KeyPressMsg{Code: tea.KeyPgUp}, "v09977"},
		{tea.KeyPressMsg{Code: tea.KeyPgUp}, "v09960"},
	} {
		if m, _ = m.Update(c.msg); firstName(m) != c.want {
			t.Errorf("after %v the first row is %s, want %s", c.msg, firstName(m), c.want)
		}
	}
	updated := m.SetRows(many(10_000), 10_000)
	if firstName(updated) != firstName(m) {
		t.Error("new rows reset the scroll")
	}
	if m = m.SetRows(many(5), 5); firstName(m) != "v00000" {
		t.Errorf("fewer rows leave the view at %s", firstName(m))
	}
	checkView(t, m)
}

func TestRowsAreSortedChosenAndUsed(t *testing.T) {
	m := New(themes.Dark()).SetRows(sample, len(sample)).SetSize(60, 12).Focus(true)
	click := func(row int) tea.Cmd {
		var cmd tea.Cmd
		m, cmd = m.Update(tea.MouseClickMsg{X: 3, Y: row, Button: tea.MouseLeft})
		return cmd
	}
	if cmd := click(2); cmd != nil || firstName(m) != "a_rather_long_name…" {
		t.Errorf("a click on a row does more than choose it: %v, %s", cmd, firstName(m))
	}
	if cmd := click(2); cmd == nil || cmd() != (UseMsg{"Alpha"}) {
		t.Error("a click on the chosen row does not use it")
	}
	var titles []string
	for range orders {
		click(0)
		titles = append(titles, strings.TrimSpace(strings.Split(ansi.Strip(m.View()), "\n")[0])+": "+strings.Fields(strings.TrimLeft(strings.Split(ansi.Strip(m.View()), "\n")[1], "●○ "))[0])
		if m.rows[m.at].Name != "Alpha" {
			t.Errorf("after sorting %s is chosen", m.rows[m.at].Name)
		}
	}
	want := []string{"Variables 8 · by change: names", "Variables 8 · by size: a_rather_long_name…", "Variables 8 · by type: a_rather_long_name…", "Variables 8: a_rather_long_name…"}
	if diff := cmp.Diff(want, titles); diff != "" {
		t.Error(diff)
	}
	if _, cmd := m.Focus(false).Update(tea.KeyPressMsg{Code: tea.KeyEnter}); cmd != nil {
		t.Error("a key is heard without the focus")
	}
}

func TestFlattenedFrom(t *testing.T) {
	for value, want := range map[string]string{
		"'array([1, 2])'": " of array", `"<module 'os' from 'x'>"`: " of module", "'<function f at 0x1>'": " of function",
		"'<__main__.P object at 0x1>'": " of object", "'{1, 2}'": "", "'hello (world)'": "",
	} {
		if got := flattenedFrom(value); got != want {
			t.Errorf("flattenedFrom(%s) = %q, want %q", value, got, want)
		}
	}
}

func TestAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab_日é\u0301👩\u200d🚀'\"([{ \\")), 0, 40, -1)
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Row {
			return Row{Name: text.Draw(t, "name"), Type: text.Draw(t, "type"), Value: text.Draw(t, "value"), Shape: text.Draw(t, "shape"),
				Length: rapid.Int64().Draw(t, "length"), Size: rapid.Int64().Draw(t, "size"), Flattened: rapid.Bool().Draw(t, "flattened"),
				Kind: rapid.SampledFrom([]string{"data", "module", ""}).Draw(t, "kind"), Mark: Mark(rapid.IntRange(0, 2).Draw(t, "mark"))}
		}), 0, 30).Draw(t, "rows")
		m := New(themes.Dark()).SetRows(rows, rapid.IntRange(0, 50).Draw(t, "total"))
		m = m.SetSize(rapid.IntRange(0, 120).Draw(t, "w"), rapid.IntRange(0, 40).Draw(t, "h")).Focus(true)
		m, _ = m.Update(tea.KeyPressMsg{Code: tea.KeyEnd})
		checkView(t, m)
	})
}

func BenchmarkSetRows10000(b *testing.B) {
	m, rows := New(themes.Dark()).SetSize(60, 40), many(10_000)
	for b.Loop() {
		m = m.SetRows(rows, len(rows))
	}
}

func BenchmarkFirstFrame(b *testing.B) {
	m := New(themes.Dark()).SetRows(sample, len(sample))
	for b.Loop() {
		m.SetSize(60, 40).View()
	}
}
