// Package toast shows what is to be known and needs no answer: each text stands for some seconds in the corner that it is
// laid over, and goes by itself. What must be answered is a dialog's, and what stays true is the status line's.
package toast

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

const (
	most     = 3  // that are shown at once: further ones wait
	maxLines = 4  // of one
	maxWidth = 60 // columns, frame included
	frame    = 4  // columns of it

	stand   = 3 * time.Second
	perRune = 40 * time.Millisecond // longer texts stand longer
	longest = 10 * time.Second
)

// GoneMsg says that a toast has stood for as long as it should.
type GoneMsg struct{ id int }

type toast struct {
	id   int
	text string
}

// Model is the toasts, oldest first. Texts are sanitised.
type Model struct {
	theme  themes.Theme
	done   <-chan struct{}
	toasts []toast
	last   int // id
}

// New has no toasts yet. Nothing waits for a toast's time any more when done is closed.
func New(t themes.Theme, done <-chan struct{}) Model { return Model{theme: t, done: done} }

// SetTheme changes the looks.
func (m Model) SetTheme(t themes.Theme) Model {
	m.theme = t
	return m
}

// Tell shows a text, when its turn comes; one that stands already stands anew.
func (m Model) Tell(text string) (Model, tea.Cmd) {
	if text == "" {
		return m, nil
	}
	m.last++
	at := slices.IndexFunc(m.toasts, func(t toast) bool { return t.text == text })
	m.toasts = slices.Clone(m.toasts)
	if at < 0 {
		at = len(m.toasts)
		m.toasts = append(m.toasts, toast{})
	}
	m.toasts[at] = toast{m.last, text}
	if at >= most {
		return m, nil
	}
	return m, m.stands(m.toasts[at])
}

// stands ends a toast after its time.
func (m Model) stands(t toast) tea.Cmd {
	span, done := min(stand+time.Duration(len([]rune(t.text)))*perRune, longest), m.done
	return func() tea.Msg {
		timer := time.NewTimer(span)
		defer timer.Stop()
		select {
		case <-timer.C:
			return GoneMsg{t.id}
		case <-done:
			return nil
		}
	}
}

// Update takes a toast away, and lets the next one stand.
func (m Model) Update(msg GoneMsg) (Model, tea.Cmd) {
	at := slices.IndexFunc(m.toasts, func(t toast) bool { return t.id == msg.id })
	if at < 0 {
		return m, nil
	}
	return m.without(at)
}

func (m Model) without(at int) (Model, tea.Cmd) {
	m.toasts = slices.Delete(slices.Clone(m.toasts), at, at+1)
	if len(m.toasts) < most {
		return m, nil
	}
	return m, m.stands(m.toasts[most-1])
}

// Dismiss takes away the toast at a row of the view.
func (m Model) Dismiss(row, width, height int) (Model, tea.Cmd) {
	for i, box := range m.boxes(width, height) {
		if row < len(box) {
			return m.without(i)
		}
		row -= len(box)
	}
	return m, nil
}

// View is the lines of the toasts that stand, each as wide as the others of its toast; none where width × height has no room
// for them.
func (m Model) View(width, height int) []string { return slices.Concat(m.boxes(width, height)...) }

func (m Model) boxes(width, height int) (boxes [][]string) {
	for _, t := range m.toasts[:min(len(m.toasts), most)] {
		box := m.box(t.text, min(width, maxWidth)-frame)
		if height -= len(box); height < 0 {
			break
		}
		boxes = append(boxes, box)
	}
	return boxes
}

func (m Model) box(text string, width int) []string {
	if width < 8 {
		return nil
	}
	lines := themes.Words(text, width)
	if len(lines) > maxLines {
		lines = lines[:maxLines]
		lines[maxLines-1] = ansi.Truncate(lines[maxLines-1], width-1, "") + "…"
	}
	wide := 0
	for _, l := range lines {
		wide = max(wide, ansi.StringWidth(l))
	}
	edge := func(left, right string) string {
		return m.theme.Paint(themes.Info, left+strings.Repeat("─", wide+2)+right)
	}
	box := []string{edge("╭", "╮")}
	for _, l := range lines {
		side := m.theme.Paint(themes.Info, "│")
		box = append(box, side+" "+l+strings.Repeat(" ", wide-ansi.StringWidth(l))+" "+side)
	}
	return append(box, edge("╰", "╯"))
}
