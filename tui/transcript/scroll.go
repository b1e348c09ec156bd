package transcript

// position is a row: of a wrapped line, of an entry. It stays true when text is added anywhere, and nearly so when
// the width changes; no numbering of all rows is ever needed.
type position struct {
	entry, line, row int
}

func (p position) less(q position) bool {
	if p.entry != q.entry {
		return p.entry < q.entry
	}
	if p.line != q.line {
		return p.line < q.line
	}
	return p.row < q.row
}

// start returns where the view begins.
func (m Model) start() position {
	if m.follow {
		return m.lastStart()
	}
	p := m.top
	if len(m.log.entries) > p.entry && p.line < m.log.entries[p.entry].lines() {
		p.row = min(p.row, len(m.rows(p.entry, p.line))-1)
		return p
	}
	return m.lastStart()
}

// lastStart is where the view begins when it shows the end.
func (m Model) lastStart() position {
	last := m.above(len(m.log.entries))
	if last < 0 {
		return position{}
	}
	line := m.log.entries[last].lines() - 1
	end := position{last, line, len(m.rows(last, line)) - 1}
	return m.move(end, 1-max(m.room(), 1))
}

// move goes n rows down (up when negative) from p, and stops at the first or the last row.
func (m Model) move(p position, n int) position {
	for n < 0 {
		if p.row >= -n {
			p.row += n
			return p
		}
		n += p.row + 1
		switch {
		case p.line > 0:
			p.line--
		case m.above(p.entry) >= 0:
			p.entry = m.above(p.entry)
			p.line = m.log.entries[p.entry].lines() - 1
		default:
			return position{entry: p.entry}
		}
		p.row = len(m.rows(p.entry, p.line)) - 1
	}
	for n > 0 {
		last := len(m.rows(p.entry, p.line)) - 1
		if p.row+n <= last {
			p.row += n
			return p
		}
		next, ok := m.nextLine(p)
		if !ok {
			p.row = last
			return p
		}
		n -= last - p.row + 1
		p = next
	}
	return p
}

// nextLine returns the first row of the line after p's, if there is one.
func (m Model) nextLine(p position) (position, bool) {
	switch {
	case p.line+1 < m.log.entries[p.entry].lines():
		return position{p.entry, p.line + 1, 0}, true
	case m.under(p.entry) < len(m.log.entries):
		return position{m.under(p.entry), 0, 0}, true
	}
	return p, false
}

// above and under return the nearest entry, of those that are shown, before and after one: -1 or their number when
// there is none.
func (m Model) above(i int) int {
	for i--; i >= 0 && m.log.entries[i].lines() == 0; i-- {
	}
	return i
}

func (m Model) under(i int) int {
	for i++; i < len(m.log.entries) && m.log.entries[i].lines() == 0; i++ {
	}
	return i
}

func (m Model) scroll(n int) Model {
	if m.above(len(m.log.entries)) < 0 {
		return m
	}
	return m.goTo(m.move(m.start(), n))
}

// goTo shows p at the top, or the end when that is nearer than a view's height; then it follows.
func (m Model) goTo(p position) Model {
	if p.entry < len(m.log.entries) && m.log.entries[p.entry].lines() == 0 {
		p = position{entry: min(m.under(p.entry), len(m.log.entries)-1)}
	}
	if last := m.lastStart(); !p.less(last) {
		m.follow = true
		return m
	}
	if m.follow {
		m.follow, m.seen = false, m.log.total
	}
	m.top = p
	return m
}

// previousCell shows the beginning of the cell at the top or, when that is in view, of the one before.
func (m Model) previousCell() Model {
	p := m.start()
	if m.above(p.entry) >= 0 && !(position{p.entry, m.gap(p.entry), 0}).less(p) {
		p.entry = max(m.above(p.entry), 0)
	}
	return m.goTo(position{p.entry, m.gap(p.entry), 0})
}

func (m Model) nextCell() Model {
	p := m.start()
	next := m.under(p.entry)
	if next >= len(m.log.entries) {
		m.follow = true
		return m
	}
	return m.goTo(position{next, m.gap(next), 0})
}

// gap is the line at which an entry's content begins.
func (m Model) gap(entry int) int {
	if entry >= len(m.log.entries) {
		return 0
	}
	return m.log.entries[entry].gap
}
