package editor

import (
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
)

// region is text that an operator is about: up to to, or whole lines.
type region struct {
	from, to position
	lines    bool
}

func (r region) empty() bool { return !r.lines && r.from == r.to }

// operators are what is done to the text that a motion goes over, or to what is selected.
func operators() []row {
	operator := func(key, does string, changes bool, do func(m Model, c viCommand, r region) (Model, tea.Cmd)) row {
		return row{key: key, does: does, changes: changes, run: func(m Model, c viCommand) (Model, tea.Cmd) { return m.operate(c, do) }}
	}
	const twice = "; twice: lines"
	recase := func(change func(string) string) func(Model, viCommand, region) (Model, tea.Cmd) {
		return func(m Model, _ viCommand, r region) (Model, tea.Cmd) { return m.recased(r, change), nil }
	}
	return []row{
		operator("d", "delete what a motion goes over"+twice, true, Model.deleteRegion),
		operator("c", "change: delete, and insert"+twice, true, Model.changeRegion),
		operator("y", "yank: keep a copy"+twice, false, Model.yankRegion),
		operator(">", "indent lines"+twice, true, Model.shiftRegion),
		operator("<", "dedent lines"+twice, true, Model.shiftRegion),
		operator("g~", "swap the case", true, recase(swapCase)),
		operator("gu", "make letters small", true, recase(strings.ToLower)),
		operator("gU", "make letters capital", true, recase(strings.ToUpper)),
	}
}

// operate finds the text that an operator is about.
func (m Model) operate(c viCommand, do func(m Model, c viCommand, r region) (Model, tea.Cmd)) (Model, tea.Cmd) {
	switch {
	case c.shape != nil:
		m = m.put(m.field().shaped(*c.shape))
		fallthrough
	case m.mode().visual():
		f := m.field()
		r := f.selectedRegion(c.operator)
		return do(m.put(f.unvisual().moveQuietly(r.from)), c, r)
	case c.key == "/" || c.key == "?":
		return m.lookFor(c, func(m Model, to position) (Model, tea.Cmd) {
			return m.over(c, reach{from: m.code.caret.at, to: to}, do)
		}), nil
	}
	next, r, ok := viGrammar.operand(c).motion(m, c)
	if !ok {
		return next, nil
	}
	return next.over(c, r, do)
}

func (g *grammar) operand(c viCommand) row {
	found, _ := g.lookUp(c.key, true, false)
	return found
}

// over does it to what a motion goes over.
func (m Model) over(c viCommand, r reach, do func(m Model, c viCommand, r region) (Model, tea.Cmd)) (Model, tea.Cmd) {
	f := m.field()
	area := f.region(r, c.operator)
	if viGrammar.operators[c.operator].changes {
		m.vi.change = change{command: c} // even where it finds nothing to change
	}
	if area.empty() && strings.HasPrefix(c.operator, "g") {
		return m, nil
	}
	return do(m.put(f.moveQuietly(area.from)), c, area)
}

// region is what of the text a reach is about, by vi's rules.
func (f field) region(r reach, operator string) region {
	from, to := r.from, r.to
	if to.before(from) {
		from, to = to, from
	}
	switch r.kind {
	case linewise:
		return region{from, to, true}
	case inclusive:
		to.byte = nextCluster(f.doc.lines[to.line], to.byte)
	default:
		if to.line > from.line && to.byte == 0 { // the end of a line is meant, and from a line's start the line
			to = position{to.line - 1, len(f.doc.lines[to.line-1])}
			if f.inIndent(from) {
				return region{from, to, true}
			}
		}
	}
	if operator == "d" && to.line > from.line && f.inIndent(from) && isBlank(f.doc.lines[to.line][to.byte:]) {
		return region{from, to, true}
	}
	return region{from, to, false}
}

func (f field) inIndent(p position) bool { return len(indentOf(f.doc.lines[p.line])) >= p.byte }

// moveQuietly puts the cursor where undoing the command shall bring it.
func (f field) moveQuietly(p position) field {
	goal := f.goal
	f = f.move(p, false)
	f.goal = goal
	return f
}

// text is what of the text a region is: lines without the last one's end.
func (f field) text(r region) string {
	if r.lines {
		return f.doc.between(position{line: r.from.line}, position{r.to.line, len(f.doc.lines[r.to.line])})
	}
	return f.doc.between(r.from, r.to)
}

func (m Model) deleteRegion(c viCommand, r region) (Model, tea.Cmd) {
	f := m.field()
	m, cmd := m.keep(c, register{f.text(r), r.lines}, true)
	if !r.lines {
		return m.with(f.replace(whole, r.from, r.to, "")), cmd
	}
	f = f.withoutLines(r.from.line, r.to.line)
	return m.with(f.placed(f.firstCharacter(f.caret.at.line))), cmd
}

// withoutLines takes lines out; the cursor is on the line that follows, or the last.
func (f field) withoutLines(first, last int) field {
	from, to := position{line: first}, position{line: last + 1}
	if last == len(f.doc.lines)-1 {
		to = f.doc.end()
		if first > 0 {
			from = position{first - 1, len(f.doc.lines[first-1])}
		}
	}
	f = f.replace(whole, from, to, "")
	return f.placed(position{line: min(first, len(f.doc.lines)-1)})
}

// placed is placing, where there may have been nothing to edit.
func (f field) placed(p position) field {
	if f.past == nil {
		return f.move(p, false)
	}
	return f.placing(collapsed(p))
}

func (m Model) changeRegion(c viCommand, r region) (Model, tea.Cmd) {
	f := m.field()
	m, cmd := m.keep(c, register{f.text(r), r.lines}, true)
	if r.lines {
		r.from.byte = len(indentOf(f.doc.lines[r.from.line]))
		r.to.byte = len(f.doc.lines[r.to.line])
		f = f.moveQuietly(r.from)
	}
	f = f.replace(whole, r.from, r.to, "")
	if f.caret.at != r.from {
		f = f.move(r.from, false)
	}
	return m.put(f).insertHere(r.lines), cmd
}

func (m Model) yankRegion(c viCommand, r region) (Model, tea.Cmd) {
	m, cmd := m.keep(c, register{m.field().text(r), r.lines}, false)
	return m.with(m.field().moveQuietly(r.from)), cmd
}

// shiftRegion moves lines to the next stop, or to the one before; the count says how far when the lines were selected.
func (m Model) shiftRegion(c viCommand, r region) (Model, tea.Cmd) {
	change, n := func(line string) (at int, removed, inserted string) {
		if line == "" {
			return 0, "", ""
		}
		return rightward(line + ".") // vi moves lines of spaces too
	}, 1
	if c.operator == "<" {
		change = leftward
	}
	if c.key == "" {
		n = c.times()
	}
	f := m.field()
	lines := slices.Clone(f.doc.lines[r.from.line : r.to.line+1])
	for i, line := range lines {
		for range min(n, maxShift) {
			at, removed, inserted := change(line)
			line = line[:at] + inserted + line[at+len(removed):]
		}
		lines[i] = line
	}
	f = f.replace(whole, position{line: r.from.line}, position{r.to.line, len(f.doc.lines[r.to.line])}, strings.Join(lines, "\n"))
	f = f.move(f.firstCharacter(r.from.line), false)
	return m.with(f), nil
}

func (m Model) recased(r region, change func(string) string) Model {
	f := m.field()
	at := r.from
	if r.lines {
		r.from.byte, r.to.byte = 0, len(f.doc.lines[r.to.line])
	}
	if text := f.doc.between(r.from, r.to); change(text) != text {
		f = f.replace(whole, r.from, r.to, change(text))
	}
	return m.with(f.move(at, false))
}

func swapCase(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, text)
}
