package editor

import (
	"maps"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// register is text that was kept: whole lines, or not.
type register struct {
	text  string
	lines bool
}

// registers are what is kept, by name, never changed: each change makes other ones. "" is the latest.
type registers map[string]register

// What registers are called that have a meaning of their own.
const (
	nowhere   = "_"
	clipboard = "+"
	selection = "*" // the same, here
	yanked    = "0"
	deleted   = "1" // and so on to 9
	small     = "-" // what was deleted within a line
)

// keep puts text into the command's register, and where deleted or yanked text always goes.
func (m Model) keep(c viCommand, r register, deletes bool) (Model, tea.Cmd) {
	if m.masked() || c.register == nowhere || r.text == "" && !r.lines {
		return m, nil
	}
	all := maps.Clone(m.vi.registers)
	if all == nil {
		all = registers{}
	}
	name := strings.ToLower(c.register)
	if before, ok := all[name]; ok && name != c.register {
		r = before.and(r)
	}
	switch {
	case name != "":
		all[name] = r
	case !deletes:
		all[yanked] = r
	case r.lines || strings.Contains(r.text, "\n"):
		for n := byte('9'); n > deleted[0]; n-- {
			if older, ok := all[string(n-1)]; ok {
				all[string(n)] = older
			}
		}
		all[deleted] = r
	default:
		all[small] = r
	}
	all[""] = r
	m.vi.registers = all
	m.kills = m.kills.add(r.text)
	if name == clipboard || name == selection {
		return m, send(CopyMsg{r.text})
	}
	return m, nil
}

func (r register) and(more register) register {
	if r.lines || more.lines {
		return register{r.text + "\n" + more.text, true}
	}
	return register{r.text + more.text, false}
}

// kept is what a register has. The latest is what was cut last, by whatever key.
func (m Model) kept(name string) register {
	r := m.vi.registers[strings.ToLower(name)]
	if latest := m.kills.latest(); name == "" && latest != r.text {
		return register{text: latest}
	}
	return r
}

// putBack puts a register's text behind the cursor or, with P, before it.
func (m Model) putBack(c viCommand) (Model, tea.Cmd) {
	r := m.kept(c.register)
	if r.text == "" && !r.lines {
		return m, nil
	}
	f := m.field()
	at, text := f.caret.at, m.fit(r.text)
	if r.lines && m.reading == nil {
		n := at.line
		text = repeatedText(text+"\n", c.times())
		if c.key == "P" {
			f = f.replace(whole, position{line: n}, position{line: n}, text)
		} else {
			end := position{n, len(f.doc.lines[n])}
			f = f.replace(whole, end, end, "\n"+strings.TrimSuffix(text, "\n"))
			n++
		}
		return m.with(f.placed(f.firstCharacter(n))), nil
	}
	if c.key == "p" {
		at.byte = nextCluster(f.doc.lines[at.line], at.byte)
	}
	return m.with(f.putAt(at, repeatedText(text, c.times()))), nil
}

// putAt puts text in; the cursor is on its last character, or on its first when it has several lines.
func (f field) putAt(at position, text string) field {
	if text == "" {
		return f
	}
	f = f.replace(whole, at, at, text)
	if strings.Contains(text, "\n") {
		return f.placed(at)
	}
	if end := f.caret.at; end.byte > 0 {
		return f.placed(position{end.line, prevCluster(f.doc.lines[end.line], end.byte)})
	}
	return f
}

// putOver puts a register's text in the place of what is selected, which p keeps in turn.
func (m Model) putOver(c viCommand) (Model, tea.Cmd) {
	r := m.kept(c.register)
	f := m.field()
	if c.shape != nil {
		f = f.shaped(*c.shape)
	}
	area := f.selectedRegion("d")
	f = f.unvisual().moveQuietly(area.from)
	over := register{f.text(area), area.lines}
	text := repeatedText(m.fit(r.text)+map[bool]string{true: "\n"}[r.lines || area.lines], c.times())
	at := area.from
	switch {
	case area.lines:
		text = strings.TrimSuffix(text, "\n")
		at.byte = 0
		f = f.replace(whole, at, position{area.to.line, len(f.doc.lines[area.to.line])}, text)
		f = f.placed(f.firstCharacter(at.line))
	case r.lines:
		if f.doc.empty() {
			text = strings.TrimSuffix(text, "\n")
		}
		f = f.replace(whole, area.from, area.to, "\n"+text)
		f = f.placed(f.firstCharacter(at.line + 1))
	default:
		f = f.replace(whole, area.from, area.to, "").putAt(at, text)
	}
	if c.key == "P" {
		return m.with(f), nil
	}
	m, _ = m.keep(viCommand{}, over, true)
	return m.with(f), nil
}
