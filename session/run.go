package session

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/sandrepl/sandrepl/kernel"
)

// A Result is a cell that ended, all of it.
type Result struct {
	Cell     string
	Number   int    // its execution count, 0 when it never ran
	Status   string // OK, Error, Aborted or Lost
	Stdout   string
	Stderr   string
	HasValue bool   // the last statement was an expression, and not None
	Value    string // its value as text
	Failure  *Failure
	Duration time.Duration
}

// interruptGrace is how long Run waits for a cell that it interrupted.
const interruptGrace = 5 * time.Second

// Run executes a cell and waits for its end; its events come to OnEvent as well. A cell
// that raised is a Result, not an error. When ctx ends first the cell is interrupted or, still queued, dropped, and
// Run returns what there is of its Result beside the error.
func (s *Session) Run(ctx context.Context, code string) (Result, error) {
	r := &run{id: uuid.NewString(), done: make(chan struct{})}
	err := s.await(ctx, r, func() error { return s.executeAs(r.id, code) }, func() error { return s.interrupt(r.id) })
	if err != nil {
		err = fmt.Errorf("run a cell: %w", err)
	}
	if !r.over() {
		return Result{Cell: r.id, Status: Lost}, err
	}
	return r.result(), err
}

// Snapshot asks for the whole namespace as it is between two cells, each value's text
// up to limit characters long.
func (s *Session) Snapshot(ctx context.Context, limit int) ([]Variable, error) {
	r := &run{id: uuid.NewString(), done: make(chan struct{})}
	ask := func() error { return s.request(r.id, kernel.MethodLocals, kernel.LocalsParams{ValueLimit: limit}) }
	err := s.await(ctx, r, ask, func() error { return nil })
	if err != nil {
		return nil, fmt.Errorf("read the locals: %w", err)
	}
	slices.SortFunc(r.locals, func(a, b Variable) int { return strings.Compare(a.Name, b.Name) })
	return r.locals, nil
}

// await registers a run, starts it, and waits for its end; when ctx ends before, it
// stops the run and waits a little longer, so that what stops it is on its way.
func (s *Session) await(ctx context.Context, r *run, start, stop func() error) error {
	s.mu.Lock()
	s.runs[r.id] = r
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.runs, r.id)
		s.mu.Unlock()
	}()
	if err := start(); err != nil {
		return err
	}
	select {
	case <-r.done:
	case <-s.done: // r was begun too late for its end
		return ErrClosed
	case <-ctx.Done():
		if err := stop(); err != nil {
			return err
		}
		select {
		case <-r.done:
		case <-s.done:
		case <-time.After(interruptGrace):
		}
		return ctx.Err()
	}
	switch {
	case r.ended:
		return nil
	case r.err != nil:
		return r.err
	}
	return ErrClosed
}

// A run gathers the events of one request.
type run struct {
	id     string
	ended  bool
	err    error // why it will not end
	done   chan struct{}
	stdout strings.Builder
	stderr strings.Builder
	value  Value
	fail   *Failure
	reply  Reply
	locals []Variable
}

// over reports whether the run ended, so that what it gathered may be read.
func (r *run) over() bool {
	select {
	case <-r.done:
		return r.ended
	default:
		return false
	}
}

// take is called by one goroutine; what it wrote is read after done is closed.
func (r *run) take(e Event) {
	if r.ended {
		return
	}
	switch b := e.Body.(type) {
	case Stream:
		if b.Name == "stderr" {
			r.stderr.WriteString(b.Text)
		} else {
			r.stdout.WriteString(b.Text)
		}
	case Value:
		r.value = b
	case Failure:
		r.fail = &b
	case Reply:
		r.reply = b
		r.end()
	case LocalsChange:
		if b.Full { // what was asked for, not what a cell changes while it runs
			r.locals = b.Changed
			r.end()
		}
	}
}

func (r *run) end() {
	r.ended = true
	close(r.done)
}

func (r *run) result() Result {
	return Result{
		Cell: r.id, Number: number(r.reply.ExecutionCount), Status: r.reply.Status,
		Stdout: r.stdout.String(), Stderr: r.stderr.String(), HasValue: r.value.Data != nil, Value: PlainText(r.value.Data), Failure: r.fail,
		Duration: time.Duration(r.reply.Duration * float64(time.Second)),
	}
}

// number is a count, or 0 for none.
func number(count *int) int {
	if count == nil {
		return 0
	}
	return *count
}

// PlainText is the text of a value's forms, or a line that names what there is instead.
func PlainText(data map[string]string) string {
	if text, ok := data["text/plain"]; ok || len(data) == 0 {
		return text
	}
	return "<" + strings.Join(slices.Sorted(maps.Keys(data)), ", ") + ">"
}
