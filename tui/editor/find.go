package editor

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// search is what to look for. Without a capital letter in it, capitals do not matter.
type search struct {
	text     string
	backward bool
	word     bool // the text is a whole word, with its capitals
}

// finding is a search being typed.
type finding struct {
	search
	label string
	from  caret               // where it began, and where giving up goes back to
	then  func(m Model) Model // what follows when it is accepted; nil for nothing
}

func (m Model) find(s search) Model {
	m.finding = &finding{search: s, label: "find ", from: m.code.caret}
	return m.settle()
}

// endFinding accepts the search: the cursor stays where it led.
func (m Model) endFinding() Model {
	then := m.finding.then
	if m.finding.text != "" {
		m.found = m.finding.search
	}
	m.finding = nil
	if then != nil {
		m = then(m)
	}
	return m.settle()
}

// pressFinding takes the keys of a search; one that it does not know ends it, and means what it means.
func (m Model) pressFinding(s stroke) (next Model, done bool) {
	k := &m.KeyMap
	text := m.finding.text
	switch {
	case key.Matches(s, k.Run):
		return m.endFinding(), true
	case key.Matches(s, k.Unselect):
		from := m.finding.from
		m.finding = nil
		m.code.caret = from
		return m.settle(), true
	case key.Matches(s, k.Find, k.Down):
		if text == "" {
			return m.seek(m.found.text), true
		}
		return m.goTo(m.code.nextMatch(m.finding.search, m.code.caret.anchor)), true
	case key.Matches(s, k.Up):
		back := m.finding.search
		back.backward = !back.backward
		return m.goTo(m.code.nextMatch(back, m.code.caret.anchor)), true
	case key.Matches(s, k.Backspace):
		if text == "" {
			return m, true
		}
		return m.seek(text[:prevCluster(text, len(text))]), true
	case key.Matches(s, k.EraseToLineStart):
		return m.seek(""), true
	case s.text != "":
		return m.seek(text + s.text), true
	}
	return m, false
}

// seek changes the text looked for, and goes to its first place from where the search began.
func (m Model) seek(text string) Model {
	f := *m.finding
	f.text = text
	m.finding = &f
	at, _ := f.from.ordered()
	if hit, ok := m.code.hitAt(f.search, at); ok && f.then == nil {
		return m.goTo(hit, true)
	}
	hit, ok := m.code.nextMatch(f.search, at)
	if !ok {
		m.code.caret = f.from
		return m.settle()
	}
	return m.goTo(hit, true)
}

// goTo selects a match, its start being the other end, from where the next is looked for.
func (m Model) goTo(hit [2]position, ok bool) Model {
	if ok {
		m.code = m.code.move(hit[0], false).move(hit[1], true)
	}
	return m.settle()
}

// fold makes text comparable: as it is, or small.
func (s search) fold(text string) string {
	if s.word || s.text != strings.ToLower(s.text) {
		return text
	}
	if lower := strings.ToLower(text); len(lower) == len(text) {
		return lower
	}
	return text // places in it would not be those of the text
}

// in are the places in a line, left to right, that do not overlap.
func (s search) in(line string) []int {
	if s.text == "" {
		return nil
	}
	var at []int
	folded := s.fold(line)
	for from := 0; ; {
		i := strings.Index(folded[from:], s.text)
		if i < 0 {
			return at
		}
		if !s.word || isWholeWord(line, from+i, from+i+len(s.text)) {
			at = append(at, from+i)
		}
		from += i + len(s.text)
	}
}

func isWholeWord(line string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(line[:from])
	after, _ := utf8.DecodeRuneInString(line[to:])
	return !isWord(before) && !isWord(after)
}

func (f field) hit(line, at int, s search) [2]position {
	start := f.snap(position{line, at})
	return [2]position{start, f.snap(position{line, at + len(s.text)})}
}

func (f field) hitAt(s search, p position) (hit [2]position, ok bool) {
	if rest := f.doc.lines[p.line][p.byte:]; s.text != "" && strings.HasPrefix(s.fold(rest), s.text) {
		return f.hit(p.line, p.byte, s), true
	}
	return hit, false
}

// nextMatch is the place that follows p in the direction of the search, around the end if need be.
func (f field) nextMatch(s search, p position) (hit [2]position, ok bool) {
	n := len(f.doc.lines)
	for i := range n + 1 {
		line := (p.line + i) % n
		if s.backward {
			line = (p.line - i + 2*n) % n
		}
		places := s.in(f.doc.lines[line])
		for j := range places {
			at := places[j]
			if s.backward {
				at = places[len(places)-1-j]
			}
			if i > 0 || !s.backward && at > p.byte || s.backward && at < p.byte {
				return f.hit(line, at, s), true
			}
		}
	}
	return hit, false
}

// count is how many places there are, and which of them is at p, from 1.
func (f field) count(s search, p position) (which, all int) {
	for n, line := range f.doc.lines {
		for _, at := range s.in(line) {
			all++
			if p == (position{n, at}) {
				which = all
			}
		}
	}
	return which, all
}

// bar is the row in which a search is typed, and the column of the cursor in it.
func (m Model) bar() (row string, column int) {
	f := m.finding
	typed := themes.Visible(strings.ReplaceAll(f.text, "\t", " "))
	state := ""
	if f.text != "" {
		which, all := m.code.count(f.search, m.code.caret.anchor)
		switch {
		case all == 0:
			state = "  not found"
		case which > 0:
			state = fmt.Sprintf("  %d of %d", which, all)
		default:
			state = fmt.Sprintf("  %d", all)
		}
	}
	width := m.layout.method.StringWidth
	typed = ansi.TruncateLeft(typed, max(0, width(f.label)+width(typed)-m.size.width+1), "")
	column = width(f.label) + width(typed)
	row = m.theme.Paint(themes.Accent, f.label) + typed
	room := m.size.width - column
	hint := "  " + strings.Join([]string{
		m.KeyMap.Down.Help().Key + " next", m.KeyMap.Up.Help().Key + " previous", m.KeyMap.Run.Help().Key + " stay", m.KeyMap.Unselect.Help().Key + " back",
	}, "  ")
	if width(state) < room {
		row += m.theme.Paint(themes.Muted, state)
		room -= width(state)
	}
	if width(hint) < room {
		row += m.theme.Paint(themes.Faint, hint)
	}
	return ansi.Truncate(row, m.size.width, ""), min(column, m.size.width-1)
}
