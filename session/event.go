package session

import (
	"errors"
	"time"

	"github.com/sandrepl/sandrepl/kernel"
)

// An Event is something that happened in the sandbox, or to the line that leads there.
type Event struct {
	Seq  int64     // its number in the journal; 0 when it is the session's own
	Time time.Time // by the sandbox's clock; the session's own events have ours
	Cell string    // the id of the cell that caused it, or ""
	Body Body
}

// A Body is what an event says. It is one of the types of this file: those with the
// kernel's words ([Input] to [Discarded], see the kernel's protocol), and those of the
// session itself ([Link], [NewKernel], [Missed]).
type Body any

// What a kernel says; the fields are documented in the kernel package.
type (
	// Status is the kernel's state: queued, busy or idle with a cell, or dead.
	Status = kernel.Status
	// Input is a cell that begins to run.
	Input = kernel.ExecuteInput
	// Stream is text written to stdout or stderr, as it was written: it is untrusted.
	Stream = kernel.Stream
	// Display is a value that a cell chose to show.
	Display = kernel.DisplayData
	// DisplayUpdate takes the place of what was shown under its display id.
	DisplayUpdate = kernel.UpdateDisplayData
	// ClearOutput takes away what the cell showed so far.
	ClearOutput = kernel.ClearOutput
	// NextInput is text that a cell puts into the editor.
	NextInput = kernel.SetNextInput
	// Value is the value of a cell's last expression.
	Value = kernel.ExecuteResult
	// Failure is the exception that ended a cell.
	Failure = kernel.Error
	// InputRequest is a cell that waits for [Session.Reply].
	InputRequest = kernel.InputRequest
	// InputReply says that a client answered the request.
	InputReply = kernel.InputReply
	// ModelRequest is a cell that waits for an [Answerer].
	ModelRequest = kernel.LLMRequest
	// ModelReply says that a client answered it.
	ModelReply = kernel.LLMReply
	// Reply is the end of a cell.
	Reply = kernel.ExecuteReply
	// LocalsChange is what a cell did to the namespace; [Session.Locals] is the sum.
	LocalsChange = kernel.Locals
	// Conflict is a name that the user and an agent's cell have changed: both values are kept.
	Conflict = kernel.Conflict
	// Discarded says that the kernel dropped its oldest events, to stay within its bounds.
	Discarded = kernel.Discarded
	// Variable is one row of the locals.
	Variable = kernel.Row
)

// Outcomes of a cell, in [Reply]. Lost is the session's own: the kernel ended, or its
// container was recycled, before the cell did.
const (
	OK      = "ok"
	Error   = "error"
	Aborted = "aborted"
	Lost    = "lost"
)

// LinkState is how the session stands with its kernel.
type LinkState int

// The states of a link.
const (
	Connecting LinkState = iota // not there yet; Reason says what is being waited for
	Online                      // joined; Transport and Reason say how and why so
	Offline                     // cut: Err says why; the session tries again by itself
	Ended                       // over: Err says why the session gave up until a restart, and is nil after Close
)

// Link says how the session stands with its kernel.
type Link struct {
	State     LinkState
	Transport Transport
	Reason    string
	RoundTrip time.Duration
	Silent    bool // the kernel does not answer, as while C code keeps Python to itself; until a RoundTrip is measured
	Err       error
}

// NewKernel says that a kernel other than the one before answers from here on, so that
// the namespace is a new one. Recycled: the whole container was, its files are gone too.
type NewKernel struct {
	Epoch    string
	Python   string
	Recycled bool
}

// Missed says that these events did not come: the journal no longer had them, or, with
// Kept, they are from so long before the session opened that it did not ask for them.
type Missed struct {
	First, Last int64
	Kept        bool
}

// decode turns the kernel's event into ours. Events of a type that this version does not
// know have a nil body: a newer kernel may say more.
func decode(e kernel.Event) (Event, error) {
	content, err := e.Decode()
	if err != nil && !errors.Is(err, kernel.ErrUnknownType) {
		return Event{}, err
	}
	event := Event{Seq: e.Seq, Time: e.When(), Cell: e.Parent}
	if err == nil {
		event.Body = content
	}
	return event, nil
}
