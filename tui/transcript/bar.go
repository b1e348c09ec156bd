package transcript

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize"

	"github.com/sandrepl/sandrepl/themes"
)

// typeSearch takes a key while the text to look for is typed.
func (m Model) typeSearch(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	switch k := m.KeyMap; {
	case key.Matches(msg, k.Leave):
		m.typing = false
		m, work := m.searchFor("")
		if m.onlySearch {
			return m, send(LeaveMsg{})
		}
		return m, work
	case key.Matches(msg, k.Accept):
		m.typing = false
		return m, nil
	case key.Matches(msg, k.Erase):
		if m.typed == "" {
			m.typing = false
			return m, nil
		}
		runes := []rune(m.typed)
		m.typed = string(runes[:len(runes)-1])
		return m.searchFor(m.typed)
	case msg.Text != "":
		m.typed += msg.Text
		return m.searchFor(m.typed)
	}
	return m, nil
}

// Typing tells that what is pasted belongs to the text that is looked for.
func (m Model) Typing() bool { return m.typing || m.pager != nil && m.pager.typing }

func (m Model) pasteSearch(msg tea.PasteMsg) (Model, tea.Cmd) {
	if !m.typing {
		return m, nil
	}
	line, _, _ := strings.Cut(strings.TrimSpace(strings.ReplaceAll(msg.Content, "\r", "\n")), "\n")
	m.typed += line
	return m.searchFor(m.typed)
}

// barred tells whether the last row is a bar that says what is going on.
func (m Model) barred() bool { return (m.browsing || m.paging) && m.height > 1 }

// room is the rows that are left for cells.
func (m Model) room() int {
	if m.barred() {
		return m.height - 1
	}
	return m.height
}

// barParts are what the bar says: the search when there is one, then what is shown, then the keys for it.
func (m Model) barParts() []barPart {
	var parts []barPart
	tell := func(text string) { parts = append(parts, barPart{text: text}) }
	switch {
	case m.typing:
		tell("/" + themes.Visible(m.typed) + "▏")
	case m.find != nil:
		tell("/" + themes.Visible(m.find.text))
	}
	if m.find != nil {
		tell(m.find.count(m.log.total))
	}
	help := func(bindings ...key.Binding) {
		for _, b := range bindings {
			parts = append(parts, barPart{b.Help().Key + " " + b.Help().Desc, &b})
		}
	}
	switch k := m.KeyMap; {
	case m.typing:
		help(k.Accept, k.Leave)
	case m.paging:
		tell(humanize.Comma(int64(m.log.total)) + " lines")
		if m.follow {
			tell("following")
		}
		help(k.Leave, k.Find, k.NextHit, k.Wrap, k.Save)
	default:
		help(k.Leave, k.Toggle, k.Page, k.CopyOutput, k.Run, k.Edit, k.Fix, k.Find)
	}
	return parts
}

func (m Model) barRow() string {
	text := ansi.Truncate(" "+barText(m.barParts()), m.width, "…")
	return m.theme.Style(themes.Selection).Render(text + strings.Repeat(" ", m.width-ansi.StringWidth(text)))
}

// count tells how many lines were found, and how far the search has come.
func (s *search) count(total int) string {
	found := humanize.Comma(int64(len(s.hits))) + " lines"
	switch {
	case len(s.hits) == 0 && s.ended:
		return "nothing found"
	case s.at >= 0:
		found = humanize.Comma(int64(s.at+1)) + " of " + found
	}
	if !s.ended {
		found += fmt.Sprintf(" (%d %%)", min(100*s.seen/max(total, 1), 99))
	}
	return found
}

// click chooses the cell under the mouse, unfolds what it hits, and browses from a cell that is chosen already.
func (m Model) click(msg tea.MouseClickMsg) (Model, tea.Cmd) {
	if msg.Button != tea.MouseLeft || msg.Y >= m.room() || len(m.log.entries) == 0 || msg.Y < 0 {
		return m, nil
	}
	if m.onScrollbar(msg.X, msg.Y) {
		m.dragging = true
		return m.drag(msg), nil
	}
	if m.paging {
		return m, nil
	}
	p := m.move(m.start(), msg.Y)
	if !m.isCell(p.entry) {
		return m, nil
	}
	e := m.log.entries[p.entry]
	if line := p.line - e.gap - e.code.count; line >= 0 {
		if _, hidden := e.outLine(line); hidden > 0 {
			return m.foldLess(p.entry), nil
		}
	}
	if m.chosen == p.entry && !m.browsing {
		return m.Browse(), nil
	}
	m.chosen = p.entry
	return m, nil
}
