package dialog

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/themes"
)

// Failure says what happened, why, and what to do next.
type Failure struct {
	KeyMap          KeyMap
	theme           themes.Theme
	size            size
	what, why, next string
}

// NewFailure words a failure; why and next may be empty.
func NewFailure(t themes.Theme, what, why, next string) Failure {
	return Failure{KeyMap: DefaultKeyMap(), theme: t, what: what, why: why, next: next}
}

// Update closes. It comes unasked, while something is being typed: what is, it passes on.
func (f Failure) Update(msg tea.Msg) (Failure, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		f.size = size{msg.Width, msg.Height}
	case tea.MouseClickMsg:
		if closes(msg, f.View(f.size.width, f.size.height)) {
			return f, closeDialog
		}
	case tea.KeyPressMsg:
		if msg.Text == "" && key.Matches(msg, f.KeyMap.Close, f.KeyMap.Choose) {
			return f, closeDialog
		}
		return f, func() tea.Msg { return PassMsg{msg} }
	case tea.PasteMsg:
		return f, func() tea.Msg { return PassMsg{msg} }
	}
	return f, nil
}

// View draws the box, at most width × height. What to do next stays in view, whatever the reason's length.
func (f Failure) View(width, height int) string {
	measure := textWidth(width)
	what := paragraph(f.what, measure)
	next := painted(f.theme, themes.Info, paragraph(f.next, measure))
	why := painted(f.theme, themes.Muted, paragraph(f.why, measure))
	hint := []string{"", f.theme.Paint(themes.Muted, f.KeyMap.Close.Help().Key+" closes; what you type stays in the editor")}
	if height < 12 {
		hint = nil
	}
	room := height - frameRows - len(what) - len(next) - len(hint)
	lines := what
	if n := min(len(why), room-2); n > 0 {
		if n < len(why) {
			why[n-1] = f.theme.Paint(themes.Muted, "…")
		}
		lines = append(append(lines, ""), why[:n]...)
	}
	if len(next) > 0 {
		lines = append(append(lines, ""), next...)
	}
	title := "Something went wrong"
	if hint == nil {
		title = "Failed · " + f.KeyMap.Close.Help().Key + " closes"
	}
	return frame(f.theme, themes.Error, title, append(lines, hint...), width, height)
}
