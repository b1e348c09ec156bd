package tui

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/sandrepl/sandrepl/history"
)

func TestACellThatEndsAtOnceIsFinishedInTheHistory(t *testing.T) {
	store, err := history.Open(filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	m := New(Options{History: store})
	defer m.Close()
	kept := m.cells.own("c1")
	finished := make(chan any)
	finish := m.finish(m.cells.end("c1"), "c1", history.Error, time.Second)
	go func() { finished <- finish() }() // before the history has it
	if told := m.keep(kept, history.Cell{ID: "c1", Code: "1/0", At: time.Now(), Outcome: history.Running})(); told != nil {
		t.Errorf("kept: %v", told)
	}
	if told := <-finished; told != nil {
		t.Errorf("finished: %v", told)
	}
	cells, err := store.Recent(context.Background(), "", 1)
	if err != nil || len(cells) != 1 || cells[0].Outcome != history.Error {
		t.Errorf("the history has %+v, %v", cells, err)
	}
}
