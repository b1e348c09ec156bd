package session_test

import (
	"testing"

	"github.com/sandrepl/sandrepl/session"
)

// TestCommandsInACell runs what is not Python, as a user types it.
func TestCommandsInACell(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, r := open(t, w, session.Options{})
		run(t, s, "word = 'hi'", session.OK)
		for code, want := range map[string]string{
			"!echo {word} $word":                     "hi hi\n",
			"lines = !printf 'a\\nb'\nprint(lines)":  "['a', 'b']\n",
			"for n in range(2):\n    !echo {n}":      "0\n1\n",
			"%%bash\nfor n in 1 2; do echo $n; done": "1\n2\n",
			"print('%time x?', 7 %2)":                "%time x? 1\n",
		} {
			if got := run(t, s, code, session.OK).Stdout; got != want {
				t.Errorf("%q prints %q, want %q", code, got, want)
			}
		}
		if failure := run(t, s, "%timer 1", session.Error).Failure; failure == nil || failure.Name != "UsageError" {
			t.Errorf("an unknown command: %+v", failure)
		}
		run(t, s, "%%writefile cell.py\nloaded = 1", session.OK)
		run(t, s, "%load cell.py", session.OK)
		r.wait(t, "text for the editor", is(func(next session.NextInput) bool { return next.Text == "# %load cell.py\nloaded = 1\n" }))
	})
}
