package transcript

import (
	"sort"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// Dragging tells whether the mouse holds the scrollbar: until its button is up it is the transcript's, wherever it goes.
func (m Model) Dragging() bool { return m.dragging || m.pager != nil && m.pager.dragging }

// pointed is a click on a key that the bar names as a press of that key; every other message is as it was.
func (m Model) pointed(msg tea.Msg) tea.Msg {
	click, ok := msg.(tea.MouseClickMsg)
	if !ok || click.Button != tea.MouseLeft || !m.barred() || click.Y != m.room() {
		return msg
	}
	at := 1
	for _, p := range m.barParts() {
		width := ansi.StringWidth(p.text)
		if p.key != nil && len(p.key.Keys()) > 0 && click.X >= at && click.X < at+width {
			return tea.KeyPressMsg{Text: p.key.Keys()[0]}
		}
		at += width + ansi.StringWidth(barGap)
	}
	return msg
}

// A barPart is one thing that the bar says: a key, when it names one.
type barPart struct {
	text string
	key  *key.Binding
}

const barGap = " · "

func barText(parts []barPart) string {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = p.text
	}
	return strings.Join(texts, barGap)
}

// onScrollbar tells whether a place of the view is the scrollbar's.
func (m Model) onScrollbar(x, y int) bool {
	_, size := m.thumb(1)
	return m.bar() && x >= m.width-barColumns && y >= 0 && y < m.room() && size > 0
}

// drag follows the mouse with the scrollbar.
func (m Model) drag(msg tea.MouseMsg) Model {
	switch msg.(type) {
	case tea.MouseReleaseMsg:
		m.dragging = false
	case tea.MouseMotionMsg, tea.MouseClickMsg:
		_, shown := m.visible()
		last := max(m.log.total-shown, 0)
		return m.goTo(m.lineAt(last * min(max(msg.Mouse().Y, 0), m.room()-1) / max(m.room()-1, 1)))
	}
	return m
}

// lineAt is where a line of all lines stands.
func (m Model) lineAt(n int) position {
	entries := m.log.entries
	i := sort.Search(len(entries), func(i int) bool { return entries[i].before > n }) - 1
	if i < 0 {
		return position{}
	}
	return position{entry: i, line: min(n-entries[i].before, max(entries[i].lines()-1, 0))}
}
