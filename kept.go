package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/sandrepl/sandrepl/history"
	"github.com/sandrepl/sandrepl/session"
)

// keptCells go into the history that the REPL searches. The zero value keeps none.
type keptCells struct {
	store  *history.Store
	author string
	fails  func(error) // says it once
}

func keepCells(stderr io.Writer, author string) keptCells {
	var once sync.Once
	k := keptCells{author: author, fails: func(err error) {
		once.Do(func() { fmt.Fprintln(stderr, "sandrepl: the cells are not in the history:", err) })
	}}
	store, err := history.Open(history.DefaultPath())
	if err != nil {
		k.fails(err)
		return k
	}
	k.store = store
	return k
}

// add keeps a cell that has ended; those of a session that was broken off have no id.
func (k keptCells) add(at session.Info, code string, r session.Result) {
	if k.store == nil || r.Cell == "" {
		return
	}
	err := k.store.Add(context.Background(), history.Cell{
		ID: r.Cell, SandboxID: at.SandboxID, Worker: at.Worker, Code: code, At: time.Now().Add(-r.Duration), Duration: r.Duration,
		Outcome: history.Outcome(r.Status), Author: k.author,
	})
	if err != nil {
		k.fails(err)
	}
}

func (k keptCells) close() {
	if k.store != nil {
		_ = k.store.Close()
	}
}
