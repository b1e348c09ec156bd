package editor

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// kills is what was cut, newest first, as Emacs keeps it: never changed, so that copies of the editor do not disturb each other.
type kills struct {
	ring    []string
	cutting bool // the latest key cut: another one adds to it
	yanked  int  // 1 more than the place in the ring of what the latest key put back; 0 when it did something else
	from    position
}

// maxKills bounds the ring.
const maxKills = 60

func (k kills) latest() string {
	if len(k.ring) == 0 {
		return ""
	}
	return k.ring[0]
}

func (k kills) add(text string) kills {
	k.ring = slices.Concat([]string{text}, k.ring[:min(len(k.ring), maxKills-1)])
	return k
}

func (k kills) resting() kills {
	k.cutting, k.yanked = false, 0
	return k
}

// cutting erases up to where a motion goes, or the selection, and keeps it; cuts in a row are kept as one.
func cutting(to motion) func(Model) Model {
	return func(m Model) Model {
		f := m.field()
		c := f.caret
		if !c.selecting() {
			c.anchor = to(f)
		}
		from, end := c.ordered()
		text := f.doc.between(from, end)
		if text == "" {
			return m
		}
		again, forward := m.kills.cutting, from == f.caret.at
		m = m.with(f.replace(whole, from, end, ""))
		if m.masked() {
			return m // a password is never put where it could be seen
		}
		latest := m.kills.latest()
		switch {
		case !again:
			m.kills = m.kills.add(text)
		case forward:
			m.kills.ring = slices.Concat([]string{latest + text}, m.kills.ring[1:])
		default:
			m.kills.ring = slices.Concat([]string{text + latest}, m.kills.ring[1:])
		}
		m.kills.cutting = true
		return m
	}
}

// cutSelection is a cut that the clipboard gets too: only what was selected by hand goes there.
func (m Model) cutSelection() (Model, tea.Cmd) {
	selected := m.field().caret.selecting()
	m = cutting(bigWordLeft)(m)
	if !selected || m.masked() {
		return m, nil
	}
	m.kills.cutting = false
	return m, send(CopyMsg{m.kills.latest()})
}

// yank puts back what was cut.
func yank(m Model) Model {
	m.kills.yanked = 0
	return m.yankNth(0)
}

// yankOlder puts what was cut before in the place of what was just put back.
func yankOlder(m Model) Model {
	if m.kills.yanked == 0 {
		return m
	}
	return m.yankNth(m.kills.yanked % len(m.kills.ring))
}

func (m Model) yankNth(n int) Model {
	if n >= len(m.kills.ring) {
		return m
	}
	f := m.field()
	from, to := f.caret.ordered()
	if m.kills.yanked > 0 {
		from = m.kills.from
	}
	m = m.with(f.replace(whole, from, to, m.fit(m.kills.ring[n])))
	m.kills.yanked, m.kills.from = n+1, from
	return m
}

func (m Model) copy() (Model, tea.Cmd) {
	f := m.field()
	if !f.caret.selecting() || m.masked() {
		return m, nil
	}
	text := f.doc.between(f.caret.ordered())
	m.kills = m.kills.add(text)
	f.caret.anchor = f.caret.at
	return m.with(f), send(CopyMsg{text})
}
