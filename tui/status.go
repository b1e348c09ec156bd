package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/themes"
)

// status is what the last line of the screen tells.
type status struct {
	sandbox  string
	worker   string
	python   string
	link     session.Link
	cell     string    // the one that runs
	since    time.Time // when it began
	now      time.Time
	opening  time.Time // when the session began to open; zero once it is open
	note     string    // what the last message led to; a toast tells it
	playing  string    // where one is in a script
	mode     string    // vi's
	stopping string    // what was asked of the kernel: to interrupt, to restart; until it has
	asking   time.Time // when that was asked
	asked    bool      // something waits for what is typed
	next     int       // the number that the next cell will have
	dead     bool      // there is no session
	gone     bool      // the kernel ended
	silent   bool      // the kernel does not answer
	ticking  bool
	meter    meter
}

// stubborn is how long an interrupt may take until the way past it is told.
const stubborn = 3 * time.Second

// What is asked of a kernel.
const (
	interrupting = "interrupting"
	restarting   = "restarting"
)

func newStatus(opts Options) status {
	now := time.Now()
	return status{sandbox: opts.SandboxID, worker: opts.Worker, opening: now, now: now, meter: meter{instance: opts.Instance, began: now}}
}

func (s status) opened(info session.Info) status {
	s.sandbox, s.python, s.opening = safeLine(info.SandboxID), safeLine(info.Python), time.Time{}
	if s.link.State != session.Online {
		s.link = session.Link{State: session.Online, Transport: info.Transport, Reason: info.Reason, RoundTrip: info.RoundTrip}
	}
	return s
}

func (s status) failed() status {
	s.opening, s.dead, s.link, s.stopping = time.Time{}, true, session.Link{}, ""
	return s
}

func (s status) at(playing, mode string) status {
	s.playing, s.mode = playing, mode
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
	switch {
	case l.Silent:
		s.silent = true
	case l.State == session.Offline:
		s.silent = errors.Is(l.Err, session.ErrSilent)
	case l.Transport == session.Connect && l.RoundTrip > 0:
		s.silent = false
	}
	if l.RoundTrip == 0 && l.State == session.Online && s.link.State == session.Online {
		l.RoundTrip = s.link.RoundTrip
	}
	if s.link = l; l.State == session.Online {
		s.opening, s.dead = time.Time{}, false
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
		s.cell, s.since, s.gone = e.Cell, e.Time, false
		if s.since.After(s.now) {
			s.since = s.now
		}
	case "idle", "starting":
		s.cell, s.since, s.stopping, s.gone = "", time.Time{}, "", false
	case "dead":
		s.cell, s.since, s.stopping, s.gone = "", time.Time{}, "", true
	}
	return s
}

func (s status) busy() bool { return s.cell != "" }

// grows reports whether the line changes as time passes.
func (s status) grows() bool { return s.busy() || !s.opening.IsZero() }

// state is the one thing that matters most now, and its role. Queued is the cells that wait for their turn.
func (s status) state(queued int, restart string) (string, themes.Role) {
	waiting := ""
	if queued > 0 {
		waiting = fmt.Sprintf(" +%d queued", queued)
	}
	switch {
	case s.dead:
		return "✗ no session", themes.Error
	case !s.opening.IsZero():
		if s.link.Reason != "" { // it says for how long, too
			return "◌ " + safeLine(s.link.Reason) + waiting, themes.Warning
		}
		return fmt.Sprintf("◌ starting %.1f s", s.now.Sub(s.opening).Seconds()) + waiting, themes.Warning
	case s.busy() && s.silent && s.stopping == "":
		return fmt.Sprintf("● busy %s, not answering: C code, most likely", elapsed(s.now.Sub(s.since))) + waiting, themes.Warning
	case s.link.State == session.Offline:
		return "✗ line cut, " + reconnecting(s.link) + waiting, themes.Error
	case s.link.State == session.Connecting:
		return "◌ " + safeLine(s.link.Reason) + waiting, themes.Warning
	case s.stopping == interrupting && s.busy():
		text := "◌ interrupting, busy " + elapsed(s.now.Sub(s.since))
		if s.now.Sub(s.asking) > stubborn {
			text += ", does not stop: " + restart + " restarts"
		}
		return text + waiting, themes.Warning
	case s.stopping != "":
		return "◌ " + s.stopping + waiting, themes.Warning
	case s.asked:
		return "? waiting for your input" + waiting, themes.Warning
	case s.busy():
		return "● busy " + elapsed(s.now.Sub(s.since)) + waiting, themes.Accent
	case s.gone:
		return "✗ the kernel ended, a new one starts" + waiting, themes.Error
	case queued > 0:
		return fmt.Sprintf("◌ sent %d", queued), themes.Accent
	}
	return "● idle", themes.Success
}

// roughly is a round trip as far as it is one link's: what differs from one to the next would be drawn again and again.
func roughly(d time.Duration) string {
	step := 10 * time.Millisecond
	switch {
	case d < 2*time.Millisecond:
		return "< 2 ms"
	case d < 10*time.Millisecond:
		step = time.Millisecond
	case d < 100*time.Millisecond:
		step = 5 * time.Millisecond
	}
	return fmt.Sprintf("%d ms", d.Round(step).Milliseconds())
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

// whereabouts says where the sandbox is.
func (s status) whereabouts() string {
	if strings.Contains(s.worker, "://") {
		return "at " + s.worker
	}
	return "on " + s.worker
}

// line is the way to the kernel, and how long it takes.
func (s status) line() string {
	if s.link.Transport == "" {
		return ""
	}
	link := string(s.link.Transport)
	if s.link.Transport == session.Poll {
		link = "polling"
	}
	if s.link.RoundTrip > 0 {
		link += " " + roughly(s.link.RoundTrip)
	}
	return link
}

// maxID is how much of a sandbox's id is told: of a longer one its ends.
const maxID = 24

func shortID(id string) string {
	if width := ansi.StringWidth(id); width > maxID {
		return ansi.Truncate(id, maxID-9, "") + "…" + ansi.TruncateLeft(id, width-8, "")
	}
	return id
}

// A segment is one thing that the line tells. Those of a lower rank are there first when there is no room for all.
type segment struct {
	text string
	role themes.Role
	rank int
	does string // the command that a click on it runs
	hint bool   // it stands at the right
	at   int    // the column where it begins, when it is shown
}

// segments are all that there is to tell, in the order in which they stand; hints stand at the line's right end.
func (s status) segments(queued int, help, leave, restart string) (told, hints []segment) {
	state, role := s.state(queued, restart)
	muted := func(rank int, text, does string) segment {
		return segment{text: text, role: themes.Muted, rank: rank, does: does}
	}
	told = []segment{
		{text: state, role: role, rank: 0},
		{text: strings.Trim(s.mode+" │ "+s.playing, " │"), role: themes.Accent, rank: 1},
		muted(3, shortID(s.sandbox), copyID), muted(5, s.worker, ""), muted(4, s.line(), ""),
	}
	if s.link.Transport == session.Poll {
		told = append(told, muted(6, safeLine(s.link.Reason), ""))
	}
	told = append(told, muted(7, s.meter.view(s.now), ""))
	if s.python != "" {
		told = append(told, muted(8, "Python "+s.python, ""))
	}
	hints = []segment{muted(2, help, "session.help"), muted(9, leave, "session.quit")}
	for i := range hints {
		hints[i].hint = true
	}
	return told, hints
}

const (
	segmentGap = 3 // columns, of " │ "
	hintGap    = 2
)

// fitted are the segments that there is room for, with their columns.
func fitted(told, hints []segment, width int) (shown []segment) {
	told, hints = slices.Clone(told), slices.Clone(hints)
	told[0].text = ansi.Truncate(told[0].text, max(width-1, 0), "…")
	used := 1 + ansi.StringWidth(told[0].text)
	keep := map[int]bool{0: true}
	for rank := 1; rank < 10; rank++ {
		for _, group := range [][]segment{told, hints} {
			for _, s := range group {
				cost := ansi.StringWidth(s.text) + segmentGap
				if s.rank == rank && s.text != "" && used+cost <= width {
					used += cost
					keep[rank] = true
				}
			}
		}
	}
	at := 1
	for _, s := range told {
		if keep[s.rank] && s.text != "" {
			s.at = at
			shown = append(shown, s)
			at += ansi.StringWidth(s.text) + segmentGap
		}
	}
	end := width - 1
	right := len(shown)
	for _, s := range slices.Backward(hints) {
		if keep[s.rank] && s.text != "" {
			end -= ansi.StringWidth(s.text)
			s.at = end
			shown = slices.Insert(shown, right, s)
			end -= hintGap
		}
	}
	return shown
}

// told is what of the status line there is room for.
func (m Model) told() []segment {
	told, hints := m.status.at(m.play.place(), m.viMode()).segments(m.queued(), m.keys.Help.Help().Key+" help", m.keys.Quit.Help().Key+" leave", m.keys.Restart.Help().Key)
	return fitted(told, hints, m.look.width)
}

// queued is how many cells of this screen wait for their turn.
func (m Model) queued() int {
	n := len(m.waiting)
	for id := range m.cells.mine {
		if _, runs := m.cells.running[id]; !runs {
			n++
		}
	}
	return n
}

func (m Model) statusLine() string { return drawn(m.look.theme, m.told()) }

// drawn is the segments in their columns.
func drawn(theme themes.Theme, shown []segment) string {
	line, used := "", 0
	for i, s := range shown {
		gap := strings.Repeat(" ", max(s.at-used, 0))
		if i > 0 && !s.hint {
			gap = theme.Paint(themes.Faint, " │ ")
		}
		line += gap + theme.Paint(s.role, s.text)
		used = s.at + ansi.StringWidth(s.text)
	}
	return line
}

// copyID is what a click on the sandbox's id does: it is no command, for the id is typed nowhere but elsewhere.
const copyID = "copy"

// pressStatus does what the part of the line stands for that is clicked.
func (m Model) pressStatus(click tea.MouseClickMsg) (tea.Model, tea.Cmd) {
	for _, s := range m.told() {
		if click.Button != tea.MouseLeft || click.X < s.at || click.X >= s.at+ansi.StringWidth(s.text) {
			continue
		}
		switch s.does {
		case "":
		case copyID:
			m.status.note = "copied the sandbox's id"
			return m, tea.SetClipboard(m.status.sandbox)
		case "session.quit":
			return m, m.leave()
		default:
			return m.perform(s.does)
		}
	}
	return m, nil
}
