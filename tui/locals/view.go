package locals

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize"

	"github.com/sandrepl/sandrepl/themes"
)

const (
	withType = 26 // columns of the panel from which on the type is shown
	withSize = 72 // and the size in memory
	markCols = 2
	sizeCols = 8
)

// columns are the widths that the panel is divided into; 0 leaves a column out. Each but the mark is followed by a space.
type columns struct {
	name, kind, value, size int
}

// fit divides the width by what the rows need: names and types up to a third each, values the rest.
func fit(rows []Row, width int) columns {
	room := max(width-markCols, 0)
	var c columns
	for _, r := range rows {
		c.name = max(c.name, ansi.StringWidth(r.Name))
		c.kind = max(c.kind, ansi.StringWidth(typeText(r)))
	}
	c.name = min(max(c.name, 4), max(room/3, 8), room)
	if width < withType {
		c.kind = 0
	} else {
		c.kind = min(max(c.kind, 4), max(room/3, 8))
		room -= c.kind + 1
	}
	if width >= withSize {
		c.size = sizeCols
		room -= c.size + 1
	}
	c.value = max(room-c.name-1, 0)
	return c
}

// View draws exactly the height's lines, each exactly as wide as the width.
func (m Model) View() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	lines := make([]string, 0, m.height)
	lines = append(lines, m.title())
	if len(m.rows) == 0 && m.total == 0 {
		lines = append(lines, m.line(themes.Muted, "  No variables yet"))
	}
	end := min(m.top+m.capacity(), len(m.rows))
	for i := m.top; i < end; i++ {
		line := m.row(i)
		if m.focused && i == m.at {
			line = m.chosen(line)
		}
		lines = append(lines, line)
	}
	if rest := m.total - end; rest > 0 {
		lines = append(lines, m.line(themes.Muted, "  "+m.rest(rest, end)))
	}
	for len(lines) < m.height {
		lines = append(lines, m.line(themes.Foreground, ""))
	}
	return strings.Join(lines[:m.height], "\n")
}

// rest words what stands below the last row shown.
func (m Model) rest(n, end int) string {
	text := "… " + humanize.Comma(int64(n)) + " more"
	if end == len(m.rows) {
		text += ", not listed"
	}
	return text
}

func (m Model) title() string {
	role := themes.Muted
	if m.focused {
		role = themes.Accent
	}
	text := "Variables"
	if m.total > 0 {
		text += " " + humanize.Comma(int64(m.total))
	}
	if by := m.order.String(); by != "" {
		text += " · " + by
	}
	return m.line(role, text)
}

// chosen marks a row as the one that the keys are on.
func (m Model) chosen(row string) string {
	return m.theme.Style(themes.Selection).Bold(true).Render(ansi.Strip(row))
}

// line draws one text over the whole width.
func (m Model) line(role themes.Role, text string) string {
	return m.cell(role, text, m.width)
}

// cell draws text in exactly the given columns.
func (m Model) cell(role themes.Role, text string, width int) string {
	text = ansi.Truncate(text, width, "…")
	return m.theme.Paint(role, text) + strings.Repeat(" ", max(width-ansi.StringWidth(text), 0))
}

func (m Model) row(i int) string {
	if s, ok := m.drawn[i]; ok {
		return s
	}
	r, c := m.rows[i], m.columns
	var b strings.Builder
	b.WriteString(m.mark(r.Mark))
	b.WriteString(m.cell(themes.Foreground, r.Name, c.name))
	b.WriteByte(' ')
	if c.kind > 0 {
		b.WriteString(m.cell(themes.Muted, typeText(r), c.kind))
		b.WriteByte(' ')
	}
	b.WriteString(m.value(r))
	if c.size > 0 {
		b.WriteByte(' ')
		b.WriteString(m.cell(themes.Muted, fmt.Sprintf("%*s", c.size, sizeText(r.Size)), c.size))
	}
	s := ansi.Truncate(b.String(), m.width, "")
	m.drawn[i] = s
	return s
}

// mark is told apart by its shape too, for those who see no colours.
func (m Model) mark(k Mark) string {
	switch k {
	case MarkNew:
		return m.theme.Paint(themes.Success, "●") + " "
	case MarkChanged:
		return m.theme.Paint(themes.Warning, "○") + " "
	}
	return "  "
}

// value draws a value as Python, cut to its column; one that is only the text of a value says so.
func (m Model) value(r Row) string {
	width := m.columns.value
	var b strings.Builder
	if r.Flattened {
		sign := ansi.Truncate("≈ text"+flattenedFrom(r.Value)+" ", width, "")
		b.WriteString(m.theme.Paint(themes.Warning, sign))
		width -= ansi.StringWidth(sign)
	}
	text := ansi.Truncate(themes.Visible(r.Value), width, "…")
	spans, _ := themes.Tokens(text, themes.LineState{})
	for _, s := range spans {
		b.WriteString(m.theme.Paint(s.Role, s.Text))
	}
	b.WriteString(strings.Repeat(" ", max(width-ansi.StringWidth(text), 0)))
	return b.String()
}

// flattenedFrom guesses from a flattened value, the repr of a repr, what was flattened: " of array", or nothing.
func flattenedFrom(value string) string {
	text := strings.Trim(value, `'"`)
	if rest, ok := strings.CutPrefix(text, "<"); ok {
		for _, kind := range []string{"module", "function", "class"} {
			if strings.HasPrefix(rest, kind+" ") {
				return " of " + kind
			}
		}
		return " of object"
	}
	name, _, call := strings.Cut(text, "(")
	if call && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.") == "" {
		return " of " + name
	}
	return ""
}

// typeText is the type and how much of it there is: "list 3", "ndarray 3×4".
func typeText(r Row) string {
	switch {
	case r.Shape != "":
		return r.Type + " " + strings.ReplaceAll(strings.Trim(r.Shape, "(), "), ", ", "×")
	case r.Length >= 0:
		return r.Type + " " + strconv.FormatInt(r.Length, 10)
	}
	return r.Type
}

func sizeText(n int64) string {
	if n < 0 {
		return ""
	}
	return humanize.Bytes(uint64(n))
}
