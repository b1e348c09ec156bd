package editor

import (
	"slices"
	"strings"
)

// block is the lines that the selection touches, or the cursor's, first and last.
func (f field) block() (first, last int) {
	from, to := f.caret.ordered()
	if to.byte == 0 && to.line > from.line {
		to.line-- // nothing of the last line is selected
	}
	return from.line, to.line
}

// editLines changes each line of the selection at one place, as one step, and leaves cursor and selection on the characters
// that they were on. An edit whose removed and inserted are empty leaves its line alone.
func (f field) editLines(change func(line string) (at int, removed, inserted string)) field {
	first, last := f.block()
	c := f.caret
	var edits []edit
	for n := first; n <= last; n++ {
		at, removed, inserted := change(f.doc.lines[n])
		if removed == inserted {
			continue
		}
		edits = append(edits, edit{position{n, at}, removed, inserted})
		for _, p := range []*position{&c.at, &c.anchor} {
			// A selection's end at the start of its line stays there, so that all of the line is selected still.
			if p.line == n && p.byte >= at && (p.byte > 0 || !f.caret.selecting()) {
				p.byte = max(at, p.byte+len(inserted)-len(removed))
			}
		}
	}
	if edits == nil {
		return f
	}
	return f.apply(whole, edits...).placing(c)
}

const commentSign = "#"

// comment turns the selected lines into comments, or, when all of them are, back into code.
func (f field) comment() field {
	first, last := f.block()
	column, off := -1, true
	for _, line := range f.doc.lines[first : last+1] {
		if isBlank(line) {
			continue
		}
		indent := len(indentOf(line))
		if column < 0 || indent < column {
			column = indent
		}
		off = off && strings.HasPrefix(line[indent:], commentSign)
	}
	return f.editLines(func(line string) (int, string, string) {
		switch indent := len(indentOf(line)); {
		case isBlank(line):
			return 0, "", ""
		case !off:
			return column, "", commentSign + " "
		case strings.HasPrefix(line[indent:], commentSign+" "):
			return indent, commentSign + " ", ""
		default:
			return indent, commentSign, ""
		}
	})
}

// moveLines takes the selected lines over the line above or below them.
func (f field) moveLines(by int) field {
	first, last := f.block()
	over := first - 1
	if by > 0 {
		over = last + 1
	}
	if over < 0 || over >= len(f.doc.lines) {
		return f
	}
	from, to := min(first, over), max(last, over)
	lines := slices.Clone(f.doc.lines[from : to+1])
	if by < 0 {
		lines = append(lines[1:], lines[0])
	} else {
		lines = slices.Insert(lines[:len(lines)-1], 0, lines[len(lines)-1])
	}
	c := f.caret
	c.at.line += by
	c.anchor.line += by
	if last := len(f.doc.lines) - 1; c.at.line > last || c.anchor.line > last { // the selection ended below the last line moved
		for _, p := range []*position{&c.at, &c.anchor} {
			if p.line > last {
				*p = position{last, len(lines[len(lines)-1])}
			}
		}
	}
	return f.replace(whole, position{line: from}, position{to, len(f.doc.lines[to])}, strings.Join(lines, "\n")).placing(c)
}

// duplicate puts the selected lines there twice; the cursor is on the lower ones, or with above on the upper ones.
func (f field) duplicate(above bool) field {
	first, last := f.block()
	c, start := f.caret, position{line: first}
	text := strings.Join(f.doc.lines[first:last+1], "\n")
	f = f.replace(whole, start, start, text+"\n")
	if !above {
		n := last - first + 1
		c.at.line += n
		c.anchor.line += n
	}
	return f.placing(c)
}
