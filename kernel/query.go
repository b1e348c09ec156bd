package kernel

import "encoding/json"

// CodeParams ask about a place in a cell, counted in Unicode characters: complete and inspect.
type CodeParams struct {
	Code   string `json:"code"`
	Cursor int    `json:"cursor"`
	Detail int    `json:"detail,omitempty"` // inspect: 1 for the source too
}

// Reply answers a query. It is not in the journal: only who asked gets it.
type Reply struct {
	Type    string          `json:"type"` // "reply"
	To      string          `json:"to"`   // the query's id
	Content json.RawMessage `json:"content"`
}

// The values of Outcome.Status.
const (
	QueryOK        = "ok"
	QueryError     = "error"
	QueryCancelled = "cancelled" // a newer query of the same client overtook it
)

// Outcome is what the content of every reply has.
type Outcome struct {
	Status string `json:"status"`
	Error  string `json:"error,omitempty"`
}

// Completion is what may stand in place of the characters from Start to End.
type Completion struct {
	Outcome
	Start     int     `json:"cursor_start"`
	End       int     `json:"cursor_end"`
	Matches   []Match `json:"matches"` // best first
	Truncated bool    `json:"truncated"`
}

// Match is one completion.
type Match struct {
	Text      string `json:"text"`
	Kind      string `json:"kind"`
	Signature string `json:"signature"` // one line, for what can be called
}

// Inspection is what is known of the word at a cursor, or of the call that it is in.
type Inspection struct {
	Outcome
	Found     bool   `json:"found"`
	Name      string `json:"name"`
	Type      string `json:"type"`
	Signature string `json:"signature"`
	Doc       string `json:"doc"`
	Source    string `json:"source"`
	File      string `json:"file"`
	Line      *int   `json:"line"`
	Value     string `json:"value"`
}

// Stack is where the main thread is, as a traceback shows it; empty when no cell runs.
type Stack struct {
	Outcome
	Text string `json:"text"`
}

// ExpandParams ask for one variable from within.
type ExpandParams struct {
	Path  []any      `json:"path"` // its name, then steps as children gave them
	Start int        `json:"start,omitempty"`
	Count int        `json:"count,omitempty"` // 100 when 0
	Table *Rectangle `json:"table,omitempty"`
}

// Rectangle is a part of an array or a frame.
type Rectangle struct {
	Row     int `json:"row"`
	Rows    int `json:"rows"`
	Column  int `json:"column"`
	Columns int `json:"columns"`
}

// Expansion is a variable from within.
type Expansion struct {
	Outcome
	Row      Row     `json:"row"`
	Total    int     `json:"total"` // children there are
	Start    int     `json:"start"`
	Children []Child `json:"children"`
	Table    *Table  `json:"table"`
}

// Child is one of a variable's parts, and the step that leads to it.
type Child struct {
	Row
	Step json.RawMessage `json:"step"`
}

// Table is a rectangle of an array or a frame, each cell as text.
type Table struct {
	Rows    int        `json:"rows"` // of the whole
	Columns int        `json:"columns"`
	Row     int        `json:"row"` // where the rectangle begins
	Column  int        `json:"column"`
	Index   []string   `json:"index"`
	Header  []string   `json:"header"`
	Types   []string   `json:"types"`
	Cells   [][]string `json:"cells"`
}
