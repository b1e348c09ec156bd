package tui

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/kernel"
	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/golden"
)

// statuses are the line's states, in the order of a session's life, each with the cells that wait.
func statuses() (all []struct {
	status status
	queued int
}) {
	now := time.Unix(1_795_000_000, 0)
	s := status{sandbox: "repl-1492e902", worker: "this machine", opening: now.Add(-1200 * time.Millisecond), now: now}
	add := func(s status, queued int) {
		all = append(all, struct {
			status status
			queued int
		}{s, queued})
	}
	add(s, 1)
	s = s.linked(session.Link{State: session.Connecting, Reason: "the container starts (3 s)"})
	add(s, 0)
	s = s.opened(session.Info{SandboxID: "repl-1492e902", Python: "3.11.7", Transport: session.Connect})
	s = s.linked(session.Link{State: session.Online, Transport: session.Connect, RoundTrip: 1512 * time.Microsecond})
	s = s.linked(session.Link{State: session.Online, Transport: session.Connect}) // keeps what was measured
	add(s, 0)
	add(s, 1)
	busy := s.kernel(session.Event{Cell: "a", Time: now.Add(-3 * time.Second)}, kernel.Status{State: "busy"})
	add(busy, 0)
	add(busy, 2)
	busy.asked = true
	add(busy, 0)
	busy.asked, busy.stopping = false, interrupting
	add(busy, 1)
	add(busy.linked(session.Link{State: session.Offline, Err: errors.New("cut"), Reason: "trying again in 0.4 s"}), 1)
	dead := busy.kernel(session.Event{Cell: "a", Time: now}, kernel.Status{State: "dead"})
	add(dead, 0)
	dead.stopping = restarting
	add(dead, 0)
	add(dead.kernel(session.Event{Time: now}, kernel.Status{State: "starting"}), 0)
	poll := s.linked(session.Link{State: session.Online, Transport: session.Poll, Reason: "this Worker has no connect", RoundTrip: 84 * time.Millisecond})
	poll.worker, poll.sandbox = "https://rlm-sandbox.example.workers.dev", "0199a2b4-7c1d-7e3f-9a5b-1492e9020001"
	add(poll, 0)
	add(s.failed(), 0)
	return all
}

func TestStatusViews(t *testing.T) {
	view := func(theme themes.Theme, width int) string {
		var lines []string
		for _, at := range statuses() {
			told, hints := at.status.segments(at.queued, "f1 help", "ctrl+d leave", "f4")
			line := drawn(theme, fitted(told, hints, width))
			if n := ansi.StringWidth(line); n > width {
				t.Errorf("%d columns in %d: %q", n, width, line)
			}
			lines = append(lines, line)
		}
		return strings.Join(lines, "\n")
	}
	for _, width := range []int{40, 80, 200} {
		golden.Check(t, "status-"+strconv.Itoa(width), ansi.Strip(view(themes.Dark(), width)))
	}
	golden.Check(t, "status-dark", view(themes.Dark(), 80))
	golden.Check(t, "status-light", view(themes.Light(), 80))
	for width := range 120 {
		view(themes.Dark(), width)
	}
}
