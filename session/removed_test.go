package session_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/session"
)

// TestARemovedSandboxStaysRemoved: a session whose sandbox is removed says so, makes none, and makes one when it is asked to.
func TestARemovedSandboxStaysRemoved(t *testing.T) {
	server := serve(t)
	for _, transport := range []session.Transport{session.Connect, session.Poll} {
		t.Run(string(transport), func(t *testing.T) {
			w := way{"embedded", server.URL, transport}
			s, events := open(t, w, session.Options{Setup: "base = 1"})
			id := s.Info().SandboxID
			run(t, s, "gone = 1\nopen('/tmp/file', 'w').close()", session.OK)
			waited := make(chan session.Result, 1)
			go func() {
				r, err := s.Run(timeout(t), "print('begun')\nimport time\ntime.sleep(1000)")
				if err != nil {
					t.Errorf("who waited for the cell: %v", err)
				}
				waited <- r
			}()
			cell := events.wait(t, "the cell", printed("begun\n")).Cell
			c := rawClient(t, w)
			if err := c.Destroy(timeout(t), id); err != nil {
				t.Fatal(err)
			}
			ended := events.wait(t, "the end", is(func(l session.Link) bool { return l.State == session.Ended }))
			if err := ended.Body.(session.Link).Err; !errors.Is(err, client.ErrNoSandbox) {
				t.Errorf("it ended by %v", err)
			}
			events.wait(t, "the lost cell", func(e session.Event) bool {
				r, ok := e.Body.(session.Reply)
				return ok && e.Cell == cell && r.Status == session.Lost
			})
			if r := <-waited; r.Status != session.Lost || r.Failure == nil {
				t.Errorf("who waited for the cell got %+v", r)
			}
			if _, err := s.Run(timeout(t), "1"); !errors.Is(err, session.ErrEnded) || !errors.Is(err, client.ErrNoSandbox) {
				t.Errorf("a cell then: %v", err)
			}
			left, err := c.List(timeout(t))
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range left {
				if l.ID == id {
					t.Errorf("it is there again: %+v", left)
				}
			}
			if err := s.Restart(timeout(t)); err != nil {
				t.Fatal(err)
			}
			events.wait(t, "new kernel", is(func(k session.NewKernel) bool { return k.Recycled }))
			if r := run(t, s, "import os\n'gone' in globals(), os.path.exists('/tmp/file'), base", session.OK); r.Value != "(False, False, 1)" {
				t.Errorf("got %s", r.Value)
			}
		})
	}
}

// TestARestartOfWhatCannotBeSaysWhy: each try ends in its own reason, and one that can be brings the session back.
func TestARestartOfWhatCannotBeSaysWhy(t *testing.T) {
	var mu sync.Mutex
	var why error
	var anews []bool
	w := way{"embedded", serve(t).URL, session.Auto}
	s, events := open(t, w, session.Options{Reach: func(_ context.Context, anew bool) error {
		mu.Lock()
		defer mu.Unlock()
		anews = append(anews, anew)
		if why != nil {
			return errors.Join(session.ErrOver, why)
		}
		return nil
	}})
	set := func(err error) error {
		mu.Lock()
		defer mu.Unlock()
		why = err
		return err
	}
	ends := func(err error) {
		t.Helper()
		events.wait(t, "the end by "+err.Error(), is(func(l session.Link) bool { return l.State == session.Ended && errors.Is(l.Err, err) }))
	}
	run(t, s, "x = 1", session.OK)
	first := set(errors.New("no server today"))
	if err := rawClient(t, w).Destroy(timeout(t), s.Info().SandboxID); err != nil {
		t.Fatal(err)
	}
	ends(first)
	second := set(errors.New("nor tomorrow"))
	if err := s.Restart(timeout(t)); err != nil {
		t.Fatal(err)
	}
	ends(second)
	_ = set(nil)
	if err := s.Restart(timeout(t)); err != nil {
		t.Fatal(err)
	}
	events.wait(t, "new kernel", is(func(session.NewKernel) bool { return true }))
	run(t, s, "x = 2", session.OK)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if want := []bool{true, false, true, true}; !slices.Equal(anews, want) {
		t.Errorf("reached with %v, want %v", anews, want)
	}
}

// TestASessionThatEndedIsClosed though nobody restarts it.
func TestASessionThatEndedIsClosed(t *testing.T) {
	w := way{"embedded", serve(t).URL, session.Auto}
	s, events := open(t, w, session.Options{})
	if err := rawClient(t, w).Destroy(timeout(t), s.Info().SandboxID); err != nil {
		t.Fatal(err)
	}
	events.wait(t, "the end", is(func(l session.Link) bool { return l.State == session.Ended }))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(timeout(t), "1"); !errors.Is(err, session.ErrClosed) {
		t.Errorf("a closed session: %v", err)
	}
}
