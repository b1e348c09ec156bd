package editor

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// editActions change the text where the cursor is.
func editActions() []row {
	// short is a command that an operator and a motion say too.
	short := func(key, does, operator, motion string) row {
		return row{key: key, does: does, changes: operator != "y", run: func(m Model, c viCommand) (Model, tea.Cmd) {
			c.operator, c.key = operator, motion
			return viGrammar.operators[operator].run(m, c)
		}}
	}
	return []row{
		short("x", "delete the character", "d", "l"),
		short("X", "delete the character before", "d", "h"),
		short("D", "delete to the end of the line", "d", "$"),
		short("C", "change to the end of the line", "c", "$"),
		short("s", "change the character", "c", "l"),
		short("S", "change the line", "c", wholeLines),
		short("Y", "yank the line", "y", wholeLines),
		{key: "r", argument: true, does: "replace the character", changes: true, run: replaceChars},
		{key: "~", does: "swap the case of the character", changes: true, run: swapChars},
		{key: "J", does: "join the line with the next", changes: true, run: joinLines},
		{key: "gJ", does: "join lines without a space", changes: true, run: joinLines},
		{key: "p", does: "put what was deleted or yanked behind the cursor", changes: true, run: Model.putBack},
		{key: "P", does: "put it before the cursor", changes: true, run: Model.putBack},
	}
}

// otherActions do not change the text, or what they change is no change to repeat.
func otherActions() []row {
	times := func(do func(f field) field) func(m Model, c viCommand) (Model, tea.Cmd) {
		return func(m Model, c viCommand) (Model, tea.Cmd) {
			f := m.field()
			for range c.times() {
				f = do(f)
			}
			f.caret = collapsed(f.clamp(f.caret.at))
			return m.with(f), nil
		}
	}
	visual := func(mode viMode) func(m Model, c viCommand) (Model, tea.Cmd) {
		return func(m Model, _ viCommand) (Model, tea.Cmd) {
			f := m.field()
			f.vi.mode = mode
			f.caret = collapsed(f.caret.at)
			return m.with(f), nil
		}
	}
	return []row{
		{key: "u", does: "undo", run: times(field.undo)},
		{key: "ctrl+r", does: "redo", run: times(func(f field) field {
			if f.future == nil {
				return f
			}
			before := f.future.before
			f = f.redo()
			f.caret = before
			return f
		})},
		{key: ".", does: "do the latest change again", run: repeat},
		{key: "v", does: "select characters", run: visual(viVisual)},
		{key: "V", does: "select lines", run: visual(viLines)},
		{key: "gv", does: "select again what was selected", run: selectAgain},
		{key: "K", does: "docs of the word", run: func(m Model, _ viCommand) (Model, tea.Cmd) { return m, send(DocsMsg{}) }},
		{key: ":", does: "every command by name", run: func(m Model, _ viCommand) (Model, tea.Cmd) { return m, send(CommandMsg{}) }},
		{key: "m", argument: true, does: "set a mark, a to z", run: setMark},
	}
}

// clamp is the nearest place to p that the text has.
func (f field) clamp(p position) position {
	p.line = min(p.line, len(f.doc.lines)-1)
	p.byte = min(p.byte, len(f.doc.lines[p.line]))
	return f.snap(p)
}

func replaceChars(m Model, c viCommand) (Model, tea.Cmd) {
	f := m.field()
	p, line := f.caret.at, f.doc.lines[f.caret.at.line]
	end := p
	for range c.times() {
		if end.byte >= len(line) {
			return m, nil
		}
		end.byte = nextCluster(line, end.byte)
	}
	switch {
	case c.argument == "enter" && m.reading == nil:
		f.caret.anchor = end
		return m.with(f.newline()), nil
	case c.argument == "esc" || c.argument == "enter":
		return m, nil
	case c.argument == "space":
		c.argument = " "
	}
	f = f.replace(whole, p, end, repeatedText(m.fit(c.argument), c.times()))
	return m.with(f.placed(left(f))), nil
}

func swapChars(m Model, c viCommand) (Model, tea.Cmd) {
	f := m.field()
	p, line := f.caret.at, f.doc.lines[f.caret.at.line]
	end := p
	for n := c.times(); n > 0 && end.byte < len(line); n-- {
		end.byte = nextCluster(line, end.byte)
	}
	if end == p {
		return m, nil
	}
	return m.with(f.replace(whole, p, end, swapCase(line[p.byte:end.byte]))), nil
}

func joinLines(m Model, c viCommand) (Model, tea.Cmd) {
	f := m.field()
	n := f.caret.at.line
	last := n + max(c.times(), 2) - 1
	if last >= len(f.doc.lines) {
		if c.times() <= 2 {
			return m, nil
		}
		last = len(f.doc.lines) - 1
	}
	return m.with(f.join(n, last, c.key == "J")), nil
}

// join makes lines one. With spaces, one takes the place of the indentation, where there is something on both sides.
func (f field) join(first, last int, spaces bool) field {
	if first == last {
		return f
	}
	var joined strings.Builder
	joined.WriteString(f.doc.lines[first])
	at, end := 0, lastByte(f.doc.lines[first])
	for _, line := range f.doc.lines[first+1 : last+1] {
		if spaces {
			line = strings.TrimLeft(line, " \t")
		}
		at = joined.Len()
		if spaces && line != "" && line[0] != ')' && end != 0 && end != ' ' {
			joined.WriteByte(' ')
		}
		joined.WriteString(line)
		if line != "" {
			end = lastByte(line)
		}
	}
	f = f.replace(whole, position{line: first}, position{last, len(f.doc.lines[last])}, joined.String())
	return f.placed(position{first, at})
}

// lastByte is 0 where there is none.
func lastByte(line string) byte {
	if line == "" {
		return 0
	}
	return line[len(line)-1]
}
