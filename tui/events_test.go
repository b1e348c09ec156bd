package tui

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/session"
)

// TestABatchMayBeTakenInParts holds that what is left of a batch when others are to have their turn comes after them, in order.
func TestABatchMayBeTakenInParts(t *testing.T) {
	var batch eventsMsg
	for i := range 10 {
		batch = append(batch, session.Event{Cell: "a", Body: session.Stream{Name: "stdout", Text: fmt.Sprintf("line %d\n", i)}})
	}
	whole, _ := sized().take(batch, func() bool { return false })
	m, turns := sized(), 0
	for rest := batch; len(rest) > 0; turns++ {
		next, cmd := m.take(rest, func() bool { return true })
		m, rest = next.(Model), nil
		if turns+1 < len(batch) {
			if all, several := cmd().(tea.BatchMsg); several {
				cmd = all[len(all)-1]
			}
			rest = cmd().(eventsMsg)
		}
	}
	if want := len(batch); turns != want {
		t.Errorf("%d turns, want %d", turns, want)
	}
	if got, want := m.View().Content, whole.(Model).View().Content; got != want {
		t.Errorf("in parts:\n%s\nas a whole:\n%s", got, want)
	}
}

func sized() Model {
	next, _ := New(Options{}).Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	return next.(Model)
}
