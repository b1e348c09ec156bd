package transcript

import "strings"

// log is all there is to show: append-only, shared by the copies of a Model.
type log struct {
	entries []*entry
	byID    map[string]int
	shown   map[string][]int // the cells in which a display stands, by its id
	spool   *spool
	total   int   // lines of all entries
	removed []int // entries that were taken from the view, the latest last
}

func newLog() *log {
	return &log{byID: make(map[string]int), shown: make(map[string][]int), spool: newSpool(memoryLimit, fileLimit)}
}

// push adds an entry at the end. Every one but the first is set apart by a blank line; notices stay together.
func (l *log) push(e *entry) {
	if n := len(l.entries); n > 0 && !(e.isNotice() && e.prose == nil && l.entries[n-1].isNotice()) {
		e.gap = 1
	}
	e.before = l.total
	l.entries = append(l.entries, e)
	l.total += e.lines()
}

// change runs f, which may change the lines of entry i, and keeps the counts true.
func (l *log) change(i int, f func(*entry)) {
	e := l.entries[i]
	lines := e.lines()
	f(e)
	grown := e.lines() - lines
	if grown == 0 {
		return
	}
	l.total += grown
	for _, later := range l.entries[i+1:] {
		later.before += grown
	}
}

// begin adds a cell, or renews the header of one that is there. A cell's code stays what it was first.
func (l *log) begin(id string, in Input) {
	if _, known := l.byID[id]; !known {
		l.byID[id] = len(l.entries)
		l.push(&entry{code: l.codeSheet(""), out: newOutput(l.spool)})
	}
	l.change(l.byID[id], func(e *entry) {
		if !e.coded && in.Code != "" {
			e.code, e.states, e.coded = l.codeSheet(in.Code), nil, true
		}
		in.Code = "" // the sheet has it
		e.input = in
	})
}

// cell returns the index of the cell, which is made when its beginning was never told.
func (l *log) cell(id string) int {
	if _, known := l.byID[id]; !known {
		l.begin(id, Input{State: Running})
	}
	return l.byID[id]
}

// codeSheet stores code as lines.
func (l *log) codeSheet(code string) *sheet {
	s := &sheet{spool: l.spool}
	for line := range strings.SplitSeq(strings.TrimRight(code, "\r\n"), "\n") {
		line = strings.TrimSuffix(line, "\r")
		t := tagCode
		for len(line) > maxLine {
			n := cut(line, maxLine)
			s.add(t, []byte(line[:n]))
			line, t = line[n:], tagCodeOn
		}
		s.add(t, []byte(line))
	}
	s.seal()
	return s
}
