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

// match finds the bracket that belongs to the one under the cursor, or else to the one before it.
func (f field) match() (pair [2]position, ok bool) {
	p := f.caret.at
	line := f.doc.lines[p.line]
	for _, i := range []int{p.byte, p.byte - 1} {
		if i < 0 || i >= len(line) || !isBracket(line[i]) {
			continue
		}
		at := position{p.line, i}
		if other, ok := f.doc.matching(at); ok {
			return [2]position{at, other}, true
		}
	}
	return pair, false
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

func closes(a, b byte) bool {
	switch string([]byte{min(a, b), max(a, b)}) {
	case "()", "[]", "{}":
		return true
	}
	return false
}
