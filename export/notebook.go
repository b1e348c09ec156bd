// Package export writes what happened in a sandbox as a notebook (nbformat 4.5), as Python or as Markdown, and reads the cells of
// such files, whoever wrote them. It is fed with a session's events, and knows no terminal and no server.
package export

import (
	"strings"

	"github.com/sandrepl/sandrepl/session"
)

// Notebook is the cells of a sandbox, in the order in which they began. The zero value is ready.
type Notebook struct {
	cells  []*cell
	byID   map[string]*cell
	shown  map[string][]*output // what stands under a display id
	asked  map[int64]string     // prompts of input(), by their event
	python string
}

type cell struct {
	id      string
	code    string
	count   int // 0 when it has none
	author  string
	outputs []*output
	clears  bool // the next output takes the place of all
}

type output struct {
	kind     string // stdout, stderr, display, result or error
	text     string // of the first two
	data     map[string]string
	metadata map[string]any
	failure  session.Failure
}

// Cells is how many there are.
func (n *Notebook) Cells() int { return len(n.cells) }

func (n *Notebook) cell(id string) *cell {
	if n.byID == nil {
		n.byID, n.shown, n.asked = map[string]*cell{}, map[string][]*output{}, map[int64]string{}
	}
	c := n.byID[id]
	if c == nil {
		c = &cell{id: id}
		n.byID[id] = c
		n.cells = append(n.cells, c)
	}
	return c
}

func (c *cell) add(o *output) {
	if c.clears {
		c.outputs, c.clears = nil, false
	}
	if last := len(c.outputs) - 1; o.data == nil && o.kind != "error" && last >= 0 && c.outputs[last].kind == o.kind {
		c.outputs[last].text += o.text
		return
	}
	c.outputs = append(c.outputs, o)
}

// Add takes the next event.
func (n *Notebook) Add(e session.Event) {
	switch b := e.Body.(type) {
	case session.Status:
		if b.State == "starting" {
			n.python = b.Python
		}
	case session.Input:
		c := n.cell(e.Cell)
		c.code, c.author = b.Code, b.Author
		if b.ExecutionCount != nil {
			c.count = *b.ExecutionCount
		}
	case session.Stream:
		n.cell(e.Cell).add(&output{kind: b.Name, text: b.Text})
	case session.Value:
		n.cell(e.Cell).add(&output{kind: "result", data: b.Data, metadata: b.Metadata})
	case session.Display:
		o := &output{kind: "display", data: b.Data, metadata: b.Metadata}
		c := n.cell(e.Cell)
		c.add(o)
		if id := b.Transient.DisplayID; id != "" {
			n.shown[id] = append(n.shown[id], o)
		}
	case session.DisplayUpdate:
		for _, o := range n.shown[b.Transient.DisplayID] {
			o.data, o.metadata = b.Data, b.Metadata
		}
	case session.ClearOutput:
		c := n.cell(e.Cell)
		if c.clears = b.Wait; !b.Wait {
			c.outputs = nil
		}
	case session.Failure:
		n.cell(e.Cell).add(&output{kind: "error", failure: b})
	case session.InputRequest:
		n.cell(e.Cell)
		n.asked[e.Seq] = b.Prompt
	case session.InputReply:
		line := n.asked[b.Seq]
		if b.Value != nil {
			line += *b.Value
		}
		n.cell(e.Cell).add(&output{kind: "stdout", text: line + "\n"})
	}
}

// plainText is the form of a value that is text.
func (o *output) plainText() string { return strings.TrimRight(session.PlainText(o.data), "\n") }
