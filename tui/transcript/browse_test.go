package transcript

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/golden"
)

// named is the key of that name.
func named(name string) tea.KeyPressMsg {
	switch name {
	case "up":
		return tea.KeyPressMsg{Code: tea.KeyUp}
	case "down":
		return tea.KeyPressMsg{Code: tea.KeyDown}
	case "left":
		return tea.KeyPressMsg{Code: tea.KeyLeft}
	case "right":
		return tea.KeyPressMsg{Code: tea.KeyRight}
	case "enter":
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case "esc":
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	case "space":
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	return tea.KeyPressMsg{Code: rune(name[0]), Text: name}
}

// keys presses keys by name, does the work that they begin, and returns what they report.
func keys(m Model, names ...string) (Model, []tea.Msg) {
	var reports []tea.Msg
	for _, name := range names {
		var cmd tea.Cmd
		for m, cmd = m.Update(named(name)); cmd != nil; {
			msg := cmd()
			if _, more := msg.(WorkMsg); !more {
				reports = append(reports, msg)
				break
			}
			m, cmd = m.Update(msg)
		}
	}
	return m, reports
}

func TestLongOutputIsFolded(t *testing.T) {
	m := numbered(1000)
	view := strings.Join(shown(m.SetSize(60, 40)), "\n")
	if !strings.Contains(view, "11\n… 976 more lines\n988") || !strings.Contains(view, "999") {
		t.Errorf("not folded:\n%s", view)
	}
	m, _ = keys(m.Browse(), "space")
	if got := m.log.total; got != 1001 {
		t.Errorf("unfolded: %d lines", got)
	}
	if m, _ = keys(m, "left", "left"); m.log.total != 2 {
		t.Errorf("closed: %d lines", m.log.total)
	}
	m = numbered(1000).SetSize(60, 40)
	for y, row := range shown(m) {
		if strings.HasPrefix(row, "…") {
			m, _ = m.Update(tea.MouseClickMsg{Button: tea.MouseLeft, X: 10, Y: y})
			break
		}
	}
	if m.log.total != 1001 {
		t.Errorf("a click leaves %d lines", m.log.total)
	}
}

// TestFoldingLeavesWhatIsRead has scrolled up in the output of a cell that then ends.
func TestFoldingLeavesWhatIsRead(t *testing.T) {
	m := New(themes.Dark()).SetSize(60, 10).Begin("a", Input{Code: "x", State: Running})
	m = press(m.Append("a", Stdout, strings.Repeat("line\n", 1000)), pgUp).Finish("a", OK, time.Second)
	if m.log.total != 1001 {
		t.Errorf("%d lines are left", m.log.total)
	}
}

func TestWhatCellsAreAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		keys []string
		want tea.Msg
	}{
		"copy code":       {[]string{"c"}, CopyMsg{"def ratio(a, b):\n    return a / b\n\nratio(1, 0)", "the code of cell 3"}},
		"copy output":     {[]string{"up", "o"}, CopyMsg{"   id  name\n0   1   ada\n1   2   bob\nshown as text: the table has 2 columns", "the output of cell 2"}},
		"copy both":       {[]string{"up", "up", "y"}, CopyMsg{"for i in range(3):\n    print(f'step {i}')\nprint('warning: slow', file=sys.stderr)\n{'a': [1, 2.5, None], 'name': \"é日本\"}\nstep 0\nstep 1\nstep 2\nwarning: slow\nbold and not\n{'a': [1, 2.5, None], 'name': \"é日本\"}", "code and output of cell 1"}},
		"run":             {[]string{"up", "r"}, RunMsg{"df.head(2)"}},
		"edit":            {[]string{"up", "e"}, EditMsg{"df.head(2)", 0}},
		"fix":             {[]string{"t"}, EditMsg{"def ratio(a, b):\n    return a / b\n\nratio(1, 0)", 2}},
		"nothing to fix":  {[]string{"up", "t"}, TellMsg{"the cell did not fail"}},
		"the failed last": {[]string{"down", "down", "esc"}, LeaveMsg{}},
	} {
		t.Run(name, func(t *testing.T) {
			m := sample(themes.Dark()).SetSize(80, 40).Browse()
			m = m.choose(m.log.byID["d"])
			_, reports := keys(m, c.keys...)
			if len(reports) != 1 || reports[0] != c.want {
				t.Errorf("%#v, want %#v", reports, c.want)
			}
		})
	}
}

func TestTheFailingCellMayBeAnEarlierOne(t *testing.T) {
	m := New(themes.Dark()).SetSize(80, 20)
	m = m.Begin("a", Input{Number: 1, Code: "def f():\n    1/0", State: Running}).Finish("a", OK, 0)
	m = m.Begin("b", Input{Number: 2, Code: "f()", State: Running})
	m = m.Append("b", Error, "Traceback (most recent call last):\n  File \"<cell 2>\", line 1, in <module>\n    f()\n  File \"<cell 1>\", line 2, in f\n    1/0\nZeroDivisionError: division by zero\n")
	m = m.Finish("b", Failed, 0).Fault("b", 1)
	if got := m.FixLast()(); got != (EditMsg{"def f():\n    1/0", 2}) {
		t.Errorf("%#v", got)
	}
}

func TestRemovingAndPinning(t *testing.T) {
	m := sample(themes.Dark()).SetSize(80, 40).Browse()
	m = m.choose(m.log.byID["c"])
	m, _ = keys(m, "d")
	if view := strings.Join(shown(m), "\n"); strings.Contains(view, "df.head(2)") {
		t.Errorf("the cell is in view:\n%s", view)
	}
	m, _ = keys(m, "u", "p")
	if view := strings.Join(shown(m), "\n"); !strings.Contains(view, "df.head(2)") || !strings.Contains(view, "⚑") {
		t.Errorf("the cell is not in view, pinned:\n%s", view)
	}
	m, reports := keys(m, "d", "G", "P")
	if m.chosen != m.log.byID["c"] || len(reports) != 1 {
		t.Errorf("chosen is %d, after %v", m.chosen, reports)
	}
	for range 20 {
		m, _ = keys(m, "p", "d")
		checkView(t, m)
	}
	m = press(m, pgUp, pgDown, wheelUp, toTop, cellUp, cellDown)
	checkView(t, m)
}

func TestSearch(t *testing.T) {
	m := numbered(100_000)
	m.log.spool.memory = 256 << 10
	defer m.Close()
	m, _ = keys(m.Search(), "7", "7", "7", "7", "enter")
	view := shown(m)
	if bar := view[9]; !strings.Contains(bar, "1 of 19 lines") {
		t.Errorf("the bar is %q", bar)
	}
	if !strings.Contains(strings.Join(view, "\n"), "7777") {
		t.Errorf("the hit is not in view: %q", view)
	}
	m, _ = keys(m, "n")
	if !strings.Contains(m.View(), "\x1b[7m") || !strings.Contains(shown(m)[9], "2 of 19") {
		t.Errorf("%q", m.View())
	}
	m, _ = keys(m, "N", "N")
	if bar := shown(m)[9]; !strings.Contains(bar, "19 of 19") {
		t.Errorf("the bar is %q", bar)
	}
	m, reports := keys(m, "esc", "esc")
	if len(reports) != 1 || strings.Contains(m.View(), "\x1b[7m") {
		t.Errorf("%v", reports)
	}
	m, _ = keys(sample(themes.Dark()).SetSize(60, 20).Search(), "R", "A", "t", "i", "o")
	if bar := shown(m)[19]; !strings.Contains(bar, "nothing found") {
		t.Errorf("capitals count: %q", bar)
	}
	m, _ = keys(sample(themes.Dark()).SetSize(60, 20).Search(), "z", "e", "r", "o", "d")
	if bar := shown(m)[19]; !strings.Contains(bar, "1 of 1 lines") {
		t.Errorf("%q", bar)
	}
}

func TestPager(t *testing.T) {
	t.Chdir(t.TempDir())
	m := numbered(1000)
	m = m.Append("a", Stdout, strings.Repeat("w", 100)+"END\n")
	m, _ = keys(m.Browse(), "enter")
	checkView(t, m)
	if rows := shown(m); rows[0] != "0" || !strings.Contains(rows[9], "1,001 lines") {
		t.Errorf("%q", rows)
	}
	m, _ = keys(m, "/", "9", "9", "9", "enter")
	if rows := strings.Join(shown(m), "\n"); !strings.Contains(rows, "\n999\n") {
		t.Errorf("%s", rows)
	}
	m, _ = keys(m, "esc", "G", "w")
	if rows := shown(m); strings.Contains(rows[8], "END") || !strings.HasPrefix(rows[8], "www") {
		t.Errorf("cut: %q", rows)
	}
	m, _ = keys(m, "right", "right", "right")
	if rows := shown(m); !strings.Contains(rows[8], "END") {
		t.Errorf("to the right: %q", rows)
	}
	m, _ = keys(m, "w")
	m = m.Append("a", Stdout, "grown\n")
	if rows := shown(m); rows[8] != "grown" {
		t.Errorf("does not follow: %q", rows)
	}
	m, reports := keys(m, "s", "s")
	if fmt.Sprint(reports) != "[{1,002 lines saved to cell-1-output.txt} {1,002 lines saved to cell-1-output-2.txt}]" {
		t.Errorf("%v", reports)
	}
	saved, err := os.ReadFile("cell-1-output.txt")
	if err != nil || strings.Count(string(saved), "\n") != 1002 || !strings.HasSuffix(string(saved), "END\ngrown\n") {
		t.Errorf("%v: %.40q", err, saved)
	}
	if m, _ = keys(m, "esc"); m.pager != nil || !m.Active() {
		t.Error("esc leaves the pager for the cells")
	}
}

func TestAddressesAreLinks(t *testing.T) {
	for in, want := range map[string]string{
		"see https://a.b/c(d). So":  "see <https://a.b/c(d)>. So",
		"(http://a.b/c?d=e&f#g), x": "(<http://a.b/c?d=e&f#g>), x",
		"\x1b[31mhttp://a\x1b[0m.b": "\x1b[31m<http://a\x1b[0m<http://a.b>",
		"ftp://a file:///etc":       "ftp://a file:///etc",
		"'https://x.y'":             "'<https://x.y>'",
	} {
		got := linked(in)
		if plain(got) != plain(in) {
			t.Errorf("linked(%q) changes the text: %q", in, got)
		}
		if name := strings.TrimPrefix(in, "\x1b"); name == in {
			simple := strings.NewReplacer(unlink, ">").Replace(got)
			for strings.Contains(simple, "\x1b]8;;") {
				i := strings.Index(simple, "\x1b]8;;")
				j := strings.Index(simple, linkEnd)
				simple = simple[:i] + "<" + simple[j+len(linkEnd):]
			}
			if simple != want {
				t.Errorf("linked(%q) = %q, want %q", in, simple, want)
			}
		}
	}
	rows := wrap(linked("http://"+strings.Repeat("a", 30)), 20)
	if len(rows) != 2 || strings.Count(rows[1].text, "http://"+strings.Repeat("a", 30)) != 1 {
		t.Errorf("a link that is wrapped is whole in each row: %v", rows)
	}
}

func TestBrowsingViews(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"narrow", 28, 24}, {"small", 52, 15}, {"wide", 100, 48}} {
		m := sample(themes.Dark()).SetSize(size.width, size.height).Browse()
		m, _ = keys(m.choose(m.log.byID["d"]), "/", "r", "a", "t", "i", "o", "enter")
		checkView(t, m)
		golden.Check(t, "browsing-"+size.name, ansi.Strip(m.View()))
	}
}
