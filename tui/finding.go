package tui

import (
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"github.com/sandrepl/sandrepl/history"
	"github.com/sandrepl/sandrepl/tui/dialog"
)

// A search lists so many cells at most, and looks among so many of the latest for what is like its text.
const (
	found  = 500
	looked = 5000
)

const (
	onlyHere   = "here"
	onlyFailed = "failed"
	onlyToday  = "today"
)

func (m Model) askCell() (tea.Model, tea.Cmd) {
	filter := func(id, keys, what string) dialog.Filter {
		return dialog.Filter{ID: id, Key: key.NewBinding(key.WithKeys(keys), key.WithHelp(keys, what))}
	}
	typed := m.editor.Value()
	if strings.Contains(typed, "\n") || m.editor.Reading() {
		typed = ""
	}
	finder, search := dialog.NewSearch(m.look.theme, findCell, "Cells of every sandbox", typed,
		filter(onlyHere, "alt+s", "this sandbox"), filter(onlyFailed, "alt+f", "failed"), filter(onlyToday, "alt+t", "today"))
	m.overlay = over[dialog.Finder]{finder}
	return m, search
}

// seek answers a finder's query from the history: the cells with every word first, then those that are like it.
func (m Model) seek(q dialog.QueryMsg) (tea.Model, tea.Cmd) {
	store, now := m.opts.History, time.Now()
	ask := history.Query{Failed: q.On[onlyFailed]}
	if q.On[onlyHere] {
		ask.SandboxID = m.status.sandbox
	}
	if q.On[onlyToday] {
		ask.Since = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	}
	return m, func() tea.Msg {
		like := ask
		ask.Text = strings.TrimSpace(q.Text)
		cells, err := store.Find(context.Background(), ask, found)
		if err == nil && ask.Text != "" && len(cells) < found {
			var latest []history.Cell
			latest, err = store.Find(context.Background(), like, looked)
			cells = append(cells, alike(ask.Text, latest)...)
		}
		if err != nil {
			return noticeMsg{err}
		}
		items := dialog.ItemsMsg{Number: q.Number}
		seen := map[string]bool{}
		for _, c := range cells {
			if len(items.Items) < found && !seen[c.Code] {
				seen[c.Code] = true
				items.Items = append(items.Items, cellItem(c, now))
			}
		}
		return items
	}
}

func alike(text string, cells []history.Cell) []history.Cell {
	codes := make([]string, len(cells))
	for i, c := range cells {
		codes[i] = c.Code
	}
	var like []history.Cell
	for _, match := range fuzzy.Find(strings.ReplaceAll(text, " ", ""), codes) {
		like = append(like, cells[match.Index])
	}
	return like
}

func cellItem(c history.Cell, now time.Time) dialog.Item {
	code := safeText(c.Code)
	title := strings.ReplaceAll(strings.TrimSpace(code), "\n", " ⏎ ")
	when := c.At.Format("Jan 2")
	if now.Sub(c.At) < 20*time.Hour {
		when = c.At.Format("15:04")
	}
	mark := ""
	if c.Outcome == history.Error {
		mark = "✗ "
	}
	return dialog.Item{ID: c.ID, Title: title, Note: mark + safeLine(c.SandboxID) + " " + when, Preview: code}
}
