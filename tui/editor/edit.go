package editor

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// insert puts text in the place of the selection.
func (f field) insert(k kind, text string) field {
	from, to := f.caret.ordered()
	if from != to {
		k = whole
	}
	return f.replace(k, from, to, text)
}

// typed puts in what a key says. A colon or a closing bracket may show that the line stands too far to the right.
func (m Model) typed(text string) Model {
	f := m.field().insert(typing, m.fit(text))
	if m.reading == nil && !f.doc.states[f.caret.at.line].InString() {
		f = f.dedentTyped(text)
	}
	return m.with(f)
}

// fit is text as the field can hold it: an answer to input() is one line.
func (m Model) fit(text string) string {
	text = clean(text)
	if m.reading != nil {
		text = strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", " ")
	}
	return text
}

func (f field) backspace() field {
	from, to := f.caret.ordered()
	if from == to {
		if from = left(f); from.line == to.line && isSpaces(f.doc.lines[to.line][:to.byte]) {
			from.byte = (to.byte - 1) / indentWidth * indentWidth
		}
	}
	return f.replace(erasing, from, to, "")
}

func isSpaces(s string) bool { return strings.Trim(s, " ") == "" }

func (f field) delete() field {
	from, to := f.caret.ordered()
	if from == to {
		to = right(f)
	}
	return f.replace(erasing, from, to, "")
}

// newline starts a line where the cursor is, indented by what is above.
func (f field) newline() field {
	from, _ := f.caret.ordered()
	above := f.linesBefore(from)
	return f.breakLine(above, analyse(above))
}

// breakLine is newline when what is above the selection, or the cursor, is analysed already.
func (f field) breakLine(above []string, a analysis) field {
	from, to := f.caret.ordered()
	indent := strings.Repeat(" ", a.indent(above[len(above)-1]))
	if !a.open {
		// Spaces around the break would be left over: at the end of a line, or before what the new indentation moves.
		from.byte = len(strings.TrimRight(above[len(above)-1], " \t"))
		rest := f.doc.lines[to.line][to.byte:]
		if !isBlank(rest) {
			to.byte += len(indentOf(rest))
		}
	}
	return f.replace(whole, from, to, "\n"+indent)
}

// linesBefore is the text up to a position.
func (f field) linesBefore(p position) []string {
	lines := slices.Clone(f.doc.lines[:p.line+1])
	lines[p.line] = lines[p.line][:p.byte]
	return lines
}

func (f field) blankBelow(line int) bool {
	for _, l := range f.doc.lines[line+1:] {
		if !isBlank(l) {
			return false
		}
	}
	return true
}

func toLineStart(f field) position {
	if f.caret.at.byte == 0 {
		return left(f)
	}
	return position{f.caret.at.line, 0}
}

func toLineEnd(f field) position {
	if end := lineEnd(f); end != f.caret.at {
		return end
	}
	return right(f)
}

func selectAll(m Model) Model {
	f := m.field()
	f.caret.anchor = position{}
	return m.with(f.move(f.doc.end(), true))
}

func unselect(m Model) Model {
	f := m.field()
	return m.with(f.move(f.caret.at, false))
}

// vertical moves by visual rows and aims for the column that the first such move started from.
func (m Model) vertical(rows int, extend bool) Model {
	f := m.field()
	row, column := m.layout.locate(f.doc, f.caret.at)
	goal := f.goal
	if goal < 0 {
		goal = column
	}
	to, moved := m.layout.down(f.doc, row, rows)
	p := m.layout.at(f.doc, to, goal)
	if moved != rows { // the edge: to the very start or end
		p = position{}
		if rows > 0 {
			p = f.doc.end()
		}
	}
	f = f.move(p, extend)
	f.goal = goal
	return m.with(f)
}

func (m Model) upOrRecall() (Model, tea.Cmd) {
	row, _ := m.layout.locate(m.field().doc, m.field().caret.at)
	if row == (rowPosition{}) && m.reading == nil {
		return m, send(RecallMsg{Older: true})
	}
	return m.vertical(-1, false), nil
}

func (m Model) downOrRecall() (Model, tea.Cmd) {
	f := m.field()
	row, _ := m.layout.locate(f.doc, f.caret.at)
	if _, moved := m.layout.down(f.doc, row, 1); moved == 0 && m.reading == nil {
		return m, send(RecallMsg{})
	}
	return m.vertical(1, false), nil
}
