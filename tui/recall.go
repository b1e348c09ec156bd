package tui

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/history"
	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/tui/transcript"
)

// recalled is how many cells up and down go through.
const recalled = 1000

// History is where cells are kept across sandboxes and days.
type History interface {
	Add(context.Context, history.Cell) error
	Finish(context.Context, string, history.Outcome, time.Duration) error
	Recent(ctx context.Context, sandboxID string, limit int) ([]history.Cell, error)
	Find(ctx context.Context, q history.Query, limit int) ([]history.Cell, error)
}

// forgetful stands in for a history that could not be opened.
type forgetful struct{}

func (forgetful) Add(context.Context, history.Cell) error { return nil }
func (forgetful) Finish(context.Context, string, history.Outcome, time.Duration) error {
	return nil
}
func (forgetful) Find(context.Context, history.Query, int) ([]history.Cell, error) { return nil, nil }
func (forgetful) Recent(context.Context, string, int) ([]history.Cell, error)      { return nil, nil }

// recall walks through earlier cells: those that begin as what was typed before the cursor when it set out. At zero the user's
// own draft stands in the editor; a cell that was changed there is a draft too.
type recall struct {
	cells  []string // newest first
	at     int
	shown  string // the one at that place
	draft  string
	prefix string
}

// step returns the text to show, one cell older or newer than the one shown. typed is what stands before the cursor.
func (r recall) step(older bool, current, typed string) (recall, string, bool) {
	next := r
	if r.at == 0 || current != r.shown {
		next.draft, next.prefix = current, typed
	}
	by := -1
	if older {
		by = 1
	}
	for next.at += by; next.at > 0 && next.at <= len(r.cells); next.at += by {
		next.shown = r.cells[next.at-1]
		if next.shown != current && strings.HasPrefix(next.shown, next.prefix) {
			return next, next.shown, true
		}
	}
	if next.at == 0 {
		return next, next.draft, true
	}
	return r, "", false
}

// add puts a cell that was just run first.
func (r recall) add(code string) recall {
	if len(r.cells) == 0 || r.cells[0] != code {
		r.cells = append([]string{code}, r.cells...)
	}
	r.at, r.draft = 0, ""
	return r
}

// suggesting hands the earlier cells to the editor, which shows in grey how one that begins as what is typed goes on.
func (m Model) suggesting() Model {
	m.editor = m.editor.SetSuggestions(m.recall.cells)
	return m
}

type recentMsg []string

func (m Model) loadRecent() tea.Msg {
	cells, err := m.opts.History.Recent(context.Background(), "", recalled)
	if err != nil {
		return noticeMsg{err}
	}
	var recent recentMsg
	for _, c := range cells {
		if c.Author == history.ByExec { // found by a search; what up goes through was typed in a REPL
			continue
		}
		if len(recent) == 0 || recent[len(recent)-1] != c.Code {
			recent = append(recent, c.Code)
		}
	}
	return recent
}

// emptyMsg says that a sandbox which the history knows has nothing of what was in it, and when its user was last there.
type emptyMsg time.Time

// lastHere looks for earlier cells of a sandbox whose kernel had to be started.
func (m Model) lastHere(info session.Info) tea.Cmd {
	if !info.Started {
		return nil
	}
	store, came := m.opts.History, m.status.meter.began
	return func() tea.Msg {
		cells, err := store.Recent(context.Background(), info.SandboxID, recalled)
		if err != nil {
			return noticeMsg{err}
		}
		for _, c := range cells {
			if c.Worker == info.Worker && c.At.Before(came) {
				return emptyMsg(c.At)
			}
		}
		return nil
	}
}

func (m Model) empty(last emptyMsg) Model {
	text := "The variables of %s, when you were last in this sandbox, are gone: it was stopped or removed."
	if m.opts.Instance != nil {
		text = "The variables of %s, when you were last in this sandbox, are gone: it slept, as a container does 10 minutes after its last request, or it was removed."
	}
	m.transcript = m.transcript.Notice(transcript.Warning, fmt.Sprintf(text, time.Time(last).Format("2006-01-02 15:04")))
	return m
}

// keep adds a cell to the history, and tells whether it is there.
func (m Model) keep(kept chan<- bool, c history.Cell) tea.Cmd {
	store := m.opts.History
	return func() tea.Msg {
		err := store.Add(context.Background(), c)
		kept <- err == nil
		if err != nil {
			return noticeMsg{err}
		}
		return nil
	}
}

// finish waits for keep, which a fast cell would else overtake.
func (m Model) finish(kept <-chan bool, id string, outcome history.Outcome, took time.Duration) tea.Cmd {
	store := m.opts.History
	return func() tea.Msg {
		if !<-kept {
			return nil
		}
		if err := store.Finish(context.Background(), id, outcome, took); err != nil {
			return noticeMsg{err}
		}
		return nil
	}
}
