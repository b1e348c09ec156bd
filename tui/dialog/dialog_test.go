package dialog

import (
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/golden"
)

var (
	esc   = tea.KeyPressMsg{Code: tea.KeyEscape}
	enter = tea.KeyPressMsg{Code: tea.KeyEnter}
	right = tea.KeyPressMsg{Code: tea.KeyRight}
	left  = tea.KeyPressMsg{Code: tea.KeyLeft}
	down  = tea.KeyPressMsg{Code: tea.KeyDown}
	up    = tea.KeyPressMsg{Code: tea.KeyUp}
)

func bind(keys, desc string) key.Binding {
	return key.NewBinding(key.WithKeys(keys), key.WithHelp(keys, desc))
}

var groups = []Group{
	{"Cells", []key.Binding{bind("enter", "run the cell"), bind("alt+enter", "new line"), key.NewBinding(key.WithKeys("x"))}},
	{"Transcript", []key.Binding{bind("pgup", "page up"), bind("ctrl+c", "interrupt")}},
}

func help() Help { return NewHelp(themes.Dark(), groups) }

func question() Confirm {
	return NewConfirm(themes.Dark(), "restart", "Restart the kernel?", "Its variables are lost. The transcript stays.",
		Button{ID: "no", Label: "Keep it"}, Button{ID: "yes", Label: "Restart", Danger: true})
}

func failure() Failure {
	return NewFailure(themes.Dark(), "The sandbox cannot be reached.",
		"Post \"https://sandbox.example.workers.dev/sandbox/exec\": dial tcp: connection refused. "+strings.Repeat("It was tried again. ", 20),
		"Check the Worker's URL, then run sandrepl again with the same id.")
}

func TestViews(t *testing.T) {
	for name, view := range map[string]func(w, h int) string{
		"help": help().View, "question": question().View, "failure": failure().View,
	} {
		golden.Check(t, name, ansi.Strip(view(80, 24)))
		golden.Check(t, name+"-small", ansi.Strip(view(32, 9)))
	}
}

func TestBoxesStayInTheirSpace(t *testing.T) {
	for name, view := range map[string]func(w, h int) string{
		"help": help().View, "question": question().View, "failure": failure().View,
	} {
		for w := range 90 {
			for _, h := range []int{0, 1, 2, 3, 4, 6, 9, 15, 29} {
				box := view(w, h)
				if box == "" {
					continue
				}
				lines := strings.Split(box, "\n")
				if len(lines) > h {
					t.Fatalf("%s: %d lines in %d×%d", name, len(lines), w, h)
				}
				for _, l := range lines {
					if n := ansi.StringWidth(l); n > w || n != ansi.StringWidth(lines[0]) {
						t.Fatalf("%s: a line %d wide in %d×%d: %q", name, n, w, h, l)
					}
				}
			}
		}
	}
}

func TestConfirm(t *testing.T) {
	for name, c := range map[string]struct {
		keys []tea.Msg
		want tea.Msg
	}{
		"enter":      {[]tea.Msg{enter}, ChoiceMsg{"restart", "no"}},
		"the second": {[]tea.Msg{right, enter}, ChoiceMsg{"restart", "yes"}},
		"around":     {[]tea.Msg{right, right, enter}, ChoiceMsg{"restart", "no"}},
		"back":       {[]tea.Msg{left, enter}, ChoiceMsg{"restart", "yes"}},
		"escape":     {[]tea.Msg{right, esc}, CloseMsg{}},
	} {
		t.Run(name, func(t *testing.T) {
			q := question()
			var cmd tea.Cmd
			for _, k := range c.keys {
				q, cmd = q.Update(k)
			}
			if cmd == nil {
				t.Fatal("no message")
			}
			if got := cmd(); got != c.want {
				t.Errorf("%#v, want %#v", got, c.want)
			}
		})
	}
}

func TestClosing(t *testing.T) {
	_, byHelp := help().Update(esc)
	_, byFailure := failure().Update(esc)
	_, byEnter := failure().Update(enter)
	for i, cmd := range []tea.Cmd{byHelp, byFailure, byEnter} {
		if cmd == nil || cmd() != (CloseMsg{}) {
			t.Errorf("%d does not close", i)
		}
	}
}

func TestHelpInColumns(t *testing.T) {
	box := ansi.Strip(help().View(80, 6))
	golden.Check(t, "help-columns", box)
	for _, want := range []string{"run the cell", "interrupt"} {
		if !strings.Contains(box, want) {
			t.Errorf("%q is not in view", want)
		}
	}
}

func TestHelpScrolls(t *testing.T) {
	h := help()
	for range 20 {
		h, _ = h.Update(down)
	}
	if view := ansi.Strip(h.View(40, 6)); !strings.Contains(view, "interrupt") {
		t.Errorf("the end is out of reach:\n%s", view)
	}
	back, _ := h.Update(up)
	if back.View(40, 6) == h.View(40, 6) {
		t.Error("the first key up does nothing")
	}
}

var commands = []Item{
	{ID: "a", Title: "Session: leave", Note: "ctrl+d"}, {ID: "b", Title: "Session: choose a theme", Note: "f6"},
	{ID: "c", Title: "Editor: 漢字 left", Note: "←", Preview: "def f(x):\n\treturn x\n" + strings.Repeat("pass\n", 20)},
}

func finder(theme themes.Theme) Finder { return NewFinder(theme, "command", "Commands", commands, "c") }

func search() Finder {
	f, _ := NewSearch(themes.Light(), "cell", "Cells", "", Filter{ID: "here", Key: bind("alt+s", "this sandbox"), On: true})
	f, _ = f.Update(ItemsMsg{1, commands})
	return f
}

func TestFinderViews(t *testing.T) {
	for name, view := range map[string]func(w, h int) string{
		"finder": finder(themes.Dark()).View, "finder-light": finder(themes.Light()).View, "search": search().View,
	} {
		golden.Check(t, name, view(80, 24))
		golden.Check(t, name+"-wide", ansi.Strip(view(200, 50)))
		golden.Check(t, name+"-small", ansi.Strip(view(32, 9)))
		for w := 0; w < 120; w += 7 {
			for h := range 40 {
				for l := range strings.SplitSeq(view(w, h), "\n") {
					if n := ansi.StringWidth(l); n > w || strings.Count(view(w, h), "\n") >= max(h, 1) {
						t.Fatalf("%s: %d wide in %d×%d: %q", name, n, w, h, l)
					}
				}
			}
		}
	}
}

func TestFinder(t *testing.T) {
	f := finder(themes.Dark())
	f, cmd := f.Update(tea.KeyPressMsg{Code: 't', Text: "thm"})
	if want := (MoveMsg{"command", commands[1]}); cmd == nil || cmd() != want {
		t.Errorf("it does not tell where it stands")
	}
	if f, cmd = f.Update(enter); cmd == nil || cmd() != (PickMsg{"command", commands[1], false}) {
		t.Errorf("it does not pick what is like the text")
	}
	f, _ = f.Update(tea.KeyPressMsg{Code: 'x', Text: "xyz"})
	if f, cmd = f.Update(enter); cmd != nil {
		t.Errorf("it picks from nothing")
	}
	f, _ = f.Update(tea.KeyPressMsg{Code: 'w', Mod: tea.ModCtrl})
	if f, _ = f.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl}); len(f.shown) != len(commands) {
		t.Errorf("%d items without a text", len(f.shown))
	}

	s, cmd := NewSearch(themes.Dark(), "cell", "Cells", "x")
	if q := cmd().(QueryMsg); q.Number != 1 || q.Text != "x" {
		t.Errorf("%+v", q)
	}
	s, _ = s.Update(tea.KeyPressMsg{Code: 'a', Text: "a"})
	s, cmd = s.Update(enter)
	if s, _ = s.Update(ItemsMsg{1, commands}); cmd != nil || len(s.shown) != 0 {
		t.Errorf("an answer to an older query is taken: %v", s.shown)
	}
	if _, cmd = s.Update(ItemsMsg{2, commands[1:]}); cmd == nil || cmd() != (PickMsg{"cell", commands[1], false}) {
		t.Error("what was chosen before the answer is not picked")
	}
	s, _ = s.Update(tea.KeyPressMsg{Code: 'b', Text: "b"})
	s, _ = s.Update(tea.KeyPressMsg{Code: tea.KeyEnter, Mod: tea.ModAlt})
	if _, cmd = s.Update(ItemsMsg{3, commands[1:]}); cmd == nil || cmd() != (PickMsg{"cell", commands[1], true}) {
		t.Error("what was chosen to run is not to be run")
	}
}

// TestFinderTakesAnyKeys holds that a finder fits where it may be drawn, whatever is typed and answered, and picks only what it shows.
func TestFinderTakesAnyKeys(t *testing.T) {
	var keys []tea.KeyPressMsg
	for _, r := range "se:漢 \u0301" {
		keys = append(keys, tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	for _, code := range []rune{tea.KeyUp, tea.KeyDown, tea.KeyPgUp, tea.KeyPgDown, tea.KeyEnter, tea.KeyTab, tea.KeyBackspace, tea.KeyEscape} {
		keys = append(keys, tea.KeyPressMsg{Code: code})
	}
	keys = append(keys, tea.KeyPressMsg{Code: 's', Mod: tea.ModAlt}, tea.KeyPressMsg{Code: 'w', Mod: tea.ModCtrl}, tea.KeyPressMsg{Code: tea.KeyEnter, Mod: tea.ModAlt})
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom([]func() Finder{search, func() Finder { return finder(themes.Dark()) }}).Draw(t, "finder")()
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			var msg tea.Msg = rapid.SampledFrom(keys).Draw(t, "key")
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0:
				msg = ItemsMsg{f.number - rapid.IntRange(0, 1).Draw(t, "late"), commands[rapid.IntRange(0, 3).Draw(t, "from"):]}
			case 1:
				msg = tea.PasteMsg{Content: "a\nb\x1b[31m"}
			}
			var cmd tea.Cmd
			if f, cmd = f.Update(msg); cmd != nil {
				if pick, ok := cmd().(PickMsg); ok && !slices.Contains(f.shown, pick.Item) {
					t.Fatalf("%v is picked, which is not shown", pick)
				}
			}
			w, h := rapid.IntRange(0, 120).Draw(t, "width"), rapid.IntRange(0, 40).Draw(t, "height")
			for l := range strings.SplitSeq(f.View(w, h), "\n") {
				if n := ansi.StringWidth(l); n > w {
					t.Fatalf("%d columns in %d: %q", n, w, l)
				}
			}
		}
	})
}
