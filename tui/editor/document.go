package editor

import (
	"slices"
	"strings"

	"github.com/sandrepl/sandrepl/themes"
)

// position is a place in the text: a line and a byte in it, always between two grapheme clusters.
type position struct{ line, byte int }

func (p position) before(q position) bool {
	return p.line < q.line || p.line == q.line && p.byte < q.byte
}

// document is the text, immutable: every change makes another one, and unchanged lines are shared.
type document struct {
	lines  []string           // at least one
	states []themes.LineState // what each line inherits from the lines above it
}

func newDocument(text string) document {
	empty := document{lines: []string{""}, states: make([]themes.LineState, 1)}
	d, _ := empty.replace(position{}, position{}, text)
	return d
}

func (d document) text() string { return strings.Join(d.lines, "\n") }

func (d document) empty() bool { return len(d.lines) == 1 && d.lines[0] == "" }

func (d document) blank() bool {
	return !slices.ContainsFunc(d.lines, func(l string) bool { return strings.TrimSpace(l) != "" })
}

func (d document) end() position {
	last := len(d.lines) - 1
	return position{last, len(d.lines[last])}
}

// between is the text from one position to a later one.
func (d document) between(from, to position) string {
	if from.line == to.line {
		return d.lines[from.line][from.byte:to.byte]
	}
	parts := slices.Clone(d.lines[from.line : to.line+1])
	parts[0] = parts[0][from.byte:]
	parts[len(parts)-1] = parts[len(parts)-1][:to.byte]
	return strings.Join(parts, "\n")
}

// replace puts text in the place of what lies between two positions, and returns where that text ends.
func (d document) replace(from, to position, text string) (document, position) {
	head, tail := d.lines[from.line][:from.byte], d.lines[to.line][to.byte:]
	put := strings.Split(head+text+tail, "\n")
	last := len(put) - 1
	next := document{
		lines:  slices.Concat(d.lines[:from.line], put, d.lines[to.line+1:]),
		states: slices.Concat(d.states[:from.line+1], make([]themes.LineState, last), d.states[to.line+1:]),
	}
	next.rescan(from.line, from.line+last)
	return next, position{from.line + last, len(put[last]) - len(tail)}
}

// rescan brings the states up to date after lines first to last changed. It stops at the first line below them whose state
// is what it was: nothing further down can differ.
func (d document) rescan(first, last int) {
	for i := first; i < len(d.lines)-1; i++ {
		out, _ := d.states[i].Scan(d.lines[i], nil)
		if i >= last && d.states[i+1] == out {
			return
		}
		d.states[i+1] = out
	}
}

// advance is where text ends when it starts at p.
func (p position) advance(text string) position {
	i := strings.LastIndexByte(text, '\n')
	if i < 0 {
		return position{p.line, p.byte + len(text)}
	}
	return position{p.line + strings.Count(text, "\n"), len(text) - i - 1}
}
