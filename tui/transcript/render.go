package transcript

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

const (
	gutterWidth = 7  // number, bar, space
	barColumns  = 2  // the scrollbar's, at the right, with the space before it
	narrow      = 30 // columns of text under which the gutter and the header's right side are left out
	metaWidth   = 12 // reserved at the right of a cell's first line, so that its clock does not re-wrap it
)

// painter draws lines of entries as rows of one width.
type painter struct {
	theme themes.Theme
	width int // of a row
	now   time.Time
	find  *search
	cut   bool // long lines are cut off, from column shift on
	shift int
}

// gutter is the width of the column at the left: none where there is no room.
func (p painter) gutter() int {
	if p.width < narrow {
		return 0
	}
	return gutterWidth
}

func (p painter) body() int { return max(p.width-p.gutter(), 1) }

// rows draws one line of an entry: at least one row, each exactly p.width columns. last tells that it may change.
func (p painter) rows(e *entry, line int) (rows []string, last bool) {
	line -= e.gap
	switch {
	case line < 0:
		return []string{strings.Repeat(" ", p.width)}, false
	case e.isNotice():
		return p.notice(e), false
	case line < e.code.count:
		return p.codeRows(e, line), e.running() && line == 0
	}
	i, hidden := e.outLine(line - e.code.count)
	if hidden > 0 {
		return p.foldRow(hidden), true
	}
	if d := e.out.drawing(i); d != nil {
		return p.drawingRows(d, "     "+p.theme.Paint(themes.Muted, "=")+" "), false
	}
	t, text, open := e.out.at(i)
	return p.outputRows(t, text), open || i != line-e.code.count
}

// join puts a mark for the gutter before each row and fills it up to the width. The second and further rows take
// their mark from more.
func (p painter) join(rows []row, first, more string) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		mark := more
		if i == 0 {
			mark = first
		}
		if p.gutter() == 0 {
			mark = ""
		}
		out[i] = mark + r.text + strings.Repeat(" ", max(p.body()-r.width, 0))
	}
	return out
}

const noMark = "       "

func (p painter) codeRows(e *entry, line int) []string {
	role := cellRole(e)
	bar := p.theme.Paint(role, "│") + " "
	if line+1 == e.fault {
		bar = p.theme.Paint(themes.Error, "▸") + " "
	}
	first, more := "     "+bar, "     "+p.theme.Paint(role, "│")+" "
	text := codeLine(p.theme, e, line)
	text = decorate(text, p.find.spans(plain(text)))
	if line > 0 {
		return p.join(wrap(text, p.body()), first, more)
	}
	if e.input.Number > 0 {
		first = p.theme.Paint(numberRole(e), number(e.input.Number)) + " " + bar
	}
	meta, used := p.meta(e)
	if p.body() < narrow {
		return p.join(wrap(text, p.body()), first, more)
	}
	space := max(metaWidth, used+2)
	rows := wrap(text, p.body()-space)
	rows[0].text += strings.Repeat(" ", p.body()-used-rows[0].width) + meta
	rows[0].width = p.body()
	return p.join(rows, first, more)
}

// number fits a cell's number into four columns, keeping its last digits.
func number(n int) string {
	s := strconv.Itoa(n)
	if len(s) > 4 {
		s = "…" + s[len(s)-3:]
	}
	return fmt.Sprintf("%4s", s)
}

func cellRole(e *entry) themes.Role {
	switch {
	case e.finished && (e.outcome == Failed || e.outcome == Lost):
		return themes.Error
	case e.running():
		return themes.Accent
	case e.input.Author == Agent:
		return themes.Agent
	}
	return themes.Faint
}

func numberRole(e *entry) themes.Role {
	if e.running() {
		return themes.Accent
	}
	return themes.Muted
}

// meta is what stands at the right of a cell's first line: its author when that is not the user, and how it
// goes or went. It returns its width too.
func (p painter) meta(e *entry) (text string, width int) {
	add := func(r themes.Role, s string) {
		if text != "" {
			text, width = text+" ", width+1
		}
		text += p.theme.Paint(r, s)
		width += ansi.StringWidth(s)
	}
	if e.pinned {
		add(themes.Warning, "⚑")
	}
	switch e.input.Author {
	case Agent:
		add(themes.Agent, "agent")
	case Setup:
		add(themes.Muted, "setup")
	}
	switch {
	case e.running():
		add(themes.Accent, "● "+duration(max(p.now.Sub(e.input.At), 0).Truncate(time.Second)))
	case !e.finished:
		add(themes.Muted, "queued")
	case e.outcome == OK && e.input.Author == Agent: // it ended: whether it raised is known to its client alone
		add(themes.Muted, duration(e.took))
	case e.outcome == OK:
		add(themes.Success, "✓")
		add(themes.Muted, duration(e.took))
	case e.outcome == Failed:
		add(themes.Error, "✗")
		add(themes.Muted, duration(e.took))
	case e.outcome == Aborted:
		add(themes.Warning, "not run")
	default:
		add(themes.Error, "lost")
	}
	return text, width
}

// duration in at most three digits and a unit, or two units.
func duration(d time.Duration) string {
	switch {
	case d < 10*time.Second && d%time.Second == 0:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Millisecond:
		return "<1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
}

func (p painter) outputRows(t tag, line string) []string {
	first, more := noMark, noMark
	mark := func(r themes.Role, s string) string { return "     " + p.theme.Paint(r, s) + " " }
	painted := func(r themes.Role) string {
		if hasEscape(line) {
			return line
		}
		return p.theme.Paint(r, line)
	}
	text := line
	switch t {
	case tagStderr:
		text, first = painted(themes.Stderr), mark(themes.Stderr, "┆")
		more = first
	case tagError:
		text, first = errorLine(p.theme, line), mark(themes.Error, "┃")
		more = first
	case tagNote:
		text, first = painted(themes.Muted), mark(themes.Muted, "·")
	case tagValue, tagText:
		first = mark(themes.Muted, "=")
	}
	if t == tagValue || t == tagValueOn {
		text = python(p.theme, line, themes.LineState{})
	}
	if hasEscape(line) {
		text = legible(p.theme, text)
	}
	text = decorate(linked(text), p.find.spans(plain(line)))
	if p.cut {
		part := ansi.Truncate(ansi.Cut(expand(text), p.shift, p.shift+p.body()), p.body(), "") // a wide character may stand across the cut
		return p.join([]row{{part, ansi.StringWidth(part)}}, first, more)
	}
	return p.join(wrap(text, p.body()), first, more)
}

// expand makes tabs the spaces that they stand for.
func expand(line string) string {
	if !strings.Contains(line, "\t") {
		return line
	}
	return wrap(line, maxColumns*8)[0].text
}

func (p painter) notice(e *entry) []string {
	if e.prose != nil {
		return p.drawingRows(e.prose, noMark)
	}
	role, sign := themes.Info, "•"
	switch e.level {
	case Warning:
		role, sign = themes.Warning, "!"
	case Failure:
		role, sign = themes.Error, "✗"
	}
	mark := "     " + p.theme.Paint(role, sign) + " "
	var rows []row
	for _, words := range themes.Words(e.notice, p.body()) {
		rows = append(rows, wrap(p.theme.Paint(role, words), p.body())...)
	}
	return p.join(rows, mark, noMark)
}
