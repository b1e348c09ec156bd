package editor

import tea "charm.land/bubbletea/v2"

// visualActions are what visual mode has beside motions, objects and operators.
func visualActions() []row {
	// short is an operator by another key; with lines it is about whole lines.
	short := func(key, does, operator string, lines bool) row {
		return row{key: key, does: does, changes: operator != "y", run: func(m Model, c viCommand) (Model, tea.Cmd) {
			switch {
			case lines && c.shape != nil:
				s := *c.shape
				s.mode, c.shape = viLines, &s
			case lines:
				f := m.field()
				f.vi.mode = viLines
				m = m.put(f)
			}
			c.operator, c.key = operator, ""
			return viGrammar.operators[operator].run(m, c)
		}}
	}
	switchTo := func(mode viMode) func(m Model, c viCommand) (Model, tea.Cmd) {
		return func(m Model, _ viCommand) (Model, tea.Cmd) {
			f := m.field()
			if f.vi.mode == mode {
				return m.with(f.unvisual()), nil
			}
			f.vi.mode = mode
			return m.with(f), nil
		}
	}
	swap := func(m Model, _ viCommand) (Model, tea.Cmd) {
		f := m.field()
		f.caret.at, f.caret.anchor = f.caret.anchor, f.caret.at
		f.goal = -1
		return m.with(f), nil
	}
	insert := func(m Model, c viCommand) (Model, tea.Cmd) {
		f := m.field()
		r := f.selectedRegion("y")
		p := position{r.from.line, len(indentOf(f.doc.lines[r.from.line]))}
		if c.key == "A" {
			p = r.to
		}
		return m.put(f.unvisual().move(p, false)).insertHere(false), nil
	}
	return []row{
		short("x delete", "", "d", false), short("X D", "delete the selected lines", "d", true), short("s", "", "c", false),
		short("S C R", "change the selected lines", "c", true), short("Y", "", "y", true),
		short("~", "", "g~", false), short("u", "", "gu", false), short("U", "", "gU", false),
		{key: "r", argument: true, changes: true, run: replaceSelected},
		{key: "J gJ", changes: true, run: func(m Model, c viCommand) (Model, tea.Cmd) {
			f := m.field()
			if c.shape != nil {
				f = f.shaped(*c.shape)
			}
			from, to := f.caret.ordered()
			last := to.line
			if last == from.line {
				last = min(last+1, len(f.doc.lines)-1)
			}
			start := f.selectedRegion("J").from
			return m.with(f.unvisual().moveQuietly(start).join(from.line, last, c.key == "J")), nil
		}},
		{key: "p P", changes: true, run: Model.putOver},
		{key: "o O", does: "to the selection's other end", run: swap},
		{key: "I A", changes: true, run: insert},
		{key: "v", run: switchTo(viVisual)},
		{key: "V", run: switchTo(viLines)},
		{key: "gv", run: selectAgain},
	}
}

// unvisual goes from visual mode to normal mode. What was selected is remembered.
func (f field) unvisual() field {
	if !f.vi.mode.visual() {
		return f
	}
	f = f.marked(anchorMark, f.caret.anchor).marked(selectedMark, f.caret.at)
	f.vi.selected, f.vi.mode = f.vi.mode, viNormal
	f.caret = collapsed(f.caret.at)
	return f
}

// exclusive is normal mode with what was selected as a selection without vi, which ends before its last character.
func (f field) exclusive() field {
	from, to := f.selection()
	f = f.unvisual()
	f.caret = caret{at: to, anchor: from}
	return f
}

// selection is what is selected, from its start to its end.
func (f field) selection() (from, to position) {
	from, to = f.caret.ordered()
	last := to.line == len(f.doc.lines)-1
	switch end := len(f.doc.lines[to.line]); {
	case f.vi.mode == viLines && last:
		return position{line: from.line}, position{to.line, end}
	case f.vi.mode == viLines:
		return position{line: from.line}, position{line: to.line + 1}
	case f.vi.mode == viVisual && to.byte < end:
		to.byte = nextCluster(f.doc.lines[to.line], to.byte)
	case f.vi.mode == viVisual && !last:
		to = position{line: to.line + 1}
	}
	return from, to
}

// selectedRegion is what is selected, for an operator: those that are about lines do not take in the end of the last one.
func (f field) selectedRegion(operator string) region {
	from, to := f.caret.ordered()
	if f.vi.mode == viLines {
		to.byte = len(f.doc.lines[to.line])
		if f.caret.at.line >= f.caret.anchor.line {
			from.byte = 0
		}
		return region{from, to, true}
	}
	onEnd := to.byte >= len(f.doc.lines[to.line])
	if from, end := f.selection(); !(onEnd && (operator == "<" || operator == ">")) {
		return region{from, end, false}
	}
	return region{from, to, false}
}

// shape is the size of a selection, by which . selects again.
type shape struct {
	mode    viMode
	lines   int // below the first
	columns int // clusters in the last line, or in the only one; -1 to the end of the line
}

func (f field) shape() *shape {
	from, to := f.caret.ordered()
	s := &shape{mode: f.vi.mode, lines: to.line - from.line}
	if s.lines > 0 {
		from = position{line: to.line}
	}
	if line := f.doc.lines[to.line]; to.byte >= len(line) && line != "" || f.goal >= lineEdgeGoal {
		s.columns = -1
		return s
	}
	for p := from.byte; p < to.byte; p = nextCluster(f.doc.lines[to.line], p) {
		s.columns++
	}
	return s
}

// shaped selects as much again, from the cursor on.
func (f field) shaped(s shape) field {
	f.vi.mode = s.mode
	f.caret.anchor = f.caret.at
	p := f.caret.at
	if s.lines > 0 {
		p = position{line: min(p.line+s.lines, len(f.doc.lines)-1)}
	}
	line := f.doc.lines[p.line]
	for n := s.columns; n > 0 && p.byte < len(line); n-- {
		p.byte = nextCluster(line, p.byte)
	}
	if p = f.onCharacter(p); s.columns < 0 {
		p.byte = len(line)
	}
	f.caret.at = p
	return f
}

// selectObject takes a text object into the selection.
func (m Model) selectObject(r reach) Model {
	f := m.field()
	switch {
	case r.kind == linewise:
		f.vi.mode = viLines
		r.from = f.clamp(position{r.from.line, f.caret.anchor.byte})
	case f.vi.mode == viLines:
		f.vi.mode = viVisual
	}
	if r.kind == exclusive && r.to != r.from {
		w := walker{doc: f.doc, at: r.to}
		w.back()
		r.to = w.at
	}
	f.caret = caret{at: r.to, anchor: r.from}
	f.goal = -1
	return m.with(f)
}

func selectAgain(m Model, _ viCommand) (Model, tea.Cmd) {
	f := m.field()
	anchor, known := f.mark(anchorMark)
	at, _ := f.mark(selectedMark)
	if !known {
		return m, nil
	}
	mode := f.vi.selected
	f = f.unvisual()
	f.vi.mode, f.caret = mode, caret{at, anchor}
	return m.with(f), nil
}

// replaceSelected makes every selected character the same one.
func replaceSelected(m Model, c viCommand) (Model, tea.Cmd) {
	f := m.field()
	if c.shape != nil {
		f = f.shaped(*c.shape)
	}
	r := f.selectedRegion("r")
	f = f.unvisual().moveQuietly(r.from)
	if c.argument == "space" {
		c.argument = " "
	}
	with := m.fit(c.argument)
	if with == "" || c.argument == "enter" || c.argument == "esc" {
		return m.with(f), nil
	}
	if r.lines {
		r.from.byte = 0
	}
	text, put := f.text(r), ""
	for i := 0; i < len(text); {
		next := nextCluster(text, i)
		if text[i] == '\n' {
			put += "\n"
		} else {
			put += with
		}
		i = next
	}
	from := r.from
	to := from.advance(text)
	return m.with(f.replace(whole, from, to, put).placed(from)), nil
}
