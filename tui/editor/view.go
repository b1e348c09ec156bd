package editor

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// relayout follows a change of size, prompt or mode. One column is kept free for the cursor after a full row.
func (m Model) relayout() Model {
	m.layout.width = max(2, m.size.width-m.gutter()-1)
	m.layout.masked = m.masked()
	return m.settle()
}

// settle scrolls so that the cursor is in view.
func (m Model) settle() Model {
	f := m.field()
	if f.vi.mode > viReplace && m.finding == nil {
		f = f.resting()
		m = m.put(f)
	}
	cursor, _ := m.layout.locate(f.doc, f.caret.at)
	top := m.layout.scroll(f.doc, f.top, cursor, m.textHeight())
	if m.reading == nil {
		m.code.top = top
	} else {
		r := *m.reading
		r.field.top = top
		m.reading = &r
	}
	return m
}

// textHeight is how many rows the text may take: a search has one of its own.
func (m Model) textHeight() int {
	if m.finding != nil {
		return max(1, m.size.height-1)
	}
	return m.size.height
}

// prompts are what stands left of the text now; more than half the width they never take.
func (m Model) prompts() prompt {
	p := m.prompt
	if m.reading != nil {
		p = prompt{first: m.reading.prompt}
	}
	half := m.size.width / 2
	return prompt{ansi.Truncate(p.first, half, ""), ansi.Truncate(p.further, half, "")}
}

func (m Model) gutter() int {
	p := m.prompts()
	return max(m.layout.method.StringWidth(p.first), m.layout.method.StringWidth(p.further))
}

// Cursor is where the terminal's cursor belongs, counted from the top left of the view; nil without focus.
func (m Model) Cursor() *tea.Cursor {
	if !m.focused {
		return nil
	}
	c := tea.NewCursor(m.cursorAt())
	c.Color = m.theme.Color(themes.Accent)
	if m.vi.on {
		c.Shape = m.cursorShape()
	}
	return c
}

func (m Model) cursorAt() (x, y int) {
	if m.finding != nil {
		_, x = m.bar()
		return x, min(m.Rows(), m.size.height) - 1
	}
	f := m.field()
	row, column := m.layout.locate(f.doc, f.caret.at)
	for r := f.top; r.before(row); y++ {
		r, _ = m.layout.down(f.doc, r, 1)
	}
	return min(m.gutter()+column, m.size.width-1), y
}

// View draws the rows that are in view, at most the height that SetSize gave.
func (m Model) View() string {
	f := m.field()
	if m.finding != nil && m.size.height == 1 {
		bar, _ := m.bar()
		return bar
	}
	p := painter{model: m, field: f, prompts: m.prompts(), gutter: m.gutter()}
	p.problems = m.visibleProblems(f.top.line, f.top.line+m.textHeight())
	if m.focused && m.reading == nil {
		p.pair, p.matched = f.match()
	}
	from, to := f.selection()
	p.from, p.to = from, to
	row := f.top
	for n := range m.textHeight() {
		if n > 0 {
			p.out.WriteByte('\n')
		}
		p.row(row)
		next, moved := m.layout.down(f.doc, row, 1)
		if moved == 0 {
			break
		}
		row = next
	}
	if m.finding != nil {
		bar, _ := m.bar()
		p.out.WriteString("\n" + bar)
	}
	return p.out.String()
}

// painter writes one view.
type painter struct {
	model    Model
	field    field
	prompts  prompt
	gutter   int
	from, to position // the selection
	pair     [2]position
	matched  bool
	problems []problem
	places   []int // in the line being drawn, of what is looked for
	out      strings.Builder
}

// row draws one visual row, without padding at its end.
func (p *painter) row(r rowPosition) {
	p.margin(r)
	line := p.field.doc.lines[r.line]
	starts := p.model.layout.starts(line)
	start, end := starts[r.row], len(line)
	last := r.row+1 == len(starts)
	if !last {
		end = starts[r.row+1]
	}
	roles := p.roles(r.line, line)
	style, column := "", 0
	if p.model.finding != nil {
		p.places = p.model.finding.in(line)
	}
	p.model.layout.cells(line, start, func(c cell) bool {
		if c.from >= end {
			return false
		}
		role := roles.at(c.from)
		if p.model.reading == nil && guide(line, c, p.model.theme) {
			c.text, role = "│", themes.Faint
		}
		style = p.switchTo(style, p.style(position{r.line, c.from}, role))
		p.out.WriteString(c.text)
		column = c.column + c.width
		return true
	})
	if last && p.selected(position{r.line, len(line)}) { // the selected newline
		style = p.switchTo(style, p.model.theme.Open(themes.Selection))
		p.out.WriteByte(' ')
	}
	p.switchTo(style, "")
	if last && r.line == len(p.field.doc.lines)-1 {
		p.suggestion(p.model.hint(p.model.size.width - p.gutter - column))
	}
}

// suggestion draws what is not typed yet, so that it is told from what is, without colours too.
func (p *painter) suggestion(text string) {
	if text != "" && p.model.theme.NoColor() {
		p.out.WriteString("\x1b[2m" + text + "\x1b[m")
		return
	}
	p.out.WriteString(p.model.theme.Paint(themes.Faint, text))
}

// margin draws what stands left of a row.
func (p *painter) margin(r rowPosition) {
	text, role := "", themes.Faint
	switch {
	case r == (rowPosition{}):
		text, role = p.prompts.first, themes.Accent
	case r.row == 0:
		text, role = p.prompts.further, themes.Muted
	}
	p.out.WriteString(p.model.theme.Paint(role, text))
	p.out.WriteString(strings.Repeat(" ", max(0, p.gutter-p.model.layout.method.StringWidth(text))))
}

// switchTo ends one style and begins another, where they differ.
func (p *painter) switchTo(now, next string) string {
	if now == next {
		return next
	}
	if now != "" {
		p.out.WriteString("\x1b[m")
	}
	p.out.WriteString(next)
	return next
}

func (p *painter) style(at position, r themes.Role) string {
	if p.wrong(at) {
		return p.model.theme.Open(themes.Error) + "\x1b[4m" + p.background(at)
	}
	style := p.model.theme.Open(r)
	if p.matched && (at == p.pair[0] || at == p.pair[1]) {
		style += "\x1b[1;4m" // bold and underlined, in every theme
	}
	if p.sought(at) {
		style += "\x1b[4m"
	}
	return style + p.background(at)
}

func (p *painter) background(at position) string {
	if p.selected(at) {
		return p.model.theme.Open(themes.Selection)
	}
	return ""
}

// sought tells whether a place is a part of what is looked for.
func (p *painter) sought(at position) bool {
	for _, i := range p.places {
		if i <= at.byte && at.byte < i+len(p.model.finding.text) {
			return true
		}
	}
	return false
}

func (p *painter) selected(at position) bool { return !at.before(p.from) && at.before(p.to) }

// roles tells the role of each byte, asked for in order.
func (p *painter) roles(n int, line string) *spanReader {
	if p.model.reading != nil {
		return &spanReader{}
	}
	return &spanReader{spans: p.model.tokens.tokens(line, p.field.doc.states[n])}
}

type spanReader struct {
	spans []themes.Span
	end   int // of the first of the spans that are left
}

func (s *spanReader) at(i int) themes.Role {
	for len(s.spans) > 0 && i >= s.end+len(s.spans[0].Text) {
		s.end += len(s.spans[0].Text)
		s.spans = s.spans[1:]
	}
	if len(s.spans) == 0 {
		return themes.Foreground
	}
	return s.spans[0].Role
}
