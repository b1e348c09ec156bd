package kernel

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Connection is what `ensure` prints, and without the secret what a hello answers with.
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
	Last       int64  `json:"last,omitempty"`    // number of the journal's last event when ensure looked
	Recent     int64  `json:"recent,omitempty"`  // number of the event after which its latest 16 MiB or so begin
	Started    bool   `json:"started,omitempty"` // this very call started the kernel
	After      int64  `json:"after,omitempty"`   // in a hello's answer: the event before the first that follows
}

// ErrProtocol is what ParseConnection reports for a kernel of another, incompatible version.
var ErrProtocol = errors.New("the sandbox's kernel speaks another protocol")

// ParseConnection reads what `ensure` printed; an {"error"} becomes an error.
func ParseConnection(line []byte) (Connection, error) {
	var answer struct {
		Connection
		Error string `json:"error"`
	}
	if err := json.Unmarshal(line, &answer); err != nil {
		return Connection{}, fmt.Errorf("read the kernel's connection: %w", err)
	}
	if answer.Error != "" {
		return Connection{}, errors.New(answer.Error)
	}
	if answer.Protocol != Protocol {
		return Connection{}, fmt.Errorf("%w: %d, and this client %d", ErrProtocol, answer.Protocol, Protocol)
	}
	return answer.Connection, nil
}

// Method names what a request asks for.
type Method string

// The queries: they change nothing, and a [Reply] answers each.
const (
	MethodComplete Method = "complete"
	MethodInspect  Method = "inspect"
	MethodExpand   Method = "expand"
	MethodStack    Method = "stack"
)

// The methods. Those with parameters have a type for them below.
const (
	MethodHello      Method = "hello"
	MethodExecute    Method = "execute"
	MethodAssign     Method = "assign"
	MethodInterrupt  Method = "interrupt"
	MethodInputReply Method = "input_reply"
	MethodLLMReply   Method = "llm_reply"
	MethodLocals     Method = "locals"
	MethodConfigure  Method = "configure"
	MethodShutdown   Method = "shutdown"
)

// Request is one message to the kernel. It is run once, however often it is sent.
type Request struct {
	ID     string `json:"id,omitempty"` // 1 to 64 letters, digits and hyphens; a hello has none
	Method Method `json:"method"`
	Params any    `json:"params,omitempty"`
}

// HelloParams open a connection. Journal and After say what the client has already.
type HelloParams struct {
	Secret  string `json:"secret"`
	Journal string `json:"journal"`
	After   int64  `json:"after"`
}

// HelloReply is the kernel's first message on a connection; after it come bytes of the journal.
type HelloReply struct {
	Type    string     `json:"type"` // "hello"
	Content Connection `json:"content"`
}

// ExecuteParams are a cell. An empty Author means AuthorUser, a nil AllowStdin yes.
type ExecuteParams struct {
	Code       string `json:"code"`
	Author     string `json:"author,omitempty"`
	AllowStdin *bool  `json:"allow_stdin,omitempty"`
}

// AssignParams bind names to what JSON can hold.
type AssignParams struct {
	Values map[string]any `json:"values"`
}

// InterruptParams name the cell that is meant; without one all are, the running and the queued.
type InterruptParams struct {
	Cell string `json:"cell,omitempty"`
}

// InputReplyParams answer a question. With Seq, that of the InputRequest, no other question can be answered by it.
type InputReplyParams struct {
	Seq   int64  `json:"seq,omitempty"`
	Value string `json:"value"`
	EOF   bool   `json:"eof,omitempty"`
}

// LocalsParams with a ValueLimit ask for exact reprs up to that many characters, computed afresh.
type LocalsParams struct {
	ValueLimit int `json:"value_limit,omitempty"`
}

// LLMReplyParams answer the LLMRequest with that number: a response for each prompt, or why there is none.
type LLMReplyParams struct {
	Seq       int64    `json:"seq"`
	Responses []string `json:"responses,omitempty"`
	Error     string   `json:"error,omitempty"`
}

// ConfigureParams tell what the client's panel can show, and the broker that llm_query asks; zero fields stay as they are.
type ConfigureParams struct {
	Columns   int     `json:"columns,omitempty"`
	Lines     int     `json:"lines,omitempty"`
	Pixels    []int   `json:"pixels,omitempty"`     // width and height
	BrokerURL *string `json:"broker_url,omitempty"` // "" for none: then the clients are asked
}
