package editor

import "strings"

// objects are what an operator, or visual mode, takes as a whole.
func objects() []row {
	var rows []row
	object := func(keys, in, around string, of func(f field, c viCommand, around bool) (reach, bool)) {
		for _, say := range [][2]string{{"i", in}, {"a", around}} {
			kind, does := say[0], say[1]
			names := strings.Fields(keys)
			for n, k := range names {
				names[n] = kind + k
			}
			rows = append(rows, row{key: strings.Join(names, " "), does: does, motion: func(m Model, c viCommand) (Model, reach, bool) {
				r, ok := of(m.field(), c, kind == "a")
				r.object = true
				return m, r, ok
			}})
		}
	}
	word := func(big bool) func(f field, c viCommand, around bool) (reach, bool) {
		return func(f field, c viCommand, around bool) (reach, bool) { return f.word(c.times(), big, around) }
	}
	object("w", "a word", "a word and the space at it", word(false))
	object("W", "a word between spaces", "a word between spaces, and the space at it", word(true))
	object("p", "a paragraph", "a paragraph and the empty lines at it", field.paragraph)
	for _, b := range []struct{ keys, does, pair string }{
		{"( ) b", "parentheses", "()"}, {"[ ]", "brackets", "[]"}, {"{ } B", "braces", "{}"}, {"< >", "angle brackets", "<>"},
	} {
		object(b.keys, "what is in "+b.does, b.does+" and what is in them", func(f field, c viCommand, around bool) (reach, bool) { return f.bracketed(b.pair, c.times(), around) })
	}
	object("\" ' `", "what is in quotes", "quotes, what is in them, and the space at them", field.quoted)
	return rows
}

// word is words, or the space between them, counted one by one; around them is space too.
func (f field) word(n int, big, around bool) (r reach, ok bool) {
	w := walker{doc: f.doc, at: f.caret.at, big: big}
	start, white := f.caret.anchor, false
	r.kind = inclusive
	if !f.vi.mode.visual() || !f.caret.selecting() {
		class := w.class()
		for w.at.byte > 0 {
			before := w
			if before.back(); before.class() != class {
				break
			}
			w = before
		}
		start = w.at
		if (w.class() == 0) == around {
			if !w.wordEnd(1, true, true) {
				return r, false
			}
		} else {
			w.word(1, true)
			w.stepBack()
			white = around
		}
		n--
	}
	for ; n > 0; n-- {
		if w.onward() == stuck {
			return r, false
		}
		if around == (w.class() == 0) {
			if !w.wordEnd(1, true, true) {
				return r, false
			}
			continue
		}
		if !w.word(1, true) && n > 1 {
			return r, false
		}
		if w.at.byte == 0 {
			r.kind = exclusive
		} else {
			w.back()
		}
	}
	r.from, r.to = start, w.at
	if white && (w.class() != 0 || w.at.byte == 0 && r.kind == exclusive) { // there is none behind: take what is before
		b := walker{doc: f.doc, at: start}
		for b.at.byte > 0 {
			before := b
			if before.back(); before.class() != 0 {
				break
			}
			b = before
		}
		if b.at.byte > 0 {
			r.from = b.at
		}
	}
	return r, true
}

// stepBack is back, which from the start of a line goes to the last character of the one before.
func (w *walker) stepBack() {
	if w.at.byte == 0 {
		w.backward()
		return
	}
	w.back()
}

// paragraph is lines with text, or without, counted one by one; around them are those without.
func (f field) paragraph(c viCommand, around bool) (r reach, ok bool) {
	lines, n, at := f.doc.lines, c.times(), f.caret.at.line
	last := len(lines) - 1
	if f.vi.mode.visual() && f.caret.anchor.line != at {
		return f.moreParagraphs(n, around)
	}
	start := at
	white := isBlank(lines[start])
	for start > 0 && isBlank(lines[start-1]) == white {
		start--
	}
	end := start
	for end <= last && isBlank(lines[end]) {
		end++
	}
	end--
	if !around && white {
		n--
	}
	for ; n > 0; n-- {
		if end == last {
			return r, false
		}
		blank := !around && isBlank(lines[end+1])
		if !blank {
			end++
			for end < last && !isBlank(lines[end+1]) {
				end++
			}
		}
		if n == 1 && white && around {
			break
		}
		for (around || blank) && end < last && isBlank(lines[end+1]) {
			end++
		}
	}
	if around && !white && !isBlank(lines[end]) {
		for start > 0 && isBlank(lines[start-1]) {
			start--
		}
	}
	if f.vi.mode == viLines && start == at && end == at { // it is selected already
		return f.moreParagraphs(c.times(), around)
	}
	return reach{from: position{line: start}, to: position{line: end}, kind: linewise}, true
}

// moreParagraphs adds to what is selected, at the end where the cursor is.
func (f field) moreParagraphs(n int, around bool) (r reach, ok bool) {
	lines, at, by, edge := f.doc.lines, f.caret.at.line, 1, len(f.doc.lines)-1
	if at < f.caret.anchor.line {
		by, edge = -1, 0
	}
	for ; n > 0; n-- {
		if at == edge {
			return r, false
		}
		for part := 0; part < 2 && at != edge && (part == 0 || isBlank(lines[at]) != isBlank(lines[at+by])); part++ {
			at += by
			for at != edge && isBlank(lines[at+by]) == isBlank(lines[at]) {
				at += by
			}
			if !around {
				break
			}
		}
	}
	return reach{from: f.caret.anchor, to: position{line: at}, kind: linewise}, true
}

// quoted is a string in the line: the one that the cursor is in, or the first after it. Around it are its quotes, and space.
func (f field) quoted(c viCommand, around bool) (r reach, ok bool) {
	line, at, quote := f.doc.lines[f.caret.at.line], f.caret.at.byte, c.key[1]
	var start, end int
	if at < len(line) && line[at] == quote {
		for from := 0; ; from = end + 1 {
			start = nextQuote(line, from, quote, false)
			if start < 0 || start > at {
				return r, false
			}
			if end = nextQuote(line, start+1, quote, true); end < 0 {
				return r, false
			}
			if at <= end {
				break
			}
		}
	} else {
		if start = lastQuote(line, at, quote); start < 0 {
			if start = nextQuote(line, at, quote, false); start < 0 {
				return r, false
			}
		}
		if end = nextQuote(line, start+1, quote, true); end < 0 {
			return r, false
		}
	}
	from, to := start, end+1
	switch n := f.caret.at.line; {
	case around:
		for to < len(line) && (line[to] == ' ' || line[to] == '\t') {
			to++
		}
		for to == end+1 && from > 0 && (line[from-1] == ' ' || line[from-1] == '\t') {
			from--
		}
		fallthrough
	case c.times() > 1:
		return reach{from: position{n, from}, to: position{n, prevCluster(line, to)}, kind: inclusive}, true
	case end == start+1:
		return reach{from: position{n, end}, to: position{n, end}}, true
	default:
		return reach{from: position{n, start + 1}, to: position{n, prevCluster(line, end)}, kind: inclusive}, true
	}
}

// nextQuote is the place of the first quote from a byte on, -1 for none; with escapes, one behind a backslash is none.
func nextQuote(line string, from int, quote byte, escapes bool) int {
	for i := from; i < len(line); i++ {
		switch {
		case escapes && line[i] == '\\':
			i++
		case line[i] == quote:
			return i
		}
	}
	return -1
}

// lastQuote is the place of the last quote before a byte.
func lastQuote(line string, before int, quote byte) int {
	for i := min(before, len(line)) - 1; i >= 0; i-- {
		slashes := 0
		for i-slashes > 0 && line[i-slashes-1] == '\\' {
			slashes++
		}
		if slashes%2 == 1 {
			i -= slashes
		} else if line[i] == quote {
			return i
		}
	}
	return -1
}

// bracketed is what is between two brackets, the nth around the cursor or else the next; around it are they.
func (f field) bracketed(pair string, n int, around bool) (r reach, ok bool) {
	p := f.caret.at
	if f.vi.mode.visual() && f.caret.selecting() {
		p, _ = f.caret.ordered()
		if p.byte > 0 { // what is selected already is not found again
			p.byte = prevCluster(f.doc.lines[p.line], p.byte)
		} else if p.line > 0 {
			p = position{p.line - 1, len(f.doc.lines[p.line-1])}
		}
	}
	w := walker{doc: f.doc, at: p}
	for pair == "{}" && w.indented(1) && w.forward() == within {
	}
	open, shut, ok := f.doc.enclosing(w.at, pair, n)
	if !ok {
		if open, shut, ok = f.doc.following(w.at, pair); !ok || n > 1 {
			return r, false
		}
	}
	if around {
		return reach{from: open, to: shut, kind: inclusive}, true
	}
	from, to := walker{doc: f.doc, at: open}, walker{doc: f.doc, at: shut}
	from.onward()
	startOfLine := shut.byte == 0
	to.backward()
	for pair == "{}" && to.indented(1) {
		startOfLine = true
		if to.backward() == stuck {
			break
		}
	}
	r = reach{from: from.at, to: to.at}
	switch {
	case startOfLine:
		to.onward()
		r.to = to.at
	case !to.at.before(from.at):
		r.kind = inclusive
	default:
		r.to = from.at
	}
	return r, true
}

// partner is the other bracket of a pair: in code by Python's reading, within a string or a comment by the line's.
func (d document) partner(p position) (position, bool) {
	c := d.lines[p.line][p.byte]
	for _, pair := range []string{"()", "[]", "{}"} {
		if strings.IndexByte(pair, c) < 0 {
			continue
		}
		open, shut, ok := d.enclosing(p, pair, 1)
		if !ok {
			return p, false
		}
		if p == open {
			return shut, true
		}
		return open, true
	}
	return p, false
}

// enclosing is the nth pair of brackets around a place, or on it.
func (d document) enclosing(p position, pair string, n int) (open, shut position, ok bool) {
	var opened []position
	depth := 0
	d.brackets(p, pair, func(at position, opens bool) bool {
		switch {
		case opens && !p.before(at):
			opened = append(opened, at)
		case opens:
			depth++
		case at.before(p):
			opened = opened[:max(0, len(opened)-1)]
		case depth > 0:
			depth--
		default:
			if n--; n == 0 && len(opened) > 0 {
				open, shut, ok = opened[len(opened)-1], at, true
			}
			opened = opened[:max(0, len(opened)-1)]
		}
		return n > 0
	})
	return open, shut, ok
}

// following is the first pair of brackets that opens after a place.
func (d document) following(p position, pair string) (open, shut position, ok bool) {
	d.brackets(p, pair, func(at position, opens bool) bool {
		if opens && p.before(at) {
			open, shut, ok = d.enclosing(at, pair, 1)
			return false
		}
		return true
	})
	return open, shut, ok
}

// brackets visits those of a kind, in order, around a place in code; around one in a string or a comment those of its line.
func (d document) brackets(p position, pair string, visit func(at position, opens bool) bool) {
	on := true
	in := func(n, from, to int) {
		for i := from; i < to && on; i++ {
			if c := d.lines[n][i]; c == pair[0] || c == pair[1] {
				on = visit(position{n, i}, c == pair[0])
			}
		}
	}
	line, code := d.lines[p.line], p.byte >= len(d.lines[p.line])
	d.states[p.line].Scan(line, func(from, to int) { code = code || from <= p.byte && p.byte < to })
	if !code {
		in(p.line, 0, len(line))
		return
	}
	for n := max(0, p.line-matchReach); n < min(len(d.lines), p.line+matchReach) && on; n++ {
		d.states[n].Scan(d.lines[n], func(from, to int) { in(n, from, to) })
	}
}
