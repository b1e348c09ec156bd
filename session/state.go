package session

import (
	"slices"
	"strings"

	"github.com/sandrepl/sandrepl/kernel"
)

// state is what a session knows of its kernel: the sum of the events that came.
type state struct {
	journal string
	epoch   string
	pid     int
	seq     int64  // of the last event
	running string // the cell that runs, or ""
	locals  locals
	marked  string // the cell whose marks the locals have
}

// position is where to go on in a kernel's journal. When a session opens that is where
// its latest part begins, or with skipPast its end; and later, in a journal that is new, its start.
func (s *state) position(conn kernel.Connection, skipPast bool) position {
	switch {
	case s.journal == "" && skipPast:
		return position{conn.Journal, conn.Last}
	case s.journal == "":
		return position{conn.Journal, conn.Recent}
	case s.journal != conn.Journal:
		return position{conn.Journal, 0}
	}
	return position{conn.Journal, s.seq}
}

// joined notes the kernel that answers from here on, and reports whether it is another one
// than before, and whether its whole container is.
func (s *state) joined(conn kernel.Connection, from position) (other, recycled bool) {
	other = s.epoch != "" && s.epoch != conn.Epoch
	recycled = other && s.journal != conn.Journal
	s.journal, s.epoch, s.pid, s.seq = conn.Journal, conn.Epoch, conn.PID, from.seq
	return other, recycled
}

// number notes an event's number. It reports false for one that came before, and the
// numbers that are missing before it.
func (s *state) number(seq int64) (fresh bool, missed *Missed) {
	switch {
	case seq <= s.seq:
		return false, nil
	case seq > s.seq+1:
		missed = &Missed{First: s.seq + 1, Last: seq - 1}
	}
	s.seq = seq
	return true, missed
}

func (s *state) apply(e Event) {
	switch b := e.Body.(type) {
	case Status:
		switch {
		case b.State == kernel.StateBusy:
			s.running = e.Cell
		case b.State == kernel.StateStarting, b.State == kernel.StateDead, e.Cell == s.running: // a queued one that was dropped is told idle, too
			s.running = ""
		}
		if b.State == kernel.StateStarting {
			s.locals = locals{}
		}
	case LocalsChange:
		if e.Cell != s.marked {
			s.locals.unmark()
			s.marked = e.Cell
		}
		s.locals.apply(b)
	}
}

// locals is a namespace as last heard of, by name.
type locals map[string]Variable

func (l locals) apply(c LocalsChange) {
	if c.Full {
		clear(l)
	}
	for _, v := range c.Changed {
		l[v.Name] = v
	}
	for _, name := range c.Deleted {
		delete(l, name)
	}
}

// unmark ends all marks: those of one cell's events add up.
func (l locals) unmark() {
	for name, v := range l {
		if v.Mark != "" {
			v.Mark = ""
			l[name] = v
		}
	}
}

func (l locals) rows() []Variable {
	rows := make([]Variable, 0, len(l))
	for _, v := range l {
		rows = append(rows, v)
	}
	slices.SortFunc(rows, func(a, b Variable) int { return strings.Compare(a.Name, b.Name) })
	return rows
}
