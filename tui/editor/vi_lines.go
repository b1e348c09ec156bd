package editor

import (
	"maps"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// lineMotions leave the line.
func lineMotions() []row {
	away := func(by int) motionOf {
		return reaching(linewise, func(f field, c viCommand) (position, bool) {
			n, ok := f.lineAway(by * c.times())
			return f.firstCharacter(n), ok
		})
	}
	numbered := func(unnumbered func(f field) int) motionOf {
		return reaching(linewise, func(f field, c viCommand) (position, bool) {
			n := unnumbered(f)
			if c.count > 0 {
				n = min(c.count, len(f.doc.lines)) - 1
			}
			return f.firstCharacter(n), true
		})
	}
	return []row{
		{key: "j", does: "down, or a newer cell", motion: vertically(1)},
		{key: "k", does: "up, or an older cell", motion: vertically(-1)},
		{key: "+", does: "first character of the next line", motion: away(1)},
		{key: "-", does: "first character of the line above", motion: away(-1)},
		{key: wholeLines, does: "first character of this line", motion: wholly},
		{key: "gg", does: "first line, or the one of the count", motion: numbered(func(field) int { return 0 })},
		{key: "G", does: "last line, or the one of the count", motion: numbered(func(f field) int { return len(f.doc.lines) - 1 })},
		{key: "{ }", does: "to the empty line before, after", motion: toParagraph},
		{key: "( )", does: "sentence left, right", motion: toSentence},
		{key: "%", does: "to the matching bracket; with a count, that far in percent", motion: toPartner},
		{key: "'", argument: true, does: "to the line of a mark", motion: toMark},
		{key: "`", argument: true, does: "to a mark", motion: toMark},
	}
}

// vertically goes down, or up, as far as there are lines.
func vertically(by int) motionOf {
	return func(m Model, c viCommand) (Model, reach, bool) {
		f := m.field()
		at := f.caret.at
		n, ok := f.lineAway(by * c.times())
		goal := f.goal
		if goal < 0 {
			goal = m.columnOf(at)
		}
		return m, reach{from: at, to: m.atColumn(n, goal), kind: linewise, goal: goal + 1}, ok
	}
}

// lineAway is the line that is some lines down, or up, as far as there are lines; not ok when there are none.
func (f field) lineAway(by int) (n int, ok bool) {
	n = min(max(f.caret.at.line+by, 0), len(f.doc.lines)-1)
	return n, n != f.caret.at.line || by == 0
}

// wholly is the cursor's line and those below it, as many as are counted. To yank them moves nothing.
func wholly(m Model, c viCommand) (Model, reach, bool) {
	f := m.field()
	n, ok := f.lineAway(c.times() - 1)
	to := f.firstCharacter(n)
	if c.operator == "y" {
		to = position{n, f.caret.at.byte}
	}
	return m, reach{from: f.caret.at, to: to, kind: linewise}, ok
}

// toParagraph goes to the next empty line behind text.
func toParagraph(m Model, c viCommand) (Model, reach, bool) {
	f := m.field()
	lines, n, by := f.doc.lines, f.caret.at.line, 1
	if c.key == "{" {
		by = -1
	}
	for left := c.times(); left > 0; left-- {
		skipped := false
		for first := true; ; first = false {
			skipped = skipped || lines[n] != ""
			if !first && skipped && lines[n] == "" {
				break
			}
			if n += by; n < 0 || n >= len(lines) {
				if left > 1 {
					return m, reach{}, false
				}
				n -= by
				break
			}
		}
	}
	r := reach{from: f.caret.at, to: position{line: n}}
	if by > 0 && n == len(lines)-1 && lines[n] != "" {
		r.to, r.kind = f.onCharacter(position{n, len(lines[n])}), inclusive
	}
	return m, r, true
}

// toSentence goes to where a sentence begins: after a full stop and a space, or with a paragraph.
func toSentence(m Model, c viCommand) (Model, reach, bool) {
	f := m.field()
	w := walker{doc: f.doc, at: f.caret.at}
	for n := c.times(); n > 0; n-- {
		if !w.sentence(c.key == ")", n > 1) {
			return m, reach{}, false
		}
	}
	if w.at == f.caret.at {
		return m, reach{}, false
	}
	r := reach{from: f.caret.at, to: w.at}
	if on := f.onCharacter(w.at); on != w.at && c.operator != "" {
		r.to, r.kind = on, inclusive
	}
	return m, r, true
}

func (w *walker) on(characters string) bool {
	return !w.onEnd() && strings.ContainsRune(characters, w.rune())
}

func (w *walker) onSpace() bool { return w.on(" \t") }

const sentenceEnds, sentenceCloses = ".!?", ")]\"'"

// sentence goes one sentence on, or back; with more, another is to follow, and there must be one.
func (w *walker) sentence(forward, more bool) bool {
	step := w.onward
	if !forward {
		step = w.backward
	}
	found := false
	switch {
	case w.onEnd():
		for w.onEnd() && step() != stuck {
		}
		found = forward
	case forward && w.at.byte == 0 && w.onEmptyLine():
		if w.at.line == len(w.doc.lines)-1 {
			return false
		}
		w.at.line++
		found = true
	case !forward:
		w.backward()
	}
	if !found && !w.sentenceEnd(forward, step) {
		return !more
	}
	for w.onSpace() && w.onward() != stuck {
	}
	return true
}

// sentenceEnd goes to the end of the sentence that the cursor is in, or to the one before; false when there is none.
func (w *walker) sentenceEnd(forward bool, step func() int) bool {
	for dot := false; w.on(sentenceEnds + sentenceCloses + " \t"); {
		before := *w
		if before.backward() == stuck || before.onEmptyLine() && forward || dot {
			break
		}
		dot = dot || w.on(sentenceEnds)
		if w.on(sentenceCloses) && !before.on(sentenceEnds+sentenceCloses) {
			break
		}
		w.backward()
	}
	start := w.at.line
	for {
		if w.onEnd() || w.at.byte == 0 && w.onEmptyLine() {
			if !forward && w.at.line != start {
				w.at = position{line: w.at.line + 1}
			}
			return true
		}
		if w.on(sentenceEnds) {
			after := *w
			moved := after.forward()
			for moved != stuck && after.on(sentenceCloses) {
				moved = after.forward()
			}
			if moved == stuck || after.onEnd() || after.onSpace() {
				if w.at = after.at; w.onEnd() {
					w.forward()
				}
				return true
			}
		}
		if step() == stuck {
			return false
		}
	}
}

// toPartner goes to the partner of the bracket under the cursor, or of the first after it in the line.
func toPartner(m Model, c viCommand) (Model, reach, bool) {
	f := m.field()
	p := f.caret.at
	if c.count > 0 {
		n := (min(c.count, 100)*len(f.doc.lines) + 99) / 100
		return m, reach{from: p, to: f.firstCharacter(n - 1), kind: linewise}, c.count <= 100
	}
	for line := f.doc.lines[p.line]; p.byte < len(line); p.byte++ {
		if isBracket(line[p.byte]) {
			other, ok := f.doc.partner(p)
			return m, reach{from: f.caret.at, to: other, kind: inclusive}, ok
		}
	}
	return m, reach{}, false
}

// marks are places by their letters, never changed: each change makes other ones.
type marks map[string]position

// What marks are called that keys set by themselves.
const (
	insertMark   = "^" // where insert mode was left
	anchorMark   = "<" // what visual mode had selected
	selectedMark = ">"
)

func (f field) marked(name string, p position) field {
	f.vi.marks = maps.Clone(f.vi.marks)
	if f.vi.marks == nil {
		f.vi.marks = marks{}
	}
	f.vi.marks[name] = p
	return f
}

// mark is where a mark is, or the nearest place to it that is left.
func (f field) mark(name string) (p position, ok bool) {
	p, ok = f.vi.marks[name]
	p.line = min(p.line, len(f.doc.lines)-1)
	p.byte = min(p.byte, len(f.doc.lines[p.line]))
	return f.snap(p), ok
}

// after are the marks once an edit is made: they keep to their lines.
func (m marks) after(at position, removed, inserted string) marks {
	lines := strings.Count(inserted, "\n") - strings.Count(removed, "\n")
	if len(m) == 0 || lines == 0 {
		return m
	}
	end := at.advance(removed)
	moved := maps.Clone(m)
	for name, p := range m {
		if p.line > end.line || p.line == end.line && (end.line > at.line || at.byte == 0 && end == at) {
			p.line += lines
			moved[name] = p
		}
	}
	return moved
}

func toMark(m Model, c viCommand) (Model, reach, bool) {
	f := m.field()
	p, ok := f.mark(c.argument)
	if c.key == "'" {
		return m, reach{from: f.caret.at, to: f.firstCharacter(p.line), kind: linewise}, ok
	}
	return m, reach{from: f.caret.at, to: p}, ok
}

func setMark(m Model, c viCommand) (Model, tea.Cmd) {
	if len(c.argument) != 1 || c.argument < "a" || c.argument > "z" {
		return m, nil
	}
	return m.with(m.field().marked(c.argument, m.field().caret.at)), nil
}
