package transcript

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/golden"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const trace = `Traceback (most recent call last):
  File "<cell 3>", line 4, in <module>
    ratio(1, 0)
  File "<cell 3>", line 2, in ratio
    return a / b
           ~~^~~
ZeroDivisionError: division by zero
`

// sample holds one of everything.
func sample(t themes.Theme) Model {
	m := New(t).Tick(noon.Add(4 * time.Second))
	m = m.Begin("a", Input{Code: "import json\nstate = json.load(open('/tmp/state.json'))", Author: Agent, At: noon, State: Running})
	m = m.Finish("a", OK, 42*time.Millisecond)
	m = m.Notice(Info, "the agent's last cell is above; its variables are here")
	m = m.Begin("b", Input{Number: 1, Code: "for i in range(3):\n    print(f'step {i}')\nprint('warning: slow', file=sys.stderr)\n{'a': [1, 2.5, None], 'name': \"é日本\"}", At: noon, State: Running})
	m = m.Append("b", Stdout, "step 0\nstep 1\nstep 2\n")
	m = m.Append("b", Stderr, "warning: slow\n\x1b[1mbold\x1b[0m and not\n")
	m = m.Append("b", Result, "{'a': [1, 2.5, None], 'name': \"é日本\"}\n")
	m = m.Finish("b", OK, 1234*time.Millisecond)
	m = m.Begin("c", Input{Number: 2, Code: "df.head(2)", At: noon, State: Running})
	m = m.Append("c", Result, "   id  name\n0   1   ada\n1   2   bob")
	m = m.Append("c", Note, "shown as text: the table has 2 columns")
	m = m.Finish("c", OK, 300*time.Microsecond)
	m = m.Begin("d", Input{Number: 3, Code: "def ratio(a, b):\n    return a / b\n\nratio(1, 0)", At: noon, State: Running})
	m = m.Append("d", Error, trace)
	m = m.Finish("d", Failed, 75*time.Second).Fault("d", 4)
	m = m.Notice(Warning, "kernel restarted: its variables are gone")
	m = m.Begin("e", Input{Number: 4, Code: "for _ in tqdm(range(100)):\n    work()", At: noon, State: Running})
	m = m.Append("e", Stderr, "\r  0%|          | 0/100\r 42%|████▏     | 42/100")
	m = m.Begin("f", Input{Code: "x = 1", At: noon, State: Queued})
	m = m.Begin("g", Input{Code: "y = 1", At: noon, State: Queued})
	return m.Finish("g", Aborted, 0)
}

// checkView fails unless the view has exactly the height's lines, each as wide as the width.
func checkView(t interface {
	Helper()
	Fatalf(string, ...any)
}, m Model) {
	t.Helper()
	lines := strings.Split(m.View(), "\n")
	if m.width <= 0 || m.height <= 0 {
		return
	}
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
	for _, size := range []struct {
		name          string
		width, height int
	}{{"narrow", 28, 24}, {"small", 52, 15}, {"wide", 100, 48}} {
		t.Run(size.name, func(t *testing.T) {
			m := sample(themes.Dark()).SetSize(size.width, size.height)
			checkView(t, m)
			golden.Check(t, size.name, ansi.Strip(m.View()))
			light := sample(themes.Light()).SetSize(size.width, size.height)
			checkView(t, light)
			if diff := cmp.Diff(ansi.Strip(m.View()), ansi.Strip(light.View())); diff != "" {
				t.Errorf("the light theme changes more than colours (-dark +light):\n%s", diff)
			}
		})
	}
}

func TestColours(t *testing.T) {
	for name, theme := range map[string]themes.Theme{"dark": themes.Dark(), "light": themes.Light(), "plain": themes.Dark().Plain()} {
		t.Run(name, func(t *testing.T) {
			m := sample(theme).SetSize(64, 48)
			checkView(t, m)
			golden.Check(t, "colours-"+name, m.View())
		})
	}
}
