package editor

import (
	"slices"
	"strings"
)

// indent puts spaces to the next stop; with lines selected it moves them all.
func (f field) indent() field {
	from, to := f.caret.ordered()
	if from.line != to.line {
		return f.shift(func(line string) int {
			if isBlank(line) {
				return 0
			}
			return indentWidth - len(indentOf(line))%indentWidth
		})
	}
	column := len([]rune(f.doc.lines[from.line][:from.byte]))
	return f.insert(whole, strings.Repeat(" ", indentWidth-column%indentWidth))
}

// dedent moves the cursor's line, or those selected, back to the stop before.
func (f field) dedent() field {
	return f.shift(func(line string) int {
		indent := indentOf(line)
		if strings.HasSuffix(indent, "\t") {
			return -1
		}
		if indent == "" {
			return 0
		}
		return (len(indent)-1)/indentWidth*indentWidth - len(indent)
	})
}

// shift changes the indentation of the selected lines, each by as many characters as by says, and leaves cursor and selection on
// the characters that they were on.
func (f field) shift(by func(line string) int) field {
	from, to := f.caret.ordered()
	if to.byte == 0 && to.line > from.line {
		to.line-- // nothing of the last line is selected
	}
	c := f.caret
	var edits []edit
	for n := from.line; n <= to.line; n++ {
		e, moved := shiftLine(f.doc.lines[n], n, by(f.doc.lines[n]))
		if moved == 0 {
			continue
		}
		edits = append(edits, e)
		for _, p := range []*position{&c.at, &c.anchor} {
			if p.line == n && (p.byte > 0 || moved > 0 && !f.caret.selecting()) {
				p.byte = max(0, p.byte+moved)
			}
		}
	}
	if edits == nil {
		return f
	}
	return f.apply(whole, edits...).placing(c)
}

func shiftLine(line string, n, by int) (e edit, moved int) {
	at := position{line: n}
	if by >= 0 {
		return edit{at: at, inserted: strings.Repeat(" ", by)}, by
	}
	indent := indentOf(line)
	at.byte = len(indent) + by
	return edit{at: at, removed: indent[at.byte:]}, by
}

// clauses are the words that go on a statement above, and what they may follow.
var clauses = map[string][]string{
	"elif":    {"if", "elif"},
	"else":    {"if", "elif", "for", "while", "try", "except"},
	"except":  {"try", "except"},
	"finally": {"try", "except", "else"},
}

// dedentTyped moves the line back when what was just typed shows where it belongs: a clause under its statement, a closing
// bracket under the line that opened it. It never moves a line that already is in such a place.
func (f field) dedentTyped(typed string) field {
	at := f.caret.at
	line := f.doc.lines[at.line]
	if at.byte != len(line) {
		return f
	}
	indent := indentOf(line)
	want := columns(indent)
	switch code := line[len(indent):]; {
	case typed == ":":
		want = f.clauseIndent(at.line, want, firstWord(code))
	case len(code) == 1 && strings.Contains(")]}", code):
		above := f.linesBefore(position{at.line, len(indent)})
		if a := analyse(above); !a.invalid && len(a.brackets) > 0 {
			want = a.brackets[len(a.brackets)-1].indent
		}
	}
	if want >= columns(indent) {
		return f
	}
	moved := f.replace(typing, position{line: at.line}, position{at.line, len(indent)}, strings.Repeat(" ", want))
	at.byte += want - len(indent)
	return moved.placing(collapsed(at))
}

// clauseIndent is the indentation of the nearest statement above that a clause can go on, or the line's own.
func (f field) clauseIndent(n, indent int, word string) int {
	limit := indent
	for n--; n >= 0; n-- {
		line := f.doc.lines[n]
		if isBlank(line) || f.doc.states[n].InString() {
			continue
		}
		here := columns(indentOf(line))
		if here > limit {
			continue
		}
		limit = here
		if slices.Contains(clauses[word], firstWord(strings.TrimSpace(line))) {
			return here
		}
	}
	return indent
}
