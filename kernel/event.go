package kernel

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// EventType names what an event is about; Jupyter's names wherever Jupyter has one.
type EventType string

// The types of events. Each has a content type of its own below.
const (
	TypeStatus        EventType = "status"
	TypeExecuteInput  EventType = "execute_input"
	TypeStream        EventType = "stream"
	TypeDisplayData   EventType = "display_data"
	TypeUpdateDisplay EventType = "update_display_data"
	TypeClearOutput   EventType = "clear_output"
	TypeSetNextInput  EventType = "set_next_input"
	TypeLLMRequest    EventType = "llm_request"
	TypeLLMReply      EventType = "llm_reply"
	TypeExecuteResult EventType = "execute_result"
	TypeError         EventType = "error"
	TypeInputRequest  EventType = "input_request"
	TypeInputReply    EventType = "input_reply"
	TypeExecuteReply  EventType = "execute_reply"
	TypeLocals        EventType = "locals"
	TypeConflict      EventType = "conflict"
	TypeDiscarded     EventType = "discarded"
)

// Event is one line of the journal.
type Event struct {
	Seq     int64           `json:"seq"`
	Time    float64         `json:"time"` // seconds since the Unix epoch, by the sandbox's clock
	Type    EventType       `json:"type"`
	Parent  string          `json:"parent"` // the request that caused it, "" when none did
	Content json.RawMessage `json:"content"`
}

// When is the event's time as Go has it.
func (e Event) When() time.Time { return time.UnixMicro(int64(e.Time * 1e6)) }

// ErrUnknownType is what Decode reports for events of a later protocol; they can be passed over.
var ErrUnknownType = errors.New("unknown event type")

// Decode reads the content as the type that belongs to the event's: a Stream for TypeStream, and so on.
func (e Event) Decode() (any, error) {
	read, known := contents[e.Type]
	if !known {
		return nil, fmt.Errorf("event %d of type %q: %w", e.Seq, e.Type, ErrUnknownType)
	}
	body, err := read(e.Content)
	if err != nil {
		return nil, fmt.Errorf("event %d of type %q: %w", e.Seq, e.Type, err)
	}
	return body, nil
}

var contents = map[EventType]func(json.RawMessage) (any, error){
	TypeStatus:        content[Status],
	TypeExecuteInput:  content[ExecuteInput],
	TypeStream:        content[Stream],
	TypeDisplayData:   content[DisplayData],
	TypeUpdateDisplay: content[UpdateDisplayData],
	TypeClearOutput:   content[ClearOutput],
	TypeSetNextInput:  content[SetNextInput],
	TypeLLMRequest:    content[LLMRequest],
	TypeLLMReply:      content[LLMReply],
	TypeExecuteResult: content[ExecuteResult],
	TypeError:         content[Error],
	TypeInputRequest:  content[InputRequest],
	TypeInputReply:    content[InputReply],
	TypeExecuteReply:  content[ExecuteReply],
	TypeLocals:        content[Locals],
	TypeConflict:      content[Conflict],
	TypeDiscarded:     content[Discarded],
}

func content[T any](raw json.RawMessage) (any, error) {
	var body T
	err := json.Unmarshal(raw, &body)
	return body, err
}

// ParseEvent reads one line of the journal.
func ParseEvent(line []byte) (Event, error) {
	var event Event
	if err := json.Unmarshal(line, &event); err != nil {
		return Event{}, fmt.Errorf("read a line of the journal: %w", err)
	}
	if event.Seq < 1 || event.Type == "" {
		return Event{}, fmt.Errorf("read a line of the journal: it has no number or no type: %.80q", line)
	}
	return event, nil
}

// The values of Status.State.
const (
	StateStarting = "starting"
	StateQueued   = "queued"
	StateBusy     = "busy"
	StateIdle     = "idle"
	StateDead     = "dead"
)

// Status says what the kernel is doing. The fields after State are those of "starting".
type Status struct {
	State    string `json:"execution_state"`
	Epoch    string `json:"epoch,omitempty"`
	Python   string `json:"python,omitempty"`
	PID      int    `json:"pid,omitempty"`
	Protocol int    `json:"protocol,omitempty"`
	Previous string `json:"previous,omitempty"` // how the kernel before ended, when that was not in order
}

// The values of an author.
const (
	AuthorUser  = "user"
	AuthorAgent = "agent"
	AuthorSetup = "setup"
)

// ExecuteInput is the source of a cell that begins to run.
type ExecuteInput struct {
	Code           string `json:"code"`
	ExecutionCount *int   `json:"execution_count"` // nil for cells that do not count
	Author         string `json:"author"`
}

// The values of Stream.Name.
const (
	Stdout = "stdout"
	Stderr = "stderr"
)

// Stream is text as it was written, escape sequences included: it is untrusted.
type Stream struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// DisplayData is something shown, in one or more MIME types: images in base64, JSON as its text.
type DisplayData struct {
	Data      map[string]string `json:"data"`
	Metadata  map[string]any    `json:"metadata"`
	Transient Transient         `json:"transient"`
}

// Transient is what matters only while something is shown.
type Transient struct {
	DisplayID string `json:"display_id,omitempty"` // by which it can be updated
}

// UpdateDisplayData replaces what was shown under its display id.
type UpdateDisplayData DisplayData

// ClearOutput takes away what the cell showed so far; with Wait, once there is something new to show.
type ClearOutput struct {
	Wait bool `json:"wait"`
}

// SetNextInput is text for the editor; with Replace it stands in for the cell that sent it.
type SetNextInput struct {
	Text    string `json:"text"`
	Replace bool   `json:"replace"`
}

// ExecuteResult is the value of a cell's last expression.
type ExecuteResult struct {
	ExecutionCount int               `json:"execution_count"`
	Data           map[string]string `json:"data"`
	Metadata       map[string]any    `json:"metadata"`
}

// Error is how a cell failed.
type Error struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"` // lines without their ends; the user's frames only
	Line      *int     `json:"lineno"`    // 1-based line of the cell, nil when none of its lines was involved
}

// InputRequest asks for a line; the event's Seq is what an answer names.
type InputRequest struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"`
}

// InputReply says that the question is answered, or nobody waits for the answer any more.
type InputReply struct {
	Seq   int64   `json:"seq"`
	Value *string `json:"value"` // nil for a password, an end of input and an interrupt
}

// The values of ExecuteReply.Status.
const (
	StatusOK      = "ok"
	StatusError   = "error"
	StatusAborted = "aborted"
)

// ExecuteReply ends a cell.
type ExecuteReply struct {
	Status         string  `json:"status"`
	ExecutionCount *int    `json:"execution_count"`
	Duration       float64 `json:"duration"` // seconds
}

// Locals is a change of the namespace, or with Full all of it.
type Locals struct {
	Full      bool     `json:"full"`
	Total     int      `json:"total"`
	Truncated bool     `json:"truncated"`
	Changed   []Row    `json:"changed"`
	Deleted   []string `json:"deleted"`
}

// The values of Row.Kind and of Row.Mark.
const (
	KindData     = "data"
	KindModule   = "module"
	KindFunction = "function"
	KindClass    = "class"

	MarkNew     = "new"
	MarkChanged = "changed"
)

// Row is one variable.
type Row struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	Module    string `json:"module"` // "" for builtin types
	Value     string `json:"value"`
	Length    *int64 `json:"length"`
	Shape     string `json:"shape"`
	DType     string `json:"dtype"` // of the items of an array or a series
	Size      *int64 `json:"size"`  // bytes
	Kind      string `json:"kind"`
	Flattened bool   `json:"flattened"` // looks like the repr of what an agent's client could not keep
	Mark      string `json:"mark"`
}

// Conflict says that an agent's cell changed a name that the user has changed since: the user's value stays.
type Conflict struct {
	Name string `json:"name"`
	Kept string `json:"kept"` // the name that the agent's value has instead
}

// Discarded says which of the oldest events are gone.
type Discarded struct {
	First int64 `json:"first"`
	Last  int64 `json:"last"`
}

// LLMRequest is what a cell asks a language model: one prompt by llm_query, any number by llm_query_batched.
type LLMRequest struct {
	Prompts []string `json:"prompts"`
	Model   *string  `json:"model"` // nil leaves the choice to who answers
	Batched bool     `json:"batched"`
}

// LLMReply says that the request with that number is answered: with a response for each prompt, or with an error.
type LLMReply struct {
	Seq       int64    `json:"seq"`
	Responses []string `json:"responses,omitempty"`
	Error     string   `json:"error,omitempty"`
}
