package transcript

import (
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// A Drawing is a piece of output that is laid out for each width. It counts as one line, of as many rows as it draws.
type Drawing interface {
	// Rows are clean text and SGR, each at most as wide as the width and reset at its end.
	Rows(theme themes.Theme, width int) []string
	// Text stands for it where only text can: sanitised, of any number of lines.
	Text() string
}

// Draw adds a drawing that Redraw can take the place of, as Display does a text.
func (m Model) Draw(id, display string, d Drawing) Model {
	i := m.log.cell(id)
	m.log.shown[display] = append(m.log.shown[display], i)
	m.log.change(i, func(e *entry) { e.out.draw(display, d) })
	return m
}

// ReplaceDrawing shows a drawing wherever that display stands, in whichever cell.
func (m Model) ReplaceDrawing(display string, d Drawing) Model {
	for _, i := range m.log.shown[display] {
		m.log.change(i, func(e *entry) { e.out.replaceDrawing(display, d) })
	}
	m.cache.clear()
	return m
}

// Redraw asks the drawings for their rows again.
func (m Model) Redraw() Model {
	m.cache.clear()
	return m
}

func (o *output) draw(id string, d Drawing) {
	o.clearIfDue()
	o.begin(id)
	o.pieces[len(o.pieces)-1].drawing = d
	o.begin("")
}

func (o *output) replaceDrawing(id string, d Drawing) {
	for i, p := range o.pieces {
		if p.id != id {
			continue
		}
		o.shows += 1 - p.lines()
		p.forget()
		o.pieces[i].writer, o.pieces[i].drawing = newWriter(o.spool), d
	}
}

// lines of a piece: a drawing is one.
func (p piece) lines() int {
	if p.drawing != nil {
		return 1
	}
	return p.writer.lines()
}

// drawing returns the one that line i is, or nil.
func (o *output) drawing(i int) Drawing {
	for _, p := range o.pieces {
		lines := p.lines()
		if i < lines {
			return p.drawing
		}
		i -= lines
	}
	return nil
}

func (p painter) drawingRows(d Drawing, first string) []string {
	var rows []row
	for _, text := range d.Rows(p.theme, p.body()) {
		rows = append(rows, row{linked(text), ansi.StringWidth(text)})
	}
	return p.join(rows, first, noMark)
}
