package editor

import (
	"slices"
	"strings"

	"github.com/sandrepl/sandrepl/themes"
)

// problem is a place that Python will not take.
type problem struct {
	from, to position // in one line
	shown    shown
}

// shown is when a problem is one: what is being typed just now may yet become right.
type shown uint8

const (
	always    shown = iota
	elsewhere       // the cursor is in another line
	before          // the cursor is before it
)

// problemCache remembers the problems of the latest text. A document is never changed: its first line's address tells it.
type problemCache struct {
	lines *string
	found []problem
}

// maxProblemLines bounds what is read with each key.
const maxProblemLines = 5000

func (c *problemCache) of(d document) []problem {
	if len(d.lines) > maxProblemLines {
		return nil
	}
	if c.lines != &d.lines[0] {
		c.lines, c.found = &d.lines[0], d.problems()
	}
	return c.found
}

// statements begin a line of their own: within an open bracket they are never what a line begins with.
var statements = []string{
	"def", "class", "return", "import", "while", "with", "try", "raise", "pass", "break", "continue", "del", "assert",
}

// headers are the statements that need a colon.
var headers = []string{"def", "class", "if", "elif", "else", "for", "while", "with", "try", "except", "finally"}

// problems are the obvious ones: brackets and quotes without a partner, an indentation that fits no block, a block's
// header without its colon.
func (d document) problems() []problem {
	if isCellCommand(d.lines) {
		return nil
	}
	r := reader{document: d}
	for n := range d.lines {
		r.line(n)
	}
	r.unclosed(before)
	return r.found
}

// reader reads a text for its problems, line by line.
type reader struct {
	document
	a     analysis
	open  []position // the open brackets' places, as a.brackets has them
	colon bool       // the statement has one outside brackets
	found []problem
}

func (r *reader) add(n, from, to int, when shown) {
	r.found = append(r.found, problem{position{n, from}, position{n, to}, when})
}

func (r *reader) line(n int) {
	line, state := r.lines[n], r.states[n]
	code := strings.TrimSpace(line)
	indent := len(indentOf(line))
	if len(r.open) > 0 && !state.InString() && code != "" && slices.Contains(statements, firstWord(code)) &&
		indent <= r.a.brackets[len(r.a.brackets)-1].indent {
		r.unclosed(elsewhere)
	}
	begins := !state.InString() && len(r.open) == 0 && !r.a.backslash
	if begins && (code == "" || code[0] == '#') {
		return
	}
	if begins {
		r.colon = false
		r.a.begin(columns(line[:indent]), firstWord(code))
		if r.a.invalid {
			r.a.invalid = false
			r.add(n, indent, indent+len(firstWord(code)), elsewhere)
			r.a.levels = append(r.a.levels, level{indent: columns(line[:indent])})
		}
		if command.MatchString(code) {
			r.a.backslash = strings.HasSuffix(code, `\`)
			return
		}
	}
	last, end := -1, 0 // of the code in the line
	_, closed := state.Scan(line, func(from, to int) {
		end = to
		for i := from; i < to; i++ {
			if line[i] != ' ' && line[i] != '\t' {
				last = i
			}
			r.code(n, i)
		}
	})
	if !closed {
		r.add(n, end, len(line), elsewhere)
	}
	r.a.backslash = last == len(line)-1 && last >= 0 && line[last] == '\\'
	ends := len(r.open) == 0 && !r.a.backslash && (n+1 >= len(r.lines) || !r.states[n+1].InString())
	r.a.last.header = last >= 0 && line[last] == ':' && len(r.open) == 0 && nothingAfter(line[last+1:])
	if ends && closed && !r.colon && slices.Contains(headers, r.a.last.word) {
		r.add(n, indent, indent+len(strings.TrimRight(line[indent:], " \t")), elsewhere)
	}
}

// code takes in one byte that is neither in a string nor in a comment.
func (r *reader) code(n, i int) {
	switch c := r.lines[n][i]; c {
	case ':':
		r.colon = r.colon || len(r.open) == 0
	case '(', '[', '{', ')', ']', '}':
		r.a.bracket(r.lines[n], i)
		top := len(r.open) - 1
		switch {
		case r.a.invalid:
			r.a.invalid = false
			r.add(n, i, i+1, always)
			if top >= 0 { // the one that it does not close is as wrong
				r.add(r.open[top].line, r.open[top].byte, r.open[top].byte+1, always)
				r.open, r.a.brackets = r.open[:top], r.a.brackets[:top]
			}
		case len(r.a.brackets) > len(r.open):
			r.open = append(r.open, position{n, i})
		default:
			r.open = r.open[:top]
		}
	}
}

// unclosed gives up on the brackets that are open.
func (r *reader) unclosed(when shown) {
	for _, p := range r.open {
		r.add(p.line, p.byte, p.byte+1, when)
	}
	r.open, r.a.brackets = nil, nil
}

// visibleProblems are those in some lines that are to be seen while the cursor is where it is.
func (m Model) visibleProblems(first, last int) []problem {
	if m.reading != nil {
		return nil
	}
	at := m.code.caret.at
	var visible []problem
	for _, p := range m.problems.of(m.code.doc) {
		if p.from.line < first || p.from.line > last || p.shown == elsewhere && p.from.line == at.line || p.shown == before && p.from.before(at) {
			continue
		}
		visible = append(visible, p)
	}
	return visible
}

func (p *painter) wrong(at position) bool {
	for _, w := range p.problems {
		if !at.before(w.from) && at.before(w.to) {
			return true
		}
	}
	return false
}

// guide tells whether a space is where a block's indentation ends that the line is inside of.
func guide(line string, c cell, theme themes.Theme) bool {
	return !theme.NoColor() && c.from > 0 && c.from%indentWidth == 0 && line[c.from] == ' ' && c.from < len(indentOf(line)) && isSpaces(line[:c.from])
}
