package tui

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/history"
	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/tui/locals"
	"github.com/sandrepl/sandrepl/tui/sanitize"
	"github.com/sandrepl/sandrepl/tui/transcript"
)

// cells is what the root keeps of cells that have not ended.
type cells struct {
	mine    map[string]chan bool // submitted here: the history is ours to finish, once it tells that it has the cell
	running map[string]time.Time
	output  map[stream]*sanitize.Output
	told    map[session.Conflict]bool // conflicts that this kernel's life has had

	discarded bool // the kernel's journal drops what is old, and that was told
}

type stream struct{ cell, name string }

func newCells() cells {
	return cells{mine: map[string]chan bool{}, running: map[string]time.Time{}, output: map[stream]*sanitize.Output{}, told: map[session.Conflict]bool{}}
}

func (c cells) own(id string) (kept chan bool) {
	kept = make(chan bool, 1)
	c.mine[id] = kept
	return kept
}

// open reports whether cells that were submitted here have not ended.
func (c cells) open() bool { return len(c.mine) > 0 }

// conflicts reports whether a conflict is news: an agent that changes the same name in each of its cells has it in each.
func (c cells) conflicts(of session.Conflict) bool {
	if c.told[of] {
		return false
	}
	c.told[of] = true
	return true
}

// clean is where output crosses the border. It remembers half an escape sequence for the
// cell's next chunk.
func (c cells) clean(cell string, s session.Stream) string {
	at := stream{cell, s.Name}
	if c.output[at] == nil {
		c.output[at] = &sanitize.Output{Screen: true}
	}
	return c.output[at].Write(s.Text)
}

func (c cells) end(cell string) (mine chan bool) {
	mine = c.mine[cell]
	delete(c.mine, cell)
	delete(c.running, cell)
	maps.DeleteFunc(c.output, func(s stream, _ *sanitize.Output) bool { return s.cell == cell })
	return mine
}

func safeLine(s string) string { return sanitize.Line(s) }

// count is a number that the kernel may leave out, 0 when it did.
func count(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

func size(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

// safeText is safe text of several lines that is complete: no escape sequence goes on after it.
func safeText(s string) string {
	var clean sanitize.Output
	return strings.TrimRight(clean.Write(s), "\n")
}

// batchTime is how long events may keep a key or a frame waiting.
const batchTime = 4 * time.Millisecond

// events takes a batch: the components change once for each, and the frame is drawn once for all.
func (m Model) events(batch eventsMsg) (tea.Model, tea.Cmd) {
	m.status.now = time.Now()
	end := m.status.now.Add(batchTime)
	return m.take(batch, func() bool { return time.Now().After(end) })
}

// take takes events until it is due to let others have their turn, at least one. The rest comes after them.
func (m Model) take(batch eventsMsg, due func() bool) (tea.Model, tea.Cmd) {
	var cmds []tea.Cmd
	names, taken := false, 0
	for taken < len(batch) && (taken == 0 || !due()) {
		var cmd tea.Cmd
		m, cmd = m.event(batch[taken])
		cmds = append(cmds, cmd)
		switch batch[taken].Body.(type) {
		case session.LocalsChange, session.NewKernel:
			names = true
		}
		taken++
	}
	if names {
		m = m.showLocals()
	}
	next := m.queue.next
	if rest := batch[taken:]; len(rest) > 0 {
		next = func() tea.Msg { return rest }
	}
	m, tick := m.ticking()
	return m.layout(), tea.Batch(append(cmds, tick, next)...)
}

// event says what each of the session's events means on the screen.
func (m Model) event(e session.Event) (Model, tea.Cmd) {
	switch b := e.Body.(type) {
	case session.Status:
		return m.state(e, b), nil
	case session.Input:
		m.cells.running[e.Cell] = e.Time
		m = m.numbered(count(b.ExecutionCount) + 1)
		m.transcript = m.transcript.Begin(e.Cell, transcript.Input{
			Number: count(b.ExecutionCount), Code: safeText(b.Code), Author: author(b.Author), At: e.Time, State: transcript.Running,
		})
	case session.Stream:
		kind := transcript.Stdout
		if b.Name == "stderr" {
			kind = transcript.Stderr
		}
		m.transcript = m.transcript.Append(e.Cell, kind, m.cells.clean(e.Cell, b))
	case session.Value:
		return m.valued(e.Cell, b), nil
	case session.Display:
		return m.displayed(e.Cell, b), nil
	case session.DisplayUpdate:
		return m.redisplayed(b), nil
	case session.ClearOutput:
		m.transcript = m.transcript.Clear(e.Cell, b.Wait)
	case session.Conflict:
		if !m.cells.conflicts(b) {
			return m, nil
		}
		text := "The agent changed %[1]s, which you have changed too: yours stays, the agent's is %[2]s. %%push %[1]s gives it yours."
		m.transcript = m.transcript.Notice(transcript.Warning, fmt.Sprintf(text, safeLine(b.Name), safeLine(b.Kept)))
	case session.NextInput:
		return m.offered(e.Cell, b.Text), nil
	case session.Failure:
		m.transcript = m.transcript.Append(e.Cell, transcript.Error, safeText(strings.Join(b.Traceback, "\n"))+"\n").Fault(e.Cell, count(b.Line))
	case session.InputRequest:
		return m.asksInput(e, b), nil
	case session.InputReply:
		return m.answered(e, b), nil
	case session.ModelRequest:
		return m.prompting(e.Cell, b), nil
	case session.ModelReply:
		return m.responded(e.Cell, b), nil
	case session.Reply:
		return m.ended(e, b)
	default:
		return m.line(e), nil
	}
	return m, nil
}

// line takes the events that are about the kernel and the way to it, not about a cell.
func (m Model) line(e session.Event) Model {
	switch b := e.Body.(type) {
	case session.Link:
		m = m.lineTold(m.status.link, b)
		m.status = m.status.linked(b)
		if b.State == session.Ended && b.Err != nil {
			return m.loseCells().failed(b.Err)
		}
	case session.NewKernel:
		m.panel, m.cells.discarded = [4]int{}, false
		m = m.layout()
		if b.Recycled {
			m = m.loseCells()
			m.transcript = m.transcript.Notice(transcript.Warning, "The sandbox was removed, or its container recycled: its variables and files are gone. A new kernel answers.")
		}
		m.status.python = safeLine(b.Python)
	case session.Missed:
		text := fmt.Sprintf("%d earlier events are no longer kept in the sandbox.", b.Last-b.First+1)
		if b.Kept {
			text = fmt.Sprintf("Only the latest output is shown: %d earlier events stay in the sandbox.", b.Last-b.First+1)
		}
		m.transcript = m.transcript.Notice(transcript.Info, text)
	case session.Discarded:
		if m.cells.discarded {
			return m // which goes on for as long as output does
		}
		m.cells.discarded = true
		m.transcript = m.transcript.Notice(transcript.Info, "The sandbox's journal is full: it dropped its oldest output. What is on this screen stays.")
	}
	return m
}

// offered puts what a cell of ours has for the editor there, before what was typed meanwhile.
func (m Model) offered(cell, text string) Model {
	if m.cells.mine[cell] == nil {
		return m
	}
	if typed := m.editor.Value(); typed != "" {
		text = strings.TrimRight(text, "\n") + "\n\n" + typed
	}
	m.editor = m.editor.SetValue(text)
	return m.layout()
}

func author(name string) transcript.Author {
	switch name {
	case "agent":
		return transcript.Agent
	case "setup":
		return transcript.Setup
	}
	return transcript.User
}

func (m Model) state(e session.Event, s session.Status) Model {
	m.status = m.status.kernel(e, s)
	if s.State == "starting" {
		m.status.next = 0
		m = m.numbered(1)
	}
	switch {
	case s.State == "starting" && e.Seq > 1:
		clear(m.cells.told)
		m = m.loseCells().drop(func(q question) bool { return q.over == nil })
		m.transcript = m.transcript.Notice(transcript.Warning, "The kernel was started anew: the variables from above are gone.")
	case s.State == "dead":
		m = m.loseCells().drop(func(q question) bool { return q.over == nil })
	}
	return m
}

// loseCells ends the cells whose kernel ended before them.
func (m Model) loseCells() Model {
	for _, cell := range slices.Sorted(maps.Keys(m.cells.running)) {
		m.transcript = m.transcript.Finish(cell, transcript.Lost, 0)
		delete(m.cells.running, cell)
	}
	m.status.cell, m.status.since = "", time.Time{}
	return m
}

func (m Model) ended(e session.Event, r session.Reply) (Model, tea.Cmd) {
	took := time.Duration(r.Duration * float64(time.Second))
	outcomes := map[string]struct {
		shown transcript.Outcome
		kept  history.Outcome
	}{
		session.OK:      {transcript.OK, history.OK},
		session.Error:   {transcript.Failed, history.Error},
		session.Aborted: {transcript.Aborted, history.Aborted},
		session.Lost:    {transcript.Lost, history.Lost},
	}
	outcome, known := outcomes[r.Status]
	if !known {
		outcome = outcomes[session.Error]
	}
	m.transcript = m.transcript.Finish(e.Cell, outcome.shown, took)
	if !m.status.busy() {
		m.status.stopping = ""
	}
	m = m.drop(func(q question) bool { return q.cell == e.Cell && q.over == nil })
	if kept := m.cells.end(e.Cell); kept != nil {
		done := tea.Batch(m.finish(kept, e.Cell, outcome.kept, took), m.notify(took, r.Status != session.OK))
		m, more := m.played(r.Status)
		return m, tea.Batch(done, more)
	}
	return m, nil
}

// showLocals puts the namespace into the panel.
func (m Model) showLocals() Model {
	if m.session == nil {
		return m
	}
	variables := m.session.Locals()
	rows := make([]locals.Row, len(variables))
	for i, v := range variables {
		rows[i] = row(v)
	}
	m.locals = m.locals.SetRows(rows, len(rows))
	return m.names(variables)
}

func row(v session.Variable) locals.Row {
	r := locals.Row{
		Name: safeLine(v.Name), Type: safeLine(v.Type), Value: safeLine(v.Value), Shape: safeLine(v.Shape),
		Length: size(v.Length), Size: size(v.Size), Kind: v.Kind, Flattened: v.Flattened,
	}
	switch v.Mark {
	case "new":
		r.Mark = locals.MarkNew
	case "changed":
		r.Mark = locals.MarkChanged
	}
	return r
}
