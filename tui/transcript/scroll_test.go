package transcript

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"github.com/sandrepl/sandrepl/themes"
)

var (
	pgUp     = tea.KeyPressMsg{Code: tea.KeyPgUp}
	pgDown   = tea.KeyPressMsg{Code: tea.KeyPgDown}
	lineUp   = tea.KeyPressMsg{Code: tea.KeyUp, Mod: tea.ModCtrl}
	lineDown = tea.KeyPressMsg{Code: tea.KeyDown, Mod: tea.ModCtrl}
	toTop    = tea.KeyPressMsg{Code: tea.KeyHome, Mod: tea.ModAlt}
	toEnd    = tea.KeyPressMsg{Code: tea.KeyEnd, Mod: tea.ModAlt}
	cellUp   = tea.KeyPressMsg{Code: tea.KeyPgUp, Mod: tea.ModCtrl}
	cellDown = tea.KeyPressMsg{Code: tea.KeyPgDown, Mod: tea.ModCtrl}
	wheelUp  = tea.MouseWheelMsg{Button: tea.MouseWheelUp}
	wheelDn  = tea.MouseWheelMsg{Button: tea.MouseWheelDown}
	scrolls  = []tea.Msg{pgUp, pgDown, lineUp, lineDown, toTop, toEnd, cellUp, cellDown, wheelUp, wheelDn}
)

func press(m Model, msgs ...tea.Msg) Model {
	for _, msg := range msgs {
		m, _ = m.Update(msg)
	}
	return m
}

// numbered is a transcript of one finished cell that printed the numbers under n.
func numbered(n int) Model {
	m := New(themes.Dark()).SetSize(60, 10)
	m = m.Begin("a", Input{Number: 1, Code: "count()", State: Running})
	var b strings.Builder
	for i := range n {
		fmt.Fprintln(&b, i)
	}
	return m.Append("a", Stdout, b.String()).Finish("a", OK, time.Second)
}

// shown returns the view's rows without colours, scrollbar and blanks around.
func shown(m Model) []string {
	rows := strings.Split(ansi.Strip(m.View()), "\n")
	for i, r := range rows {
		rows[i] = strings.TrimSpace(strings.TrimRight(r, " ┃"))
	}
	return rows
}

func TestScrolling(t *testing.T) {
	for name, c := range map[string]struct {
		keys        []tea.Msg
		first, last string
		follow      bool
	}{
		"follows":            {nil, "90", "99", true},
		"a line up":          {[]tea.Msg{lineUp}, "89", "98", false},
		"and down":           {[]tea.Msg{lineUp, lineDown}, "90", "99", true},
		"a page up":          {[]tea.Msg{pgUp}, "82", "91", false},
		"the wheel":          {[]tea.Msg{wheelUp, wheelUp}, "84", "93", false},
		"the wheel and back": {[]tea.Msg{wheelUp, wheelUp, wheelDn}, "87", "96", false},
		"the top":            {[]tea.Msg{toTop}, "1 │ count()                                     ✓ 1.0 s", "8", false},
		"over the top":       {[]tea.Msg{toTop, pgUp}, "1 │ count()                                     ✓ 1.0 s", "8", false},
		"the end":            {[]tea.Msg{toTop, toEnd}, "90", "99", true},
		"over the end":       {[]tea.Msg{lineUp, pgDown}, "90", "99", true},
		"its cell":           {[]tea.Msg{cellUp}, "1 │ count()                                     ✓ 1.0 s", "8", false},
		"no further cell":    {[]tea.Msg{cellUp, cellDown}, "90", "99", true},
	} {
		t.Run(name, func(t *testing.T) {
			m := press(numbered(100), c.keys...)
			rows := shown(m)
			first := strings.Replace(c.first, "1.0 s", "1 s", 1)
			if strings.Join(strings.Fields(rows[0]), " ") != strings.Join(strings.Fields(first), " ") || rows[9] != c.last {
				t.Errorf("shows %q to %q, want %q to %q", rows[0], rows[9], first, c.last)
			}
			if m.follow != c.follow {
				t.Errorf("following: %v", m.follow)
			}
			checkView(t, m)
		})
	}
}

func TestWhatIsReadStaysInPlace(t *testing.T) {
	m := press(numbered(100), pgUp)
	before := shown(m)
	m = m.Append("a", Stdout, "one more\nand another\n")
	m = m.Begin("b", Input{Number: 2, Code: "x", State: Running})
	after := shown(m)
	if before[0] != after[0] || before[8] != after[8] {
		t.Errorf("the view moved: %q to %q", before, after)
	}
	if want := "↓ 4 new lines"; !strings.HasSuffix(after[9], want) {
		t.Errorf("the last row is %q, want it to end with %q", after[9], want)
	}
	m = m.Append("a", Stdout, strings.Repeat("late\n", 5_000))
	if rows := shown(m); rows[0] != before[0] || !strings.HasSuffix(rows[9], "↓ 5,004 new lines") {
		t.Errorf("late output moved the view or was not counted: %q", rows)
	}
	m = press(m, toEnd)
	if rows := shown(m); rows[9] != "2 │ x" && !strings.HasPrefix(rows[9], "2 │ x") {
		t.Errorf("the end is %q", rows[9])
	}
}

func TestResizeKeepsThePlace(t *testing.T) {
	m := New(themes.Dark()).SetSize(60, 10).Begin("a", Input{Number: 1, Code: "x", State: Running})
	for i := range 50 {
		m = m.Append("a", Stdout, fmt.Sprintf("line %d %s\n", i, strings.Repeat("=", 300)))
	}
	m = press(m, toTop, pgDown, pgDown, pgDown)
	line := m.start().line
	for _, width := range []int{40, 200, 31, 12, 60} {
		m = m.SetSize(width, 10)
		checkView(t, m)
		if got := m.start().line; got != line {
			t.Errorf("at width %d the view begins with line %d, not %d", width, got, line)
		}
	}
}

func TestScrollbar(t *testing.T) {
	m := numbered(1000)
	m = m.foldLess(0)
	end, size := m.thumb(10)
	if size != 1 || end != 9 {
		t.Errorf("at the end the thumb is %d rows at %d", size, end)
	}
	if top, _ := press(m, toTop).thumb(10); top != 0 {
		t.Errorf("at the top the thumb is at %d", top)
	}
	if strings.Contains(numbered(3).View(), "┃") {
		t.Error("a bar where all is in view")
	}
}

func TestHeaders(t *testing.T) {
	at := noon
	m := New(themes.Dark()).SetSize(60, 10).Tick(at.Add(65 * time.Second))
	m = m.Append("orphan", Stdout, "output of a cell that was never begun\n")
	if rows := shown(m); rows[1] != "output of a cell that was never begun" {
		t.Errorf("%q", rows)
	}
	m = m.Begin("a", Input{Code: "x", At: at})
	if view := strings.Join(shown(m), "\n"); !strings.Contains(view, "queued") {
		t.Errorf("a queued cell: %s", view)
	}
	m = m.Begin("a", Input{Number: 123456, Code: "ignored", At: at, State: Running})
	view := strings.Join(shown(m), "\n")
	if !strings.Contains(view, "● 1 min 5 s") || !strings.Contains(view, "…456 │ x") || strings.Contains(view, "ignored") {
		t.Errorf("a running cell: %s", view)
	}
	m = m.Tick(at.Add(66 * time.Second))
	if view := strings.Join(shown(m), "\n"); !strings.Contains(view, "● 1 min 6 s") {
		t.Errorf("a second later: %s", view)
	}
	m = m.Finish("a", Lost, 0)
	if view := strings.Join(shown(m), "\n"); !strings.Contains(view, "lost") {
		t.Errorf("a lost cell: %s", view)
	}
}

func TestLateCodeOfAnOrphan(t *testing.T) {
	m := New(themes.Dark()).SetSize(60, 6).Append("a", Stdout, "out\n")
	m = m.Begin("a", Input{Number: 1, Code: "a = 1\nprint('out')", State: Running})
	rows := shown(m)
	if !strings.HasPrefix(rows[0], "1 │ a = 1") || rows[1] != "│ print('out')" || rows[2] != "out" {
		t.Errorf("%q", rows)
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 300 * time.Microsecond: "<1 ms", 12 * time.Millisecond: "12 ms", 1500 * time.Millisecond: "1.5 s",
		3 * time.Second: "3 s", 12400 * time.Millisecond: "12 s", 65 * time.Second: "1 min 5 s", 3*time.Hour + 61*time.Second: "3 h 1 min",
	} {
		if got := duration(d); got != want {
			t.Errorf("duration(%v) = %q, want %q", d, got, want)
		}
	}
}

// Whatever happens, a view has its exact size, the end can be reached and the top too.
func TestAnything(t *testing.T) {
	text := rapid.OneOf(
		rapid.StringOfN(rapid.SampledFrom([]rune("ab日é\u0301👩\u200d🚀\n\n\r\t\b ")), 0, 60, -1),
		rapid.SampledFrom([]string{"\x1b[31m", "\x1b[0m", "\x1b[1A", "\x1b[9A", "\x1b[2B", "\x1b[J", "\x1b[3C", "\x1b]8;;http://a\x1b\\", "\x1b[K", "\x1b[2K", "\x1b[38;2;1;2;3m", "\r", "\n", trace,
			strings.Repeat("z", 40_000), strings.Repeat("line\n", 500)}))
	rapid.Check(t, func(t *rapid.T) {
		m := New(themes.For(rapid.Bool().Draw(t, "dark"))).SetSize(rapid.IntRange(0, 120).Draw(t, "w"), rapid.IntRange(0, 40).Draw(t, "h"))
		m.log.spool.memory = 64 << 10
		defer m.Close()
		id := rapid.SampledFrom([]string{"a", "b", "c"})
		t.Repeat(map[string]func(*rapid.T){
			"begin": func(t *rapid.T) {
				m = m.Begin(id.Draw(t, "id"), Input{Number: rapid.IntRange(0, 20000).Draw(t, "n"), Code: text.Draw(t, "code"),
					Author: Author(rapid.IntRange(0, 2).Draw(t, "author")), State: State(rapid.IntRange(0, 1).Draw(t, "state"))})
			},
			"append": func(t *rapid.T) {
				m = m.Append(id.Draw(t, "id"), Kind(rapid.IntRange(0, 4).Draw(t, "kind")), text.Draw(t, "text"))
			},
			"finish": func(t *rapid.T) {
				m = m.Finish(id.Draw(t, "id"), Outcome(rapid.IntRange(0, 3).Draw(t, "outcome")), time.Second)
			},
			"fault": func(t *rapid.T) { m = m.Fault(id.Draw(t, "id"), rapid.IntRange(0, 5).Draw(t, "line")) },
			"notice": func(t *rapid.T) {
				m = m.Notice(Warning, rapid.SampledFrom([]string{"notice 日本", "a notice of several words, 日本, and_one_that_is_longer_than_many_views_are_wide"}).Draw(t, "notice"))
			},
			"scroll": func(t *rapid.T) { m = press(m, rapid.SampledFrom(scrolls).Draw(t, "key")) },
			"browse": func(t *rapid.T) {
				m = m.Browse()
				for _, k := range rapid.SliceOfN(rapid.SampledFrom([]string{"up", "down", "space", "left", "right", "enter", "o", "y", "d", "u", "p", "P", "/", "a", "n", "N", "t", "w", "esc", "G", "g"}), 0, 8).Draw(t, "keys") {
					m = press(m, named(k))
					checkView(t, m)
				}
				if rapid.Bool().Draw(t, "leave") {
					m = m.Leave()
				}
			},
			"click": func(t *rapid.T) {
				m = press(m, tea.MouseClickMsg{Button: tea.MouseLeft, X: 3, Y: rapid.IntRange(0, 40).Draw(t, "y")})
			},
			"resize": func(t *rapid.T) {
				m = m.SetSize(rapid.IntRange(0, 120).Draw(t, "w"), rapid.IntRange(0, 40).Draw(t, "h"))
			},
			"": func(t *rapid.T) {
				checkView(t, m)
				total := 0
				for _, e := range m.log.entries {
					if e.before != total {
						t.Fatalf("an entry counts %d lines before it, there are %d", e.before, total)
					}
					total += e.lines()
				}
				if total != m.log.total {
					t.Fatalf("%d lines counted, there are %d", m.log.total, total)
				}
			},
		})
	})
}
