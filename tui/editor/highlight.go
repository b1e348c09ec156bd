package editor

import "github.com/sandrepl/sandrepl/themes"

// tokenCache remembers the highlighting of lines. A line's tokens depend on its text and on what it inherits, and on nothing
// else, so nothing is ever stale, and copies of the editor may share it (within one goroutine).
type tokenCache struct {
	lines map[tokenKey][]themes.Span
}

type tokenKey struct {
	line string
	in   themes.LineState
}

// maxCachedLines is some screens of lines; when there are more, the cache starts afresh.
const maxCachedLines = 1024

func newTokenCache() *tokenCache { return &tokenCache{lines: map[tokenKey][]themes.Span{}} }

func (c *tokenCache) tokens(line string, in themes.LineState) []themes.Span {
	if len(line) > themes.MaxHighlighted {
		return nil // plain, and too long to keep each version of
	}
	k := tokenKey{line, in}
	spans, ok := c.lines[k]
	if !ok {
		spans, _ = themes.Tokens(line, in)
		if len(c.lines) >= maxCachedLines {
			clear(c.lines)
		}
		c.lines[k] = spans
	}
	return spans
}

// match finds the bracket or quote that belongs to the one under the cursor, or else to the one before it.
func (f field) match() (pair [2]position, ok bool) {
	p := f.caret.at
	line := f.doc.lines[p.line]
	for _, i := range []int{p.byte, p.byte - 1} {
		if i < 0 || i >= len(line) {
			continue
		}
		at := position{p.line, i}
		switch {
		case isBracket(line[i]):
			if other, ok := f.doc.matching(at); ok {
				return [2]position{at, other}, true
			}
		case line[i] == '"' || line[i] == '\'':
			if pair, ok := f.doc.quotes(at); ok {
				return pair, true
			}
		}
	}
	return pair, false
}

// toMatch goes to the partner of the bracket or quote at the cursor, or of the first bracket after it in the line.
func toMatch(f field) position {
	p := f.caret.at
	if pair, ok := f.match(); ok {
		if p == pair[0] || p == pair[0].advance(f.doc.between(pair[0], position{pair[0].line, pair[0].byte + 1})) {
			return pair[1]
		}
		return pair[0]
	}
	for i := p.byte; i < len(f.doc.lines[p.line]); i++ {
		if isBracket(f.doc.lines[p.line][i]) {
			if other, ok := f.doc.matching(position{p.line, i}); ok {
				return other
			}
		}
	}
	return p
}

func isBracket(c byte) bool {
	return c == '(' || c == ')' || c == '[' || c == ']' || c == '{' || c == '}'
}

// matchReach is how many lines away a matching bracket is looked for: those that could be on the screen.
const matchReach = 200

// matching is the partner of a bracket in code; one in a string or a comment has none.
func (d document) matching(p position) (partner position, found bool) {
	var open []position
	visit := func(at position) {
		switch d.lines[at.line][at.byte] {
		case '(', '[', '{':
			open = append(open, at)
		case ')', ']', '}':
			if len(open) == 0 || found {
				return
			}
			opener := open[len(open)-1]
			open = open[:len(open)-1]
			switch p {
			case at:
				partner, found = opener, true
			case opener:
				partner, found = at, true
			}
		}
	}
	for n := max(0, p.line-matchReach); n < min(len(d.lines), p.line+matchReach) && !found; n++ {
		d.states[n].Scan(d.lines[n], func(from, to int) {
			for i := from; i < to; i++ {
				visit(position{n, i})
			}
		})
	}
	return partner, found && closes(d.lines[p.line][p.byte], d.lines[partner.line][partner.byte])
}

// quotes are the first quote and the last one of the string that the quote at p opens or closes.
func (d document) quotes(p position) (pair [2]position, ok bool) {
	var first position
	open := false
	// gap is what is no code in a line, up to byte to: strings, one after the other, and a comment at the end.
	gap := func(n, from, to int, closed bool) {
		line := d.lines[n]
		if !open {
			if from >= to || line[from] == '#' {
				return
			}
			first, open = position{n, from}, true
		}
		if !closed {
			return
		}
		last := position{n, to - 1}
		width := quoteWidth(line, to)
		opening := p.line == first.line && first.byte <= p.byte && p.byte < first.byte+width
		if opening || p.line == n && to-width <= p.byte && p.byte < to {
			pair, ok = [2]position{first, last}, true
		}
		open = false
	}
	for n := max(0, p.line-matchReach); n < min(len(d.lines), p.line+matchReach) && !ok; n++ {
		from := 0
		d.states[n].Scan(d.lines[n], func(start, end int) {
			gap(n, from, start, start > from)
			from = end
		})
		end := len(d.lines[n])
		inside := n+1 < len(d.lines) && d.states[n+1].InString()
		gap(n, from, end, end > from && !inside)
	}
	return pair, ok
}

// quoteWidth is 3 where a string with triple quotes ends at a byte, or else 1.
func quoteWidth(line string, end int) int {
	if end >= 3 && line[end-3] == line[end-1] && line[end-2] == line[end-1] {
		return 3
	}
	return 1
}

func closes(a, b byte) bool {
	switch string([]byte{min(a, b), max(a, b)}) {
	case "()", "[]", "{}":
		return true
	}
	return false
}
