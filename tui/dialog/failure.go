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
	what, why, next string
}

// NewFailure words a failure; why and next may be empty.
func NewFailure(t themes.Theme, what, why, next string) Failure {
	return Failure{KeyMap: DefaultKeyMap(), theme: t, what: what, why: why, next: next}
}

// Update closes.
func (f Failure) Update(msg tea.Msg) (Failure, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok && key.Matches(press, f.KeyMap.Close, f.KeyMap.Choose) {
		return f, closeDialog
	}
	return f, nil
}

// View draws the box, at most width × height. What to do next stays in view, whatever the reason's length.
func (f Failure) View(width, height int) string {
	measure := textWidth(width)
	what := paragraph(f.what, measure)
	next := painted(f.theme, themes.Info, paragraph(f.next, measure))
	why := painted(f.theme, themes.Muted, paragraph(f.why, measure))
	room := height - frameRows - len(what) - len(next)
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
	return frame(f.theme, themes.Error, "Something went wrong", lines, width, height)
}
