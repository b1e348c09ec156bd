package toast

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/golden"
)

func told(theme themes.Theme, texts ...string) Model {
	m := New(theme, nil)
	for _, text := range texts {
		m, _ = m.Tell(text)
	}
	return m
}

var sample = []string{
	"copied the code of cell 3", "saved to notebooks/autumn/repl-1492e902.ipynb (cells: 12)",
	"日本語 " + strings.Repeat("The line to the sandbox was cut. What runs there goes on. ", 8), "this one waits",
}

func TestViews(t *testing.T) {
	for name, size := range map[string][2]int{"narrow": {30, 12}, "small": {50, 4}, "wide": {120, 30}} {
		lines := told(themes.Dark(), sample...).View(size[0], size[1])
		golden.Check(t, name, ansi.Strip(strings.Join(lines, "\n")))
	}
	golden.Check(t, "light", strings.Join(told(themes.Light(), sample...).View(80, 24), "\n"))
	golden.Check(t, "dark", strings.Join(told(themes.Dark(), sample...).View(80, 24), "\n"))
	for width := range 70 {
		for height := range 16 {
			lines := told(themes.Dark(), sample...).View(width, height)
			if len(lines) > height {
				t.Fatalf("%d lines in %d×%d", len(lines), width, height)
			}
			for _, l := range lines {
				if n := ansi.StringWidth(l); n > width {
					t.Fatalf("%d wide in %d×%d: %q", n, width, height, l)
				}
			}
		}
	}
}

func TestToastsStandAndGo(t *testing.T) {
	m := New(themes.Dark(), nil)
	texts := func() (all []string) {
		for _, t := range m.toasts {
			all = append(all, t.text)
		}
		return all
	}
	var cmds []tea.Cmd
	for _, text := range []string{"a", "b", "a", "c", "d", ""} {
		var cmd tea.Cmd
		m, cmd = m.Tell(text)
		cmds = append(cmds, cmd)
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "d"}, texts()); diff != "" {
		t.Error(diff)
	}
	for i, stands := range []bool{true, true, true, true, false, false} {
		if (cmds[i] != nil) != stands {
			t.Errorf("%d stands: %v", i, cmds[i] != nil)
		}
	}
	if same, _ := m.Update(GoneMsg{1}); len(same.toasts) != 4 { // told anew since
		t.Error("a toast that stands anew goes with its first time")
	}
	m, next := m.Update(GoneMsg{3})
	if diff := cmp.Diff([]string{"b", "c", "d"}, texts()); diff != "" || next == nil {
		t.Errorf("%s; the waiting one stands: %v", diff, next != nil)
	}
	if m, _ = m.Dismiss(4, 40, 12); cmp.Diff([]string{"b", "d"}, texts()) != "" {
		t.Errorf("after the second was dismissed: %q", texts())
	}
	done := make(chan struct{})
	close(done)
	_, cmd := New(themes.Dark(), done).Tell("x")
	if got := cmd(); got != nil {
		t.Errorf("after the end: %v", got)
	}
}
