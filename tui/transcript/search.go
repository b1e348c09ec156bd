package transcript

import (
	"regexp"
	"sort"
	"strings"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
)

// pieceTime is how long a piece of work in the background may keep the screen waiting.
const pieceTime = 4 * time.Millisecond

// WorkMsg goes on with work that is done in pieces. Its parent gives it back to Update as it is.
type WorkMsg struct{ job any }

func work(job any) tea.Cmd { return func() tea.Msg { return WorkMsg{job} } }

// hit is a line in which the text was found: of an entry, its code first, then its output, folded or not.
type hit struct{ entry, line int }

func (h hit) less(g hit) bool { return h.entry < g.entry || h.entry == g.entry && h.line < g.line }

// search is a search through everything, and how far it has come.
type search struct {
	text    string
	pattern *regexp.Regexp // nil where plain text will do
	hits    []hit
	next    hit // what is to be looked at
	origin  hit // the first hit shown is the first from here on
	at      int // the hit that is shown; -1 before there is one
	seen    int // lines looked at
	ended   bool
}

// newSearch looks for text as it is, or without regard to case when it has no capitals.
func newSearch(text string, origin hit) *search {
	s := &search{text: text, origin: origin, at: -1}
	if !strings.ContainsFunc(text, unicode.IsUpper) {
		s.pattern = regexp.MustCompile("(?i)" + regexp.QuoteMeta(text))
		if !strings.ContainsFunc(text, unicode.IsLetter) {
			s.pattern = nil
		}
	}
	return s
}

// find returns where the text is in a plain line.
func (s *search) find(line string) [][]int {
	if s.pattern != nil {
		return s.pattern.FindAllStringIndex(line, -1)
	}
	var found [][]int
	for at := 0; ; {
		i := strings.Index(line[at:], s.text)
		if i < 0 {
			return found
		}
		found = append(found, []int{at + i, at + i + len(s.text)})
		at += i + len(s.text)
	}
}

func (s *search) matches(line string) bool {
	if s.pattern == nil {
		return strings.Contains(line, s.text)
	}
	return quick(line, s.text) && s.pattern.MatchString(line)
}

// quick tells whether a line may hold the text in either case: its first letter is there at all.
func quick(line, text string) bool {
	c := text[0]
	if c >= 0x80 {
		return true
	}
	if strings.IndexByte(line, c) >= 0 || strings.IndexByte(line, byte(unicode.ToUpper(rune(c)))) >= 0 {
		return true
	}
	return c == 'k' || c == 's' // which have further forms
}

// run looks at lines for as long as a piece may take, and reports whether there are more.
func (s *search) run(l *log, until time.Time) (more bool) {
	for ; s.next.entry < len(l.entries); s.next.entry++ {
		e := l.entries[s.next.entry]
		if e.isNotice() || e.hidden {
			s.next.line = 0
			continue
		}
		for all := e.code.count + e.out.lines(); s.next.line < all; s.next.line++ {
			if s.seen%128 == 127 && time.Now().After(until) {
				s.seen++
				return true
			}
			s.seen++
			if s.matches(e.text(s.next.line)) {
				s.hits = append(s.hits, s.next)
			}
		}
		if s.next.entry == len(l.entries)-1 {
			break // which may still grow
		}
		s.next.line = 0
	}
	s.ended = true
	return false
}

// text is a line of a cell, its code first, without colours.
func (e *entry) text(line int) string {
	if line < e.code.count {
		_, text := e.code.line(line)
		return text
	}
	_, text, _ := e.out.at(line - e.code.count)
	return plain(text)
}

// spans are the places in a line of output or code that are to be marked.
func (s *search) spans(line string) []span {
	if s == nil || s.text == "" {
		return nil
	}
	var spans []span
	for _, at := range s.find(line) {
		if at[0] < at[1] {
			spans = append(spans, span{at[0], at[1], "\x1b[7m", "\x1b[27m"})
		}
	}
	return spans
}

// searchFor begins to look for a text anew.
func (m Model) searchFor(text string) (Model, tea.Cmd) {
	origin := m.origin
	m.cache.clear()
	if text == "" {
		m.find = nil
		return m, nil
	}
	m.find = newSearch(text, origin)
	return m, work(m.find)
}

// searched goes on with a search that is still wanted.
func (m Model) searched(s *search) (Model, tea.Cmd) {
	if s != m.find {
		return m, nil
	}
	more := s.run(m.log, time.Now().Add(pieceTime))
	if s.at < 0 && len(s.hits) > 0 {
		i := sort.Search(len(s.hits), func(i int) bool { return !s.hits[i].less(s.origin) })
		if i == len(s.hits) && !more {
			i--
		}
		if i < len(s.hits) {
			m = m.show(i)
		}
	}
	if more {
		return m, work(s)
	}
	return m, nil
}

// step shows the next hit in a direction, and goes round at the ends.
func (m Model) step(by int) (Model, tea.Cmd) {
	s := m.find
	if s == nil {
		return m, nil
	}
	s.ended = !s.run(m.log, time.Now().Add(pieceTime)) // what came since
	if len(s.hits) == 0 {
		return m, nil
	}
	return m.show((s.at + by + len(s.hits)) % len(s.hits)), nil
}

// show brings a hit into view, unfolded.
func (m Model) show(i int) Model {
	s := m.find
	s.at = i
	h := s.hits[i]
	if h.entry >= len(m.log.entries) || m.log.entries[h.entry].hidden {
		return m
	}
	e := m.log.entries[h.entry]
	if first, n := e.away(); n > 0 && h.line-e.code.count >= first && h.line-e.code.count < first+n {
		m = m.foldLess(h.entry)
	}
	if !m.paging {
		m.chosen = h.entry
	}
	line := e.gap + h.line
	if first, n := e.away(); n > 0 && h.line-e.code.count >= first+n {
		line -= n - 1
	}
	p := position{h.entry, min(line, max(e.lines()-1, 0)), 0}
	top := m.start()
	if end := m.move(top, m.room()-1); p.less(top) || end.less(p) {
		m = m.goTo(m.move(p, -m.room()/3))
	}
	m.cache.clear()
	return m
}
