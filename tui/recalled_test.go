package tui_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sandrepl/sandrepl/history"
)

// TestWhatExecRanIsSearchedAndNotRecalled: up goes through what was typed in a REPL, ctrl+r finds all that a person ran.
func TestWhatExecRanIsSearchedAndNotRecalled(t *testing.T) {
	p := newPlace(t)
	store, err := history.Open(filepath.Join(p.history, "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []history.Cell{{ID: "a", Code: "typed = 'in a REPL'", Author: history.ByUser}, {ID: "b", Code: "given = 'to exec'", Author: history.ByExec}} {
		c.SandboxID, c.Worker, c.Outcome, c.At = "elsewhere", "w", history.OK, time.Now().Add(time.Duration(i)*time.Second-time.Hour)
		if err := store.Add(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	s := start(t, p, 120, 36)
	s.shows("idle")
	s.press(up)
	if screen := s.shows("typed = 'in a REPL'"); strings.Contains(screen, "to exec") {
		t.Errorf("up shows it:\n%s", screen)
	}
	s.press(ctrlC + "\x12given")
	s.shows("given = 'to exec'")
}
