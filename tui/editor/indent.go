package editor

import (
	"slices"
	"strings"
)

// indent puts spaces to the next stop, or with something selected moves its lines there.
func (f field) indent() field {
	if f.caret.selecting() {
		return f.shiftRight()
	}
	at := f.caret.at
	column := len([]rune(f.doc.lines[at.line][:at.byte]))
	return f.insert(whole, strings.Repeat(" ", indentWidth-column%indentWidth))
}

// shiftRight moves the selected lines, but for blank ones, to the next stop.
func (f field) shiftRight() field {
	return f.editLines(rightward)
}

func rightward(line string) (at int, removed, inserted string) {
	if isBlank(line) {
		return 0, "", ""
	}
	return 0, "", strings.Repeat(" ", indentWidth-len(indentOf(line))%indentWidth)
}

// dedent moves the cursor's line, or those selected, back to the stop before.
func (f field) dedent() field {
	return f.editLines(leftward)
}

func leftward(line string) (at int, removed, inserted string) {
	indent := indentOf(line)
	stop := max(0, (len(indent)-1)/indentWidth*indentWidth)
	if strings.HasSuffix(indent, "\t") {
		stop = len(indent) - 1
	}
	return stop, indent[stop:], ""
}

// clauses are the words that go on a statement above, and what they may follow.
var clauses = map[string][]string{
	"elif":    {"if", "elif"},
	"else":    {"if", "elif", "for", "while", "try", "except"},
	"except":  {"try", "except"},
	"finally": {"try", "except", "else"},
	"case":    {"case"},
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
		above := firstWord(strings.TrimSpace(line))
		if word == "case" && above == "match" {
			return indent // the first of its cases
		}
		if slices.Contains(clauses[word], above) {
			return here
		}
	}
	return indent
}
