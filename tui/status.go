package tui

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/themes"
)

// status is what the last line of the screen tells.
type status struct {
	sandbox string
	worker  string
	python  string
	link    session.Link
	cell    string    // the one that runs
	since   time.Time // when it began
	now     time.Time
	opening time.Time // when the session began to open; zero once it is open
	note    string    // what the last key led to; gone with the next event
	asked   bool      // something waits for what is typed
	next    int       // the number that the next cell will have
	dead    bool
	silent  bool // the kernel does not answer
	ticking bool
	meter   meter
}

func newStatus(opts Options) status {
	now := time.Now()
	return status{sandbox: opts.SandboxID, worker: opts.Worker, opening: now, now: now, meter: meter{instance: opts.Instance, began: now}}
}

func (s status) opened(info session.Info) status {
	s.sandbox, s.python, s.opening, s.note = safeLine(info.SandboxID), safeLine(info.Python), time.Time{}, ""
	if s.link.State != session.Online {
		s.link = session.Link{State: session.Online, Transport: info.Transport, Reason: info.Reason, RoundTrip: info.RoundTrip}
	}
	return s
}

func (s status) failed(why session.Explanation) status {
	s.opening, s.dead, s.note = time.Time{}, true, safeLine(why.What)
	return s
}

// reopening is while a session is brought back that there was not.
func (s status) reopening() status {
	s.now = time.Now()
	s.opening, s.dead, s.note = s.now, false, ""
	s.link = session.Link{}
	return s
}

func (s status) linked(l session.Link) status {
	if s.link = l; l.State == session.Online {
		s.opening, s.dead = time.Time{}, false
	}
	switch {
	case l.Silent:
		s.silent = true
	case l.State == session.Offline:
		s.silent = errors.Is(l.Err, session.ErrSilent)
	case l.Transport == session.Connect && l.RoundTrip > 0:
		s.silent = false
	}
	return s
}

func (s status) kernel(e session.Event, k session.Status) status {
	if k.State == "idle" && e.Cell != s.cell { // it was queued, and is dropped
		return s
	}
	s.silent = false
	s.meter = s.meter.kernel(k.State, e.Time, s.now)
	switch k.State {
	case "busy":
		s.cell, s.since, s.note = e.Cell, e.Time, ""
		if s.since.After(s.now) {
			s.since = s.now
		}
	case "idle", "starting":
		s.cell, s.since, s.note = "", time.Time{}, ""
	case "dead":
		s.cell, s.since, s.note = "", time.Time{}, "the kernel ended: a new one starts"
	}
	return s
}

func (s status) busy() bool { return s.cell != "" }

// grows reports whether the line changes as time passes.
func (s status) grows() bool { return s.busy() || !s.opening.IsZero() }

// state is the one thing that matters most now, and its role.
func (s status) state() (string, themes.Role) {
	switch {
	case s.dead:
		return "✗ no session", themes.Error
	case !s.opening.IsZero():
		what := "starting"
		if s.link.Reason != "" {
			what = safeLine(s.link.Reason)
		}
		return fmt.Sprintf("◌ %s %.1f s", what, s.now.Sub(s.opening).Seconds()), themes.Warning
	case s.busy() && s.silent:
		return fmt.Sprintf("● busy %s, not answering: C code, most likely", elapsed(s.now.Sub(s.since))), themes.Warning
	case s.link.State == session.Offline:
		return "✗ line cut, " + reconnecting(s.link), themes.Error
	case s.link.State == session.Connecting:
		return "◌ " + safeLine(s.link.Reason), themes.Warning
	case s.asked:
		return "? waiting for your input", themes.Warning
	case s.busy():
		return fmt.Sprintf("● busy %s", elapsed(s.now.Sub(s.since))), themes.Accent
	}
	return "● idle", themes.Success
}

func reconnecting(l session.Link) string {
	if l.Reason != "" {
		return l.Reason
	}
	return "joining again"
}

func elapsed(d time.Duration) string {
	d = max(d, 0)
	if d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Truncate(time.Second).String()
}

// place says where the cells run, most important first.
func (s status) place() []string {
	parts := []string{s.sandbox, s.worker}
	if s.link.Transport != "" {
		link := string(s.link.Transport)
		if s.link.Transport == session.Poll {
			link = "polling"
		}
		if s.link.RoundTrip > 0 {
			link += fmt.Sprintf(" %.1f ms", float64(s.link.RoundTrip.Microseconds())/1000)
		}
		parts = append(parts, link)
		if s.link.Transport == session.Poll {
			parts = append(parts, safeLine(s.link.Reason))
		}
	}
	parts = append(parts, s.meter.view(s.now))
	if s.python != "" {
		parts = append(parts, "Python "+s.python)
	}
	return parts
}

// view fits the line into the width: the state always, then as much of the rest as there is room for.
func (s status) view(theme themes.Theme, width int) string {
	text, role := s.state()
	text = ansi.Truncate(" "+text, width, "…")
	line, used := theme.Paint(role, text), ansi.StringWidth(text)
	add := func(part string, role themes.Role) {
		if w := ansi.StringWidth(part) + 3; part != "" && used+w <= width {
			line += theme.Paint(themes.Faint, " │ ") + theme.Paint(role, part)
			used += w
		}
	}
	add(s.note, themes.Warning)
	for _, part := range s.place() {
		add(part, themes.Muted)
	}
	for _, hint := range []string{"f1 help  ctrl+d leave ", "f1 help "} {
		if gap := width - used - ansi.StringWidth(hint); gap >= 2 {
			return line + strings.Repeat(" ", gap) + theme.Paint(themes.Muted, hint)
		}
	}
	return line
}
