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

// problemCache remembers what was read of the latest text, line by line, and reads again what a change can have changed: from
// the first line that differs to the first below the last that inherits what it did. A document is never changed: its first
// line's address tells it.
type problemCache struct {
	document
	reads []lineRead // of every line
	end   inherited  // what a further line would inherit
	found []problem
}

// lineRead is what was read of a line. Its problems' lines are counted from it.
type lineRead struct {
	before inherited
	found  []problem
}

// maxProblemLines bounds what is read at once.
const maxProblemLines = 5000

func (c *problemCache) of(d document) []problem {
	switch {
	case len(d.lines) > maxProblemLines || isCellCommand(d.lines):
		return nil
	case len(c.lines) == 0 || &c.lines[0] != &d.lines[0]:
		c.read(d)
	}
	return c.found
}

func (c *problemCache) read(d document) {
	from := 0
	for from < min(len(c.lines), len(d.lines)) && c.lines[from] == d.lines[from] {
		from++
	}
	same := 0 // lines at the end
	for same < min(len(c.lines), len(d.lines))-from && c.lines[len(c.lines)-1-same] == d.lines[len(d.lines)-1-same] {
		same++
	}
	r := reader{inherited: c.end.clone()}
	if from < len(c.reads) {
		r.inherited = c.reads[from].before.clone()
	}
	var read []lineRead
	more := len(d.lines) - len(c.lines)
	n := from
	for ; n < len(d.lines); n++ {
		if n >= len(d.lines)-same && c.states[n-more] == d.states[n] && c.reads[n-more].before.equal(r.inherited) {
			break
		}
		before := r.inherited.clone()
		r.line(d.lines[n], d.states[n])
		read = append(read, lineRead{before, r.found})
		r.found = nil
		r.down()
	}
	if n == len(d.lines) {
		c.end = r.inherited
	}
	c.reads = slices.Replace(c.reads, from, len(c.reads)-(len(d.lines)-n), read...)
	c.document, c.found = d, nil
	for n, l := range c.reads {
		c.add(n, l.found)
	}
	r = reader{inherited: c.end.clone()}
	r.unclosed(before)
	c.add(len(d.lines), r.found)
}

// add adds problems whose lines are counted from line n.
func (c *problemCache) add(n int, found []problem) {
	for _, p := range found {
		p.from.line, p.to.line = p.from.line+n, p.to.line+n
		c.found = append(c.found, p)
	}
}

// statements begin a line of their own: within an open bracket they are never what a line begins with.
var statements = []string{
	"def", "class", "return", "import", "while", "with", "try", "raise", "pass", "break", "continue", "del", "assert",
}

// headers are the statements that need a colon.
var headers = []string{"def", "class", "if", "elif", "else", "for", "while", "with", "try", "except", "finally"}

// reader reads a text line by line for the obvious problems: brackets and quotes without a partner, an indentation that fits
// no block, a block's header without its colon.
type reader struct {
	inherited
	found []problem
}

// inherited is what a line's problems depend on but for the line, and for the string that it begins in.
type inherited struct {
	a     analysis
	open  []position // the open brackets' places, as a.brackets has them; lines are counted from the one that is read
	colon bool       // the statement has one outside brackets
}

func (i inherited) clone() inherited {
	i.a.brackets, i.a.levels, i.open = slices.Clone(i.a.brackets), slices.Clone(i.a.levels), slices.Clone(i.open)
	return i
}

func (i inherited) equal(j inherited) bool {
	return i.colon == j.colon && i.a.backslash == j.a.backslash && i.a.last == j.a.last && slices.Equal(i.open, j.open) &&
		slices.Equal(i.a.brackets, j.a.brackets) && slices.Equal(i.a.levels, j.a.levels)
}

// down goes to the next line.
func (i *inherited) down() {
	for n := range i.open {
		i.open[n].line--
	}
}

func (r *reader) add(at, from, to int, when shown) {
	r.found = append(r.found, problem{position{at, from}, position{at, to}, when})
}

func (r *reader) line(line string, state themes.LineState) {
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
			r.add(0, indent, indent+len(firstWord(code)), elsewhere)
			r.a.levels = append(r.a.levels, level{indent: columns(line[:indent])})
		}
		if isCommand(code) {
			r.a.backslash = strings.HasSuffix(code, `\`)
			return
		}
	}
	last, end := -1, 0 // of the code in the line
	out, closed := state.Scan(line, func(from, to int) {
		end = to
		for i := from; i < to; i++ {
			if line[i] != ' ' && line[i] != '\t' {
				last = i
			}
			r.code(line, i)
		}
	})
	if !closed {
		r.add(0, end, len(line), elsewhere)
	}
	r.a.backslash = last == len(line)-1 && last >= 0 && line[last] == '\\'
	ends := len(r.open) == 0 && !r.a.backslash && !out.InString()
	r.a.last.header = last >= 0 && line[last] == ':' && len(r.open) == 0 && nothingAfter(line[last+1:])
	if ends && closed && !r.colon && slices.Contains(headers, r.a.last.word) {
		r.add(0, indent, indent+len(strings.TrimRight(line[indent:], " \t")), elsewhere)
	}
}

// code takes in one byte that is neither in a string nor in a comment.
func (r *reader) code(line string, i int) {
	switch c := line[i]; c {
	case ':':
		r.colon = r.colon || len(r.open) == 0
	case '(', '[', '{', ')', ']', '}':
		r.a.bracket(line, i)
		top := len(r.open) - 1
		switch {
		case r.a.invalid:
			r.a.invalid = false
			r.add(0, i, i+1, always)
			if top >= 0 { // the one that it does not close is as wrong
				r.add(r.open[top].line, r.open[top].byte, r.open[top].byte+1, always)
				r.open, r.a.brackets = r.open[:top], r.a.brackets[:top]
			}
		case len(r.a.brackets) > len(r.open):
			r.open = append(r.open, position{0, i})
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
