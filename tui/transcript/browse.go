package transcript

import (
	"regexp"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// What the user wants with a cell. Every command that Update returns yields one of these, or a WorkMsg, at once.
type (
	// RunMsg asks to run code again.
	RunMsg struct{ Code string }
	// EditMsg asks to put code into the editor, with the cursor on a line, counted from 1; 0 for its end.
	EditMsg struct {
		Code string
		Line int
	}
	// CopyMsg asks to put text on the clipboard; What says what it is.
	CopyMsg struct{ Text, What string }
	// TellMsg is something to tell the user.
	TellMsg struct{ Text string }
	// LeaveMsg gives the keys back to the editor. Key is what was typed, if that is why.
	LeaveMsg struct{ Key *tea.KeyPressMsg }
)

func send(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }

// maxCopied bounds what is copied, bytes: terminals drop more.
const maxCopied = 1 << 20

// Active tells that the keys are for the transcript: cells are browsed, searched, or read in the pager.
func (m Model) Active() bool { return m.browsing || m.pager != nil }

// Browse begins to browse: at the chosen cell, or the last. Without cells it does nothing.
func (m Model) Browse() Model {
	if !m.isCell(m.chosen) {
		m.chosen = m.cellFrom(len(m.log.entries), -1)
	}
	if m.chosen < 0 {
		return m
	}
	m.browsing = true
	m.cache.clear()
	return m.inView(m.chosen)
}

// Search begins to browse with a search.
func (m Model) Search() Model {
	m.onlySearch = !m.browsing
	m = m.Browse()
	m.typing, m.typed = m.browsing, ""
	p := m.start()
	m.origin = hit{p.entry, 0}
	return m
}

// Leave ends browsing, and what belongs to it.
func (m Model) Leave() Model {
	m.browsing, m.typing, m.find, m.chosen, m.pager = false, false, nil, -1, nil
	m.cache.clear()
	return m
}

// isCell tells whether there is a cell to choose.
func (m Model) isCell(i int) bool {
	return i >= 0 && i < len(m.log.entries) && !m.log.entries[i].isNotice() && !m.log.entries[i].hidden
}

// cellFrom returns the next cell from i on, in a direction, or -1.
func (m Model) cellFrom(i, by int) int {
	for i += by; i >= 0 && i < len(m.log.entries); i += by {
		if m.isCell(i) {
			return i
		}
	}
	return -1
}

func (m Model) choose(i int) Model {
	if i < 0 {
		return m
	}
	m.chosen = i
	return m.inView(i)
}

// inView scrolls no further than it must to show a cell: all of it, or where that has no room its beginning.
func (m Model) inView(i int) Model {
	if m.room() <= 0 || m.width <= 0 {
		return m
	}
	e := m.log.entries[i]
	first := position{i, min(e.gap, e.lines()-1), 0}
	line := e.lines() - 1
	last := position{i, line, len(m.rows(i, line)) - 1}
	top := m.start()
	if first.less(top) {
		return m.goTo(first)
	}
	if end := m.move(top, m.room()-1); end.less(last) {
		top = m.move(last, 1-m.room())
		if first.less(top) {
			top = first
		}
		return m.goTo(top)
	}
	return m
}

// browse takes a key while cells are browsed.
func (m Model) browse(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	if m.typing {
		return m.typeSearch(msg)
	}
	k, i := m.KeyMap, m.chosen
	switch {
	case key.Matches(msg, k.Leave):
		if m.find != nil {
			m.find = nil
			m.cache.clear()
			return m, nil
		}
		return m, send(LeaveMsg{})
	case key.Matches(msg, k.Previous):
		return m.choose(m.cellFrom(i, -1)), nil
	case key.Matches(msg, k.Next):
		return m.choose(m.cellFrom(i, 1)), nil
	case key.Matches(msg, k.First):
		return m.choose(m.cellFrom(-1, 1)), nil
	case key.Matches(msg, k.Last):
		return m.choose(m.cellFrom(len(m.log.entries), -1)), nil
	case key.Matches(msg, k.Find):
		return m.Search(), nil
	case key.Matches(msg, k.NextHit):
		return m.step(1)
	case key.Matches(msg, k.PreviousHit):
		return m.step(-1)
	case key.Matches(msg, k.NextPin):
		return m.nextPin(), nil
	case key.Matches(msg, k.BringBack):
		return m.bringBack(), nil
	}
	if m.isCell(i) {
		if next, cmd, done := m.actOn(i, msg); done {
			return next, cmd
		}
	}
	if key.Matches(msg, k.scrolling()...) {
		return m.press(msg), nil
	}
	if msg.Text != "" {
		return m, send(LeaveMsg{Key: &msg})
	}
	return m, nil
}

// actOn does what a key means for the chosen cell.
func (m Model) actOn(i int, msg tea.KeyPressMsg) (_ Model, _ tea.Cmd, done bool) {
	k, e := m.KeyMap, m.log.entries[i]
	switch {
	case key.Matches(msg, k.Toggle):
		if _, n := e.away(); n > 0 {
			return m.foldLess(i).inView(i), nil, true
		}
		return m.foldMore(i).inView(i), nil, true
	case key.Matches(msg, k.Fold):
		return m.foldMore(i).inView(i), nil, true
	case key.Matches(msg, k.Unfold):
		return m.foldLess(i).inView(i), nil, true
	case key.Matches(msg, k.Page):
		return m.page(i), nil, true
	case key.Matches(msg, k.CopyCode):
		return m, send(CopyMsg{e.source(), "the code" + e.called()}), true
	case key.Matches(msg, k.CopyOutput):
		return m, e.copying(false), true
	case key.Matches(msg, k.CopyBoth):
		return m, e.copying(true), true
	case key.Matches(msg, k.Run):
		return m, send(RunMsg{e.source()}), true
	case key.Matches(msg, k.Edit):
		return m, send(EditMsg{Code: e.source()}), true
	case key.Matches(msg, k.Fix):
		return m, m.fix(i), true
	case key.Matches(msg, k.Pin):
		e.pinned = !e.pinned
		m.cache.clear()
		return m, nil, true
	case key.Matches(msg, k.Remove):
		if e.pinned {
			return m, send(TellMsg{"the cell is pinned: " + k.Pin.Help().Key + " lets go of it"}), true
		}
		return m.remove(i), nil, true
	}
	return m, nil, false
}

// called is how a cell is named after what is taken from it.
func (e *entry) called() string {
	if e.input.Number > 0 {
		return " of cell " + strconv.Itoa(e.input.Number)
	}
	return ""
}

// source is the cell's code, as it was given.
func (e *entry) source() string {
	var b strings.Builder
	for i := range e.code.count {
		t, line := e.code.line(i)
		if i > 0 && t != tagCodeOn {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}

// copying copies the output, after the code or alone.
func (e *entry) copying(code bool) tea.Cmd {
	var b strings.Builder
	what := "the output"
	if code {
		what = "code and output"
		b.WriteString(e.source() + "\n")
	}
	for i := range e.out.lines() {
		_, line, _ := e.out.at(i)
		b.WriteString(plain(line) + "\n")
		if b.Len() > maxCopied {
			return send(TellMsg{"that is over 1 MiB, more than a clipboard takes from a terminal: the pager saves it to a file"})
		}
	}
	if b.Len() == 0 {
		return send(TellMsg{"the cell has no output"})
	}
	return send(CopyMsg{strings.TrimSuffix(b.String(), "\n"), what + e.called()})
}

// remove takes a cell from the view, and chooses the next.
func (m Model) remove(i int) Model {
	m.log.change(i, func(e *entry) { e.hidden = true })
	m.log.removed = append(m.log.removed, i)
	m.cache.clear()
	next := m.cellFrom(i, 1)
	if next < 0 {
		next = m.cellFrom(i, -1)
	}
	m.chosen = next
	return m.choose(next)
}

// bringBack shows the cell that was last taken from the view.
func (m Model) bringBack() Model {
	n := len(m.log.removed)
	if n == 0 {
		return m
	}
	i := m.log.removed[n-1]
	m.log.removed = m.log.removed[:n-1]
	m.log.change(i, func(e *entry) { e.hidden = false })
	m.cache.clear()
	return m.choose(i)
}

// nextPin goes to the pinned cell above, or round to the last one.
func (m Model) nextPin() Model {
	for n := 1; n <= len(m.log.entries); n++ {
		i := ((m.chosen-n)%len(m.log.entries) + len(m.log.entries)) % len(m.log.entries)
		if m.isCell(i) && m.log.entries[i].pinned {
			return m.choose(i)
		}
	}
	return m
}

var frameOfCell = regexp.MustCompile(`File "<cell (\d+)>", line (\d+)`)

// maxTrace bounds how far up from an output's end a traceback is looked for, lines.
const maxTrace = 2000

// FixLast puts the cell at fault for the latest failure into the editor.
func (m Model) FixLast() tea.Cmd {
	for i := m.cellFrom(len(m.log.entries), -1); i >= 0; i = m.cellFrom(i, -1) {
		if m.log.entries[i].outcome == Failed {
			return m.fix(i)
		}
	}
	return send(TellMsg{"no cell has failed"})
}

// fix puts the cell where entry i failed into the editor: the innermost that its traceback names, which may be an
// earlier one whose function was called.
func (m Model) fix(i int) tea.Cmd {
	e := m.log.entries[i]
	if !e.finished || e.outcome != Failed {
		return send(TellMsg{"the cell did not fail"})
	}
	n := e.out.lines()
	for j := n - 1; j >= max(n-maxTrace, 0); j-- {
		t, line, _ := e.out.at(j)
		frame := frameOfCell.FindStringSubmatch(plain(line))
		if t != tagError || frame == nil {
			continue
		}
		number, _ := strconv.Atoi(frame[1])
		at, _ := strconv.Atoi(frame[2])
		for k := i; k >= 0; k-- {
			if in := m.log.entries[k]; !in.isNotice() && in.input.Number == number {
				return send(EditMsg{in.source(), at})
			}
		}
	}
	return send(EditMsg{e.source(), e.fault})
}
