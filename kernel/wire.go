package kernel

import (
	"encoding/json"
	"fmt"
)

// Connection is what `ensure` prints and `hello` answers: where the living kernel is.
type Connection struct {
	Protocol   int    `json:"protocol"`
	Epoch      string `json:"epoch"`
	Journal    string `json:"journal"`
	PID        int    `json:"pid"`
	Host       string `json:"host"`
	Port       int    `json:"port"`
	Secret     string `json:"secret,omitempty"`
	Python     string `json:"python"`
	Executable string `json:"executable"`
	Hash       string `json:"hash"`
	Cwd        string `json:"cwd"`
	Started    bool   `json:"started,omitempty"` // this very call started the kernel
}

// Event is one line of the journal.
type Event struct {
	Seq     int64           `json:"seq"`
	Time    float64         `json:"time"` // seconds since the epoch of Unix, by the sandbox's clock
	Type    string          `json:"type"`
	Parent  string          `json:"parent"` // the request's id; "" for null
	Content json.RawMessage `json:"content"`
}

// ParseEvent reads one line of the journal.
func ParseEvent(line []byte) (Event, error) {
	var e Event
	if err := json.Unmarshal(line, &e); err != nil {
		return e, fmt.Errorf("an event is one JSON object: %w", err)
	}
	if e.Seq <= 0 || e.Type == "" {
		return e, fmt.Errorf("an event has a seq and a type: %.80q", line)
	}
	return e, nil
}

// Status is the kernel's state; parent is the cell for queued, busy and idle.
type Status struct {
	ExecutionState string `json:"execution_state"` // starting, queued, busy, idle or dead
	Epoch          string `json:"epoch,omitempty"` // with starting, as are those below
	Python         string `json:"python,omitempty"`
	PID            int    `json:"pid,omitempty"`
	Protocol       int    `json:"protocol,omitempty"`
}

// ExecuteInput is a cell that begins to run. ExecutionCount is 0 for null.
type ExecuteInput struct {
	Code           string `json:"code"`
	ExecutionCount int    `json:"execution_count"`
	Author         string `json:"author"` // user, agent or setup
}

// Stream is text that was written to stdout or stderr.
type Stream struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// MimeBundle is a value in several forms, by MIME type.
type MimeBundle map[string]string

// DisplayData is a value that a cell chose to show.
type DisplayData struct {
	Data     MimeBundle      `json:"data"`
	Metadata json.RawMessage `json:"metadata"`
}

// ExecuteResult is the value of a cell's last expression.
type ExecuteResult struct {
	ExecutionCount int             `json:"execution_count"`
	Data           MimeBundle      `json:"data"`
	Metadata       json.RawMessage `json:"metadata"`
}

// Error is the exception that ended a cell.
type Error struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"` // lines of plain text
	Line      int      `json:"lineno"`    // the cell's line that failed, from 1; 0 for null
}

// InputRequest is a cell that waits for input.
type InputRequest struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"`
}

// InputReply says that a client answered. Value is "" for a password.
type InputReply struct {
	Prompt   string `json:"prompt"`
	Value    string `json:"value"`
	Password bool   `json:"password"`
	EOF      bool   `json:"eof"`
}

// ExecuteReply is the end of a cell. Duration is in seconds.
type ExecuteReply struct {
	Status         string  `json:"status"`          // ok, error or aborted
	ExecutionCount int     `json:"execution_count"` // 0 for null
	Duration       float64 `json:"duration"`
}

// Locals is what a request did to the namespace, or with Full the namespace.
type Locals struct {
	Full      bool     `json:"full"`
	Total     int      `json:"total"`
	Truncated bool     `json:"truncated"`
	Changed   []Row    `json:"changed"`
	Deleted   []string `json:"deleted"`
}

// Row is one name of the namespace.
type Row struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	Module    string `json:"module"` // of the type
	Value     string `json:"value"`  // one line, cut
	Length    *int64 `json:"length"`
	Shape     string `json:"shape"`
	Size      *int64 `json:"size"`      // bytes
	Kind      string `json:"kind"`      // data, module, function or class
	Flattened bool   `json:"flattened"` // an agent's state held it as text: its repr
	Mark      string `json:"mark"`      // new, changed or ""
}

// Discarded says that the journal dropped these events to stay within its cap.
type Discarded struct {
	First int64 `json:"first"`
	Last  int64 `json:"last"`
}

// Body decodes the content as its type, or returns nil for a type that this version does not know.
func (e Event) Body() (any, error) {
	switch e.Type {
	case "status":
		return content[Status](e)
	case "execute_input":
		return content[ExecuteInput](e)
	case "stream":
		return content[Stream](e)
	case "display_data":
		return content[DisplayData](e)
	case "execute_result":
		return content[ExecuteResult](e)
	case "error":
		return content[Error](e)
	case "input_request":
		return content[InputRequest](e)
	case "input_reply":
		return content[InputReply](e)
	case "execute_reply":
		return content[ExecuteReply](e)
	case "locals":
		return content[Locals](e)
	case "discarded":
		return content[Discarded](e)
	}
	return nil, nil
}

func content[T any](e Event) (any, error) {
	var body T
	if err := json.Unmarshal(e.Content, &body); err != nil {
		return nil, fmt.Errorf("event %d: %s: %w", e.Seq, e.Type, err)
	}
	return body, nil
}
