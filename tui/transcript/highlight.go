package transcript

import (
	"regexp"
	"strings"

	"github.com/sandrepl/sandrepl/themes"
)

// stateEvery is how many lines of code apart the highlighter's state is kept.
const stateEvery = 64

// codeLine highlights line i of a cell's code. What it inherits from the lines before (an open string) is read from
// the nearest state that is kept, so that a line far down costs no more than the way there, once.
func codeLine(t themes.Theme, e *entry, i int) string {
	if len(e.states) == 0 {
		e.states = append(e.states, themes.LineState{})
	}
	k := min(i/stateEvery, len(e.states)-1)
	state := e.states[k]
	for n := k * stateEvery; n < i; n++ {
		_, line := e.code.line(n)
		state, _ = state.Scan(line, nil)
		if (n+1)%stateEvery == 0 && (n+1)/stateEvery == len(e.states) {
			e.states = append(e.states, state)
		}
	}
	_, line := e.code.line(i)
	return python(t, line, state)
}

func python(t themes.Theme, line string, state themes.LineState) string {
	spans, _ := themes.Tokens(themes.Visible(line), state)
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(t.Paint(s.Role, s.Text))
	}
	return b.String()
}

var (
	frameLine     = regexp.MustCompile(`^(\s*(?:\|\s*)?File )("[^"]*"|<[^>]*>)(, line )(\d+)(, in )?(.*)$`)
	exceptionLine = regexp.MustCompile(`^(\s*(?:[|+]\s*)?)([A-Za-z_][\w.]*)(: .*|:)?$`)
	caretLine     = regexp.MustCompile(`^[\s|]*[~^][~^\s]*$`)
	sourceLine    = regexp.MustCompile(`^(?:\s*\|\s)?\s{4,}\S`)
)

// errorLine highlights one line of a traceback by its own shape: where (a file line), what stood there (a source line
// and its carets), and what went wrong.
func errorLine(t themes.Theme, line string) string {
	if hasEscape(line) {
		return line
	}
	if m := frameLine.FindStringSubmatch(line); m != nil {
		return t.Paint(themes.Muted, m[1]) + t.Paint(themes.Accent, m[2]) + t.Paint(themes.Muted, m[3]) +
			t.Paint(themes.Number, m[4]) + t.Paint(themes.Muted, m[5]) + t.Paint(themes.Function, m[6])
	}
	switch {
	case strings.HasPrefix(line, "Traceback ("), strings.HasPrefix(line, "During handling of the above"),
		strings.HasPrefix(line, "The above exception was"), strings.HasPrefix(line, "  [Previous line repeated"):
		return t.Paint(themes.Muted, line)
	case caretLine.MatchString(line):
		return t.Paint(themes.Error, line)
	case sourceLine.MatchString(line):
		return python(t, line, themes.LineState{})
	}
	if m := exceptionLine.FindStringSubmatch(line); m != nil {
		return m[1] + t.Style(themes.Error).Bold(true).Render(m[2]) + t.Paint(themes.Error, m[3])
	}
	return t.Paint(themes.Error, line)
}
