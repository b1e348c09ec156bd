package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/session"
)

// TestAConflictIsToldOnceInAKernelsLife: an agent that counts up has it anew in each of its cells.
func TestAConflictIsToldOnceInAKernelsLife(t *testing.T) {
	m := New(Options{})
	defer m.queue.end()
	take := func(seq int64, body session.Body) {
		next, _ := m.Update(eventsMsg{{Seq: seq, Body: body}})
		m = next.(Model)
	}
	sized, _ := m.Update(tea.WindowSizeMsg{Width: 120, Height: 30})
	m = sized.(Model)
	told := func() int { return strings.Count(m.View().Content, "which you have changed too") }
	take(1, session.Conflict{Name: "total", Kept: "total_agent"})
	take(2, session.Conflict{Name: "total", Kept: "total_agent"})
	if told() != 1 {
		t.Errorf("told %d times", told())
	}
	take(3, session.Conflict{Name: "rows", Kept: "rows_agent"})
	take(4, session.Status{State: "starting"})
	take(5, session.Conflict{Name: "total", Kept: "total_agent"})
	if told() != 3 {
		t.Errorf("told %d times:\n%s", told(), m.View().Content)
	}
}
