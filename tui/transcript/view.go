package transcript

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize"

	"github.com/sandrepl/sandrepl/themes"
)

// maxCached bounds the rows that are kept drawn: a few screens.
const maxCached = 2048

// cache keeps rows that will not change before the next clear.
type cache struct {
	rows  map[lineID][]string
	count int
	also  *cache // of the pager
}

type lineID struct{ entry, line int }

func newCache() *cache { return &cache{rows: make(map[lineID][]string)} }

func (c *cache) clear() {
	clear(c.rows)
	c.count = 0
	if c.also != nil {
		c.also.clear()
	}
}

func (c *cache) keep(id lineID, rows []string) {
	if c.count += len(rows); c.count > maxCached {
		c.clear()
		c.count = len(rows)
	}
	c.rows[id] = rows
}

// rows draws a line, or remembers it.
func (m Model) rows(entry, line int) []string {
	id := lineID{entry, line}
	if rows, ok := m.cache.rows[id]; ok {
		return rows
	}
	p := m.painter()
	rows, open := p.rows(m.log.entries[entry], line)
	if !open {
		m.cache.keep(id, rows)
	}
	return rows
}

// bar tells whether there is room for the scrollbar.
func (m Model) bar() bool { return m.width >= narrow }

func (m Model) textWidth() int {
	if m.bar() {
		return m.width - barColumns
	}
	return max(m.width, 1)
}

// View draws exactly the height's lines, each exactly as wide as the width.
func (m Model) View() string {
	if m.height <= 0 || m.width <= 0 {
		return ""
	}
	if m.pager != nil {
		p := *m.pager
		p.log.total = p.log.entries[0].lines()
		return p.View()
	}
	rows, shown := m.visible()
	if hint := m.hint(); hint != "" {
		n := ansi.StringWidth(hint)
		last := ansi.Truncate(rows[len(rows)-1], m.textWidth()-n, "")
		rows[len(rows)-1] = last + reset + strings.Repeat(" ", m.textWidth()-n-ansi.StringWidth(last)) + hint
	}
	if !m.bar() {
		if m.barred() {
			rows = append(rows, m.barRow())
		}
		return strings.Join(rows, "\n")
	}
	var b strings.Builder
	thumb, size := m.thumb(shown)
	for i, r := range rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(r)
		b.WriteByte(' ')
		if i >= thumb && i < thumb+size {
			b.WriteString(m.theme.Paint(themes.Muted, "┃"))
		} else {
			b.WriteByte(' ')
		}
	}
	if m.barred() {
		b.WriteString("\n" + m.barRow())
	}
	return b.String()
}

// visible returns the rows in view, filled up with blank ones, and how many lines they are of.
func (m Model) visible() (rows []string, lines int) {
	rows = make([]string, 0, m.room())
	p := m.start()
	for more := m.above(len(m.log.entries)) >= 0; more && len(rows) < m.room(); lines++ {
		r := m.rows(p.entry, p.line)[p.row:]
		if p.entry == m.chosen && p.line >= m.gap(p.entry) {
			r = m.chosenRows(r)
		}
		rows = append(rows, r[:min(len(r), m.room()-len(rows))]...)
		p, more = m.nextLine(p)
	}
	for len(rows) < m.room() {
		rows = append(rows, strings.Repeat(" ", m.textWidth()))
	}
	return rows, lines
}

// chosenRows marks rows as those of the chosen cell.
func (m Model) chosenRows(rows []string) []string {
	if m.painter().gutter() == 0 {
		return rows
	}
	marked := make([]string, len(rows))
	for i, r := range rows {
		marked[i] = m.theme.Paint(themes.Accent, "▌") + ansi.TruncateLeft(r, 1, "")
	}
	return marked
}

// hint tells, while the view does not follow, how much has come since.
func (m Model) hint() string {
	n := m.log.total - m.seen
	if m.follow || n <= 0 {
		return ""
	}
	text := " ↓ " + humanize.Comma(int64(n)) + " new lines "
	if n == 1 {
		text = " ↓ 1 new line "
	}
	return m.theme.Style(themes.Selection).Render(ansi.Truncate(text, m.textWidth(), ""))
}

// thumb returns the first row and the size of the scrollbar's thumb: in proportion to lines, not to wrapped rows,
// which nobody counts. No size means that all is in view.
func (m Model) thumb(shown int) (row, size int) {
	p := m.start()
	if m.follow && m.above(p.entry) < 0 && p.line == 0 && p.row == 0 {
		return 0, 0
	}
	total := max(m.log.total, 1)
	size = min(max(m.room()*shown/total, 1), m.room())
	if m.follow {
		return m.room() - size, size
	}
	above := m.log.entries[p.entry].before + p.line
	return min((m.room()-size)*above/max(total-shown, 1), m.room()-size), size
}

func (m Model) painter() painter {
	return painter{theme: m.theme, width: m.textWidth(), now: m.now, find: m.find, cut: m.cut, shift: m.shift}
}

// Columns is how wide a line of output may be that is not to be wrapped.
func (m Model) Columns() int { return m.painter().body() }
