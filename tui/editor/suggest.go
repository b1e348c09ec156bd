package editor

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// SetSuggestions hands over the cells that what is typed may become, best first. The slice is kept, and never changed.
func (m Model) SetSuggestions(cells []string) Model {
	m.suggestions = cells
	return m
}

// suggestion is what would go on the text at its end, where the cursor is: the rest of the first cell that begins like it.
func (m Model) suggestion() string {
	f := m.code
	if m.reading != nil || m.finding != nil || !m.focused || !m.Inserting() || f.caret != collapsed(f.doc.end()) || f.doc.blank() {
		return ""
	}
	text := f.doc.text()
	for _, cell := range m.suggestions {
		if rest, ok := strings.CutPrefix(cell, text); ok && rest != "" {
			return rest
		}
	}
	return ""
}

// accept takes the suggestion in, as far as upTo goes in it from the cursor; without a suggestion the key only moves.
func accept(to, upTo motion) func(Model) Model {
	return func(m Model) Model {
		rest := m.suggestion()
		if rest == "" {
			return moving(to)(m)
		}
		rest = clean(rest)
		f := m.code
		grown := f
		grown.doc, _ = f.doc.replace(f.caret.at, f.caret.at, rest)
		end := upTo(grown)
		taken := grown.doc.between(f.caret.at, end)
		return m.acting(func(m Model) Model { return m.with(m.field().insert(whole, taken)) })
	}
}

// hint is the suggestion as it is drawn in the columns that the last row has left.
func (m Model) hint(room int) string {
	first, more, many := strings.Cut(m.suggestion(), "\n")
	if many && isBlank(first) {
		first = " ⏎ " + strings.TrimSpace(more)
		first, _, many = strings.Cut(first, "\n")
	}
	if many {
		first += " ⏎ …"
	}
	return ansi.Truncate(themes.Visible(strings.ReplaceAll(first, "\t", "    ")), max(0, room), "")
}
