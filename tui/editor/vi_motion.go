package editor

import (
	"math"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// reachKind tells what of the text from the cursor to where a motion goes is operated on.
type reachKind uint8

const (
	exclusive reachKind = iota // up to there
	inclusive                  // and the character there
	linewise                   // the lines, as a whole
)

// reach is where a motion goes, or what a text object is, from one place to another.
type reach struct {
	from, to position
	kind     reachKind
	goal     int  // the column plus one that up and down aim for from there; 0 for where it goes
	object   bool // from is not where the cursor is
}

// A motionOf is what a key is to an operator; alone it moves the cursor. It is not ok when there is nowhere to go.
type motionOf func(m Model, c viCommand) (Model, reach, bool)

// lineEdgeGoal is the column that $ aims for: the end, however long a line is.
const lineEdgeGoal = math.MaxInt32

func reaching(kind reachKind, to func(f field, c viCommand) (position, bool)) motionOf {
	return func(m Model, c viCommand) (Model, reach, bool) {
		f := m.field()
		p, ok := to(f, c)
		return m, reach{from: f.caret.at, to: p, kind: kind}, ok
	}
}

// charMotions stay in the line.
func charMotions() []row {
	return []row{
		{key: "h", does: "left", motion: reaching(exclusive, func(f field, c viCommand) (position, bool) {
			p := f.caret.at
			for n := c.times(); n > 0 && p.byte > 0; n-- {
				p.byte = prevCluster(f.doc.lines[p.line], p.byte)
			}
			return p, p != f.caret.at || c.operator != ""
		})},
		{key: "l", does: "right", motion: reaching(exclusive, func(f field, c viCommand) (position, bool) {
			p, line := f.caret.at, f.doc.lines[f.caret.at.line]
			for n := c.times(); n > 0 && p.byte < len(line); n-- {
				p.byte = nextCluster(line, p.byte)
			}
			if c.operator == "" {
				p = f.onCharacter(p)
			}
			return p, p != f.caret.at || c.operator != ""
		})},
		{key: "0", does: "start of the line", motion: reaching(exclusive, func(f field, _ viCommand) (position, bool) {
			return position{line: f.caret.at.line}, true
		})},
		{key: "^", does: "first character of the line", motion: reaching(exclusive, func(f field, _ viCommand) (position, bool) {
			return f.firstCharacter(f.caret.at.line), true
		})},
		{key: "$", does: "end of the line", motion: toEndOfLine},
		{key: "g_", does: "last character of the line", motion: reaching(inclusive, func(f field, c viCommand) (position, bool) {
			n, ok := f.lineAway(c.times() - 1)
			line := strings.TrimRight(f.doc.lines[n], " \t")
			if line == "" {
				return position{line: n}, ok
			}
			return position{n, prevCluster(line, len(line))}, ok
		})},
		{key: "|", does: "to the column of the count", motion: func(m Model, c viCommand) (Model, reach, bool) {
			f := m.field()
			return m, reach{from: f.caret.at, to: m.atColumn(f.caret.at.line, c.times()-1), goal: c.times()}, true
		}},
		{key: "f F", argument: true, does: "to a character in the line, backwards", motion: toChar},
		{key: "t T", argument: true, does: "to before a character, backwards to behind it", motion: toChar},
		{key: "; ,", does: "the latest f, F, t or T again, the other way", motion: toCharAgain},
	}
}

func toEndOfLine(m Model, c viCommand) (Model, reach, bool) {
	f := m.field()
	n, ok := f.lineAway(c.times() - 1)
	to := position{n, len(f.doc.lines[n])}
	if f.vi.mode.visual() {
		return m, reach{from: f.caret.at, to: to, kind: inclusive, goal: lineEdgeGoal + 1}, ok
	}
	return m, reach{from: f.caret.at, to: f.onCharacter(to), kind: inclusive, goal: lineEdgeGoal + 1}, ok
}

// firstCharacter is the first place in a line that is not space, or its last character.
func (f field) firstCharacter(line int) position {
	return f.onCharacter(position{line, len(indentOf(f.doc.lines[line]))})
}

// atColumn is the place in a line nearest to a column.
func (m Model) atColumn(line, column int) position {
	f := m.field()
	p := position{line: line}
	m.layout.cells(f.doc.lines[line], 0, func(c cell) bool {
		if p.byte = c.from; c.column+c.width > column {
			return false
		}
		p.byte = c.to
		return true
	})
	if f.vi.mode.visual() {
		return p
	}
	return f.onCharacter(p)
}

func (m Model) columnOf(p position) (column int) {
	m.layout.cells(m.field().doc.lines[p.line], 0, func(c cell) bool {
		column = c.column
		return c.to <= p.byte
	})
	return column
}

// charFind is a character that was looked for in a line, by f, F, t or T.
type charFind struct{ key, char string }

func toChar(m Model, c viCommand) (Model, reach, bool) {
	m.vi.charFind = charFind{c.key, c.argument}
	return m.toFound(m.vi.charFind, c, false)
}

func toCharAgain(m Model, c viCommand) (Model, reach, bool) {
	find := m.vi.charFind
	if c.key == "," && find.key != "" {
		find.key = map[string]string{"f": "F", "F": "f", "t": "T", "T": "t"}[find.key]
	}
	return m.toFound(find, c, c.times() == 1)
}

// toFound goes to a character. With over, one that the cursor is already next to does not count.
func (m Model) toFound(find charFind, c viCommand, over bool) (Model, reach, bool) {
	f := m.field()
	if find.key == "" || find.char == "" {
		return m, reach{}, false
	}
	line, p, n := f.doc.lines[f.caret.at.line], f.caret.at, c.times()
	forward, until := find.key == "f" || find.key == "t", find.key == "t" || find.key == "T"
	for first := true; n > 0; first = false {
		if forward {
			if p.byte >= len(line) {
				return m, reach{}, false
			}
			if p.byte = nextCluster(line, p.byte); p.byte >= len(line) {
				return m, reach{}, false
			}
		} else {
			if p.byte == 0 {
				return m, reach{}, false
			}
			p.byte = prevCluster(line, p.byte)
		}
		if line[p.byte:nextCluster(line, p.byte)] == find.char && !(first && over && until) {
			n--
		}
	}
	r := reach{from: f.caret.at, to: p}
	if forward {
		r.kind = inclusive
		if until {
			r.to.byte = prevCluster(line, p.byte)
		}
	} else if until {
		r.to.byte = nextCluster(line, p.byte)
	}
	return m, r, true
}

// move is a motion alone.
func moveBy(motion motionOf) func(m Model, c viCommand) (Model, tea.Cmd) {
	return func(m Model, c viCommand) (Model, tea.Cmd) {
		next, r, ok := motion(m, c)
		f := next.field()
		switch {
		case !ok && !f.vi.mode.visual() && m.reading == nil && (c.key == "k" || c.key == "j"):
			return m, send(RecallMsg{Older: c.key == "k"})
		case !ok:
			return next, nil
		}
		if r.object {
			return next.selectObject(r), nil
		}
		f = f.move(r.to, f.vi.mode.visual())
		f.goal = r.goal - 1
		return next.with(f), nil
	}
}
