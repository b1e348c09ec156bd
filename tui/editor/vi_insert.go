package editor

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// insertion is what happened since insert mode was entered, or since the cursor was last moved in it: one step of undo, and
// what . does again.
type insertion struct {
	base    *step // what was done before it
	command viCommand
	times   int                 // how often it shall be there in the end
	again   func(m Model) Model // what begins each time but the first; nil for nothing
	acts    *act
	fresh   bool // the line was begun by it, and nothing is typed there yet: its indentation may go
	covered []string
	past    *step // as its latest act left the text
	at      caret
}

// act is one thing that was typed, and those before it.
type act struct {
	do     func(m Model) Model
	before *act
}

// change is the latest command that changed the text, and what was typed after it.
type change struct {
	command viCommand
	acts    *act
}

// insertHere begins to insert where the cursor is; with fresh, in a line that is begun.
func (m Model) insertHere(fresh bool) Model {
	f := m.field()
	f.vi.mode = viInsert
	f.caret = collapsed(f.caret.at)
	f.vi.insertion = insertion{base: f.past, past: f.past, at: f.caret, fresh: fresh, times: 1}
	f.sealed = true
	return m.with(f)
}

// repeated says how often what is inserted shall be there.
func (m Model) repeated(times int, again func(m Model) Model) Model {
	f := m.field()
	f.vi.insertion.times, f.vi.insertion.again = times, again
	return m.put(f)
}

func insertActions() []row {
	at := func(key, does string, place func(f field) position) row {
		return row{key: key, does: does, changes: true, run: func(m Model, c viCommand) (Model, tea.Cmd) {
			f := m.field()
			return m.put(f.move(place(f), false)).insertHere(false).repeated(c.times(), nil), nil
		}}
	}
	return []row{
		at("i", "insert before the cursor", func(f field) position { return f.caret.at }),
		at("a", "insert behind the cursor", func(f field) position {
			p := f.caret.at
			p.byte = nextCluster(f.doc.lines[p.line], p.byte)
			return p
		}),
		at("I", "insert at the first character of the line", func(f field) position {
			return position{f.caret.at.line, len(indentOf(f.doc.lines[f.caret.at.line]))}
		}),
		at("A", "insert at the end of the line", lineEnd),
		at("gI", "insert at the start of the line", func(f field) position { return position{line: f.caret.at.line} }),
		at("gi", "insert where insert mode was left", func(f field) position {
			if p, ok := f.mark(insertMark); ok {
				return p
			}
			return f.caret.at
		}),
		{key: "o", does: "open a line below", changes: true, run: opening},
		{key: "O", does: "open a line above", changes: true, run: opening},
		{key: "R", does: "type over the text", changes: true, run: func(m Model, c viCommand) (Model, tea.Cmd) {
			m = m.insertHere(false).repeated(c.times(), nil)
			f := m.field()
			f.vi.mode = viReplace
			return m.with(f), nil
		}},
	}
}

func opening(m Model, c viCommand) (Model, tea.Cmd) {
	if m.reading != nil {
		return m, nil
	}
	again := func(m Model) Model { return m.put(m.code.opened(false)) }
	if c.key == "O" { // once more is below what was opened above
		again = func(m Model) Model {
			f, line := m.code, m.code.doc.lines[m.code.caret.at.line]
			end := position{f.caret.at.line, len(line)}
			return m.put(f.replace(whole, end, end, "\n"+indentOf(line)))
		}
	}
	return m.put(m.code.opened(c.key == "O")).insertHere(true).repeated(c.times(), again), nil
}

// opened begins a line below the cursor's, or above it, indented as the code is there.
func (f field) opened(above bool) field {
	n := f.caret.at.line
	if above {
		start, indent := position{line: n}, indentOf(f.doc.lines[n])
		return f.replace(whole, start, start, indent+"\n").placed(position{n, len(indent)})
	}
	end := position{n, len(f.doc.lines[n])}
	lines := f.linesBefore(end)
	return f.replace(whole, end, end, "\n"+strings.Repeat(" ", analyse(lines).indent(lines[n])))
}

// recording tells whether what is typed is remembered, for . and as one step of undo.
func (m Model) recording() bool { return m.vi.on && m.mode() <= viReplace }

// acting does something that is typed.
func (m Model) acting(do func(m Model) Model) Model {
	m = m.continuing()
	return do(m).took(do)
}

// continuing ends an insertion that does not go on here, since the cursor was moved or the text changed otherwise.
func (m Model) continuing() Model {
	if !m.recording() {
		return m
	}
	f := m.field()
	ins := f.vi.insertion
	if ins.past == f.past && ins.at == f.caret {
		return m
	}
	if ins.past == f.past {
		f = f.joined(ins.base)
	}
	f.vi.insertion = insertion{base: f.past, past: f.past, at: f.caret, command: viCommand{key: "i"}}
	f.sealed = true
	return m.put(f)
}

// took remembers what was just done, if it changed the text.
func (m Model) took(do func(m Model) Model) Model {
	if !m.recording() {
		return m
	}
	f := m.field()
	if ins := &f.vi.insertion; f.past != ins.past && f.future == nil {
		line := f.doc.lines[f.caret.at.line]
		ins.acts, ins.fresh = &act{do, ins.acts}, f.caret.at.line != ins.at.at.line && isBlank(line)
		ins.past, ins.at = f.past, f.caret
	}
	return m.put(f)
}

// play does again what was typed.
func (m Model) play(acts *act) Model {
	var all []func(m Model) Model
	for ; acts != nil; acts = acts.before {
		all = append(all, acts.do)
	}
	for _, do := range slices.Backward(all) {
		m = m.acting(do)
	}
	return m
}

// leaveInsert goes to normal mode: what was inserted is there as often as was said, and one step of undo.
func (m Model) leaveInsert() Model {
	m = m.continuing()
	ins := m.field().vi.insertion
	for range min(ins.times, maxTimes) - 1 {
		if len(m.field().doc.lines[m.field().caret.at.line]) > maxBytes {
			break
		}
		if ins.again != nil {
			n := m.field().caret.at.line
			m = ins.again(m)
			m = m.put(m.field().unindented(n, ins.fresh))
		}
		m = m.play(ins.acts)
	}
	f := m.field()
	f = f.unindented(f.caret.at.line, ins.fresh)
	m.vi.change = change{ins.command, ins.acts}
	f = f.joined(ins.base).marked(insertMark, f.caret.at)
	p := f.caret.at
	if p.byte > 0 {
		p.byte = prevCluster(f.doc.lines[p.line], p.byte)
	}
	f.vi.mode, f.vi.insertion = viNormal, insertion{}
	return m.with(f.move(p, false))
}

// unindented is without the indentation of a line that was begun and has nothing in it.
func (f field) unindented(n int, fresh bool) field {
	line, at := f.doc.lines[n], f.caret.at
	if !fresh || line == "" || !isBlank(line) {
		return f
	}
	f = f.replace(whole, position{line: n}, position{n, len(line)}, "")
	return f.placed(f.clamp(at))
}

// repeat does the latest change again; a count takes the place of its own.
func repeat(m Model, c viCommand) (Model, tea.Cmd) {
	again := m.vi.change
	if again.command.key == "" && again.command.operator == "" {
		return m, nil
	}
	if c.count > 0 {
		again.command.count = c.count
	}
	next, cmd := m.execute(again.command)
	if next.mode() <= viReplace {
		next = next.play(again.acts).leaveInsert()
	}
	return next, cmd
}

// overtyping puts text in the place of as many characters; at the end of a line it is added.
func overtyping(text string) func(m Model) Model {
	return func(m Model) Model {
		f := m.field()
		for text := text; text != ""; {
			n := nextCluster(text, 0)
			p := f.caret.at
			end := position{p.line, nextCluster(f.doc.lines[p.line], p.byte)}
			covered := append(slices.Clip(f.vi.insertion.covered), f.doc.between(p, end))
			f = f.replace(typing, p, end, text[:n])
			f.vi.insertion.covered = covered
			text = text[n:]
		}
		return m.with(f)
	}
}

// uncover takes back one character that was typed over another; before those it only moves.
func (m Model) uncover() Model {
	f := m.field()
	covered := f.vi.insertion.covered
	last := len(covered) - 1
	if last < 0 || f.vi.insertion.past != f.past || f.vi.insertion.at != f.caret {
		return m.with(f.move(left(f), false))
	}
	ins := f.vi.insertion
	from := left(f)
	f = f.replace(typing, from, f.caret.at, covered[last]).placed(from)
	ins.covered, ins.past, ins.at = covered[:last:last], f.past, f.caret
	if ins.acts != nil {
		ins.acts = ins.acts.before
	}
	f.vi.insertion = ins
	return m.with(f)
}

// joined makes one step of all that was done since another.
func (f field) joined(base *step) field {
	if f.past == base || f.past == nil || f.past.next == base {
		return f
	}
	var steps []*step
	s := f.past
	for ; s != nil && s != base; s = s.next {
		steps = append(steps, s)
	}
	if s != base {
		return f
	}
	one := &step{before: steps[len(steps)-1].before, after: f.past.after, kind: whole, next: base}
	for _, s := range slices.Backward(steps) {
		one.edits = append(one.edits, s.edits...)
	}
	f.past = one
	return f
}
