package complete

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

const (
	mostRows  = 10 // matches in view
	mostText  = 40 // columns of a match
	leastDocs = 24 // columns of the docs beside them, else they are left out
	mostDocs  = 52
	docRows   = 6
	frameRows = 2
	margin    = 3 // columns before a match's text: the border, its kind, a space
)

// icons say of what kind a match is, in one column: where there is Unicode, and in ASCII.
var icons = map[string][2]string{
	"module": {"▣", "m"}, "class": {"◆", "C"}, "function": {"ƒ", "f"}, "instance": {"•", "v"}, "property": {"◇", "p"},
	"keyword": {"→", "k"}, "param": {"=", "="}, "key": {"¶", "\""}, "path": {"/", "/"}, "magic": {"%", "%"},
}

var kindRoles = map[string]themes.Role{
	"module": themes.Namespace, "class": themes.Class, "function": themes.Function, "property": themes.Info, "keyword": themes.Keyword,
	"param": themes.Warning, "key": themes.String, "path": themes.String, "magic": themes.Decorator,
}

// box is how the popup lies on the screen: its place, the matches and rows in it, the columns of matches and of docs.
type box struct{ x, y, width, rows, shown, text, docs int }

// rows is how many matches there is room for.
func (m Model) rows() int { return m.box().shown }

// box places the popup above or below the lines that must not be covered, where there is more room, its text under or over the
// word.
func (m Model) box() box {
	above := m.cursor.top
	below := m.screen.height - 1 - (m.cursor.y + 1) // the last row is the status line
	room := max(above, below) - frameRows
	b := box{shown: min(len(m.word.ranked), mostRows, max(room, 0))}
	if b.shown == 0 || m.screen.width < 2*margin+4 {
		return box{}
	}
	for _, r := range m.word.ranked[m.word.top:min(m.word.top+b.shown, len(m.word.ranked))] {
		b.text = max(b.text, ansi.StringWidth(r.Text))
	}
	b.text = min(max(b.text, 12), mostText, m.screen.width-margin-2)
	b.width = margin + b.text + 2
	if docs := min(m.screen.width-b.width-3, mostDocs); docs >= leastDocs {
		b.docs = docs
		b.width += docs + 2
	}
	b.rows = min(max(b.shown, min(len(m.docs(b.docs)), docRows)), room)
	b.x = m.cursor.x - ansi.StringWidth(themes.Visible(m.word.filter(m.now))) - margin
	b.x = max(min(b.x, m.screen.width-b.width), 0)
	b.y = m.cursor.y + 1
	if b.rows+frameRows > below {
		b.y = above - b.rows - frameRows
	}
	if b.y < 0 {
		b.y = m.cursor.y + 1
	}
	return b
}

// scroll brings the selected match into view.
func (m Model) scroll() Model {
	m.word.top = min(m.word.top, max(len(m.word.ranked)-1, 0))
	rows := min(mostRows, max(max(m.cursor.top, m.screen.height-2-m.cursor.y)-frameRows, 1))
	m.word.top = min(max(m.word.top, m.word.selected-rows+1), m.word.selected)
	m.word.top = max(min(m.word.top, len(m.word.ranked)-rows), 0)
	return m
}

// View draws the popup, and says where on the screen it belongs; empty when it is closed.
func (m Model) View() (view string, x, y int) {
	if !m.Open() {
		return "", 0, 0
	}
	b := m.box()
	line := m.lines()
	docs := m.docs(b.docs)
	rows := make([]string, 0, b.rows+frameRows)
	inner := b.width - 2
	rows = append(rows, m.paint(line.topLeft+strings.Repeat(line.across, inner)+line.topRight))
	for i := range b.rows {
		row := m.paint(line.down) + m.row(m.word.top+i, i < b.shown, b.text+margin)
		if b.docs > 0 {
			doc := ""
			if i < len(docs) {
				doc = docs[i]
			}
			row += m.paint(line.down) + " " + doc + strings.Repeat(" ", max(b.docs-ansi.StringWidth(doc), 0))
		}
		rows = append(rows, row+m.paint(line.down))
	}
	count := ""
	if len(m.word.ranked) > b.shown {
		count = " " + strconv.Itoa(m.word.selected+1) + "/" + strconv.Itoa(len(m.word.ranked))
		if m.word.more {
			count += "+"
		}
		count = ansi.Truncate(count+" ", inner, "")
	}
	rows = append(rows, m.paint(line.bottomLeft+count+strings.Repeat(line.across, max(inner-ansi.StringWidth(count), 0))+line.bottomRight))
	return strings.Join(rows, "\n"), b.x, b.y
}

func (m Model) paint(text string) string { return m.theme.Paint(themes.Muted, text) }

// row draws one match over so many columns, the one before its end blank.
func (m Model) row(at int, shown bool, width int) string {
	if !shown || at >= len(m.word.ranked) {
		return strings.Repeat(" ", width)
	}
	r := m.word.ranked[at]
	icon := icons["instance"]
	if known, ok := icons[r.Kind]; ok {
		icon = known
	}
	picture := icon[0]
	if m.ascii {
		picture = icon[1]
	}
	text := ansi.Truncate(r.Text, width-margin, "…")
	pad := strings.Repeat(" ", max(width-margin-ansi.StringWidth(text), 0)+1)
	ground := ""
	if at == m.word.selected {
		ground = m.theme.Open(themes.Selection)
	}
	return ground + m.theme.Open(kindRoles[r.Kind]) + picture + reset(ground) + " " + m.lit(text, ground) + pad + "\x1b[m"
}

func reset(ground string) string { return "\x1b[m" + ground }

// lit draws a match with what was typed of it in bold.
func (m Model) lit(text, ground string) string {
	typed := m.word.filter(m.now)
	found := positions(text, typed)
	if i := strings.Index(strings.ToLower(text), strings.ToLower(typed)); found == nil && typed != "" && i >= 0 && i+len(typed) <= len(text) {
		return text[:i] + "\x1b[1m" + text[i:i+len(typed)] + reset(ground) + text[i+len(typed):]
	}
	var b strings.Builder
	for i, r := range text {
		if len(found) > 0 && found[0] == i {
			found = found[1:]
			b.WriteString("\x1b[1m" + string(r) + reset(ground))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// docs are what is known of the selected match: how it is called or what it is, and the first line of its docs.
func (m Model) docs(width int) []string {
	if width <= 0 || len(m.word.ranked) == 0 {
		return nil
	}
	match := m.word.ranked[m.word.selected].Match
	info := m.word.docs[match.Text]
	head := info.Signature
	if head == "" {
		head = match.Signature
	}
	if head == "" && info.Found {
		head = info.Type
		if info.Value != "" {
			head += " = " + info.Value
		}
	}
	if head == "" {
		head = match.Kind
	}
	const headRows = 3
	var lines []string
	for i, line := range wrapped(head, width) {
		if i == headRows {
			lines[i-1] = ansi.Truncate(lines[i-1], width-1, "") + "…"
			break
		}
		lines = append(lines, line)
	}
	for i, line := range lines {
		lines[i] = m.theme.Python(line)[0]
	}
	first, _, _ := strings.Cut(strings.TrimSpace(info.Doc), "\n")
	for _, line := range wrapped(first, width) {
		if len(lines) == docRows {
			break
		}
		lines = append(lines, m.theme.Paint(themes.Muted, line))
	}
	return lines
}

func wrapped(text string, width int) []string {
	if text == "" {
		return nil
	}
	return strings.Split(ansi.Wrap(text, max(width, 1), ""), "\n")
}

// At tells whether a place on the screen is the popup's.
func (m Model) At(x, y int) bool {
	if !m.Open() {
		return false
	}
	b := m.box()
	return x >= b.x && x < b.x+b.width && y >= b.y && y < b.y+b.rows+frameRows
}

// Point selects the match at a place on the screen; ok tells whether there is one.
func (m Model) Point(at tea.Mouse) (next Model, ok bool) {
	b := m.box()
	i := at.Y - b.y - 1
	if !m.At(at.X, at.Y) || i < 0 || i >= b.shown || m.word.top+i >= len(m.word.ranked) {
		return m, false
	}
	m.word.selected, m.word.navigated = m.word.top+i, true
	return m, true
}

// lines are the pieces that a frame is made of.
type lines struct{ topLeft, topRight, bottomLeft, bottomRight, across, down string }

func (m Model) lines() lines {
	if m.ascii {
		return lines{"+", "+", "+", "+", "-", "|"}
	}
	return lines{"╭", "╮", "╰", "╯", "─", "│"}
}
