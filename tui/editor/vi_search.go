package editor

import tea "charm.land/bubbletea/v2"

// searchMotions look for text.
func searchMotions() []row {
	typed := func(m Model, c viCommand) (Model, tea.Cmd) {
		return m.lookFor(c, func(m Model, to position) (Model, tea.Cmd) {
			f := m.code
			return m.with(f.move(to, f.vi.mode.visual())), nil
		}), nil
	}
	rows := []row{
		{key: "n N", does: "to the next place found, the one before", motion: toNext},
		{key: "* #", does: "to the next place of the word, the one before", motion: toWord},
	}
	for _, r := range []row{{key: "/", does: "find"}, {key: "?", does: "find backwards"}} {
		r.motion = toNext
		r.run = typed
		rows = append(rows, r)
	}
	return rows
}

// lookFor has the text typed that is looked for, and then does something with where it is.
func (m Model) lookFor(c viCommand, then func(m Model, to position) (Model, tea.Cmd)) Model {
	if m.reading != nil {
		return m
	}
	from := m.code.caret
	m = m.find(search{backward: c.key == "?"})
	m.finding.label = c.key
	m.finding.then = func(m Model) Model {
		hit, found := m.code.caret.anchor, m.code.caret != from
		m.code.caret = from
		if !found { // nothing was typed, or nothing was there
			next, r, ok := toNext(m, viCommand{key: "n", count: 1})
			if !ok {
				return m
			}
			m, hit = next, r.to
		}
		for n := c.times(); n > 1; n-- {
			if next, ok := m.code.nextMatch(m.found, hit); ok {
				hit = next[0]
			}
		}
		base := m.code.past
		m.code.sealed = true
		next, _ := then(m, hit)
		if c.operator != "" && viGrammar.operators[c.operator].changes {
			c.key, c.count = "n", 0
			next = next.changed(base, c)
		}
		return next
	}
	return m
}

func toNext(m Model, c viCommand) (Model, reach, bool) {
	s := m.found
	if c.key == "N" {
		s.backward = !s.backward
	}
	return m.toMatch(s, c)
}

// toMatch goes to the nth place of what is looked for.
func (m Model) toMatch(s search, c viCommand) (Model, reach, bool) {
	if m.reading != nil || s.text == "" {
		return m, reach{}, false
	}
	at := m.code.caret.at
	for n := c.times(); n > 0; n-- {
		hit, ok := m.code.nextMatch(s, at)
		if !ok {
			return m, reach{}, false
		}
		at = hit[0]
	}
	return m, reach{from: m.code.caret.at, to: at}, true
}

// toWord looks for the word under the cursor, or the next in the line.
func toWord(m Model, c viCommand) (Model, reach, bool) {
	f := m.field()
	line := f.doc.lines[f.caret.at.line]
	at := f.caret.at
	for at.byte < len(line) && !(field{doc: f.doc, caret: collapsed(at)}).wordStartsHere() {
		at.byte = nextCluster(line, at.byte)
	}
	word := f.selectWord(at)
	from, to := word.caret.ordered()
	if from == to {
		return m, reach{}, false
	}
	m.found = search{text: f.doc.between(from, to), backward: c.key == "#", word: true}
	m = m.put(f.move(from, f.vi.mode.visual()))
	next, r, ok := m.toMatch(m.found, c)
	r.from = f.caret.at
	return next.put(f), r, ok
}
