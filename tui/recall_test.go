package tui

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/sandrepl/sandrepl/history"
	"github.com/sandrepl/sandrepl/tui/dialog"
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

func TestWhatIsLikeTheSearchIsFoundAmongThousandsOfCells(t *testing.T) {
	store, err := history.Open(filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for i := range 1000 {
		code := fmt.Sprintf("x = %d", i)
		if i == 0 {
			code = "def needle():\n    pass"
		}
		if err := store.Add(context.Background(), history.Cell{ID: fmt.Sprint(i), Code: code, At: time.Unix(int64(i), 0), Outcome: history.OK}); err != nil {
			t.Fatal(err)
		}
	}
	m := New(Options{History: store})
	defer m.Close()
	for text, want := range map[string]int{"ndl": 1, "needle": 1, "x": found, "": found} {
		_, search := m.seek(dialog.QueryMsg{Number: 1, Text: text})
		items, ok := search().(dialog.ItemsMsg)
		if !ok || len(items.Items) != want {
			t.Errorf("%q finds %d cells, want %d", text, len(items.Items), want)
		}
	}
}
