package editor

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sandrepl/sandrepl/themes"
)

// paste puts in text as it is, as one step of undo. It never runs anything and never indents. Code that brings the prompts
// of a REPL, or the indentation of where it was copied, loses them, so that what one sees is what will run.
func (m Model) paste(text string) Model {
	text = m.fit(text)
	if m.reading != nil {
		return m.with(m.field().insert(whole, text))
	}
	f := m.code
	from, to := f.caret.ordered()
	head := f.doc.lines[from.line][:from.byte]
	if isBlank(head) && !f.inString(from) {
		text = withoutPrompts(strings.TrimPrefix(text, "\ufeff"))
	}
	switch {
	case !strings.Contains(text, "\n") || !isBlank(head) || indentOf(firstText(text)) == "":
	case isBlank(strings.Join(f.doc.lines[:from.line], "")):
		text = withoutCommonIndent(text)
		from.byte = 0
	default:
		from.byte = 0 // the text brings its own indentation
	}
	return m.with(f.replace(whole, from, to, text))
}

// firstText is the text from its first line on that is not blank.
func firstText(text string) string {
	for line, rest, more := strings.Cut(text, "\n"); more && isBlank(line); line, rest, more = strings.Cut(text, "\n") {
		text = rest
	}
	return text
}

// pasting is paste while vi's keys may be on: in normal mode text goes before the cursor's character, at the end of the line
// behind it.
func (m Model) pasting(text string) Model {
	f := m.field()
	switch mode := f.vi.mode; {
	case mode <= viReplace:
		return m.acting(func(m Model) Model { return m.paste(text) })
	case mode.visual():
		m = m.put(f.exclusive())
	default:
		line := f.doc.lines[f.caret.at.line]
		if next := nextCluster(line, f.caret.at.byte); next == len(line) {
			m = m.put(f.move(position{f.caret.at.line, next}, false))
		}
	}
	m.vi.keys = nil
	f = m.field()
	f.vi.mode = viInsert
	m = m.put(f).paste(text)
	if f = m.field(); f.caret.at.byte > 0 {
		f = f.move(left(f), false)
	}
	f.vi.mode = viNormal
	return m.with(f)
}

// inString tells whether a position is within a string.
func (f field) inString(p position) bool {
	out, closed := f.doc.states[p.line].Scan(f.doc.lines[p.line][:p.byte], nil)
	return out.InString() || !closed
}

// clean makes text one that can be edited: UTF-8, with \n between lines. Control characters stay in it, since they may be
// what the user wants to run; they are drawn as symbols.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "�")
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// sessions are the REPLs whose screens people copy: what begins a cell, and what begins each line of one. A cell's number
// may be missing, as documents have it.
var sessions = []struct{ begins, goesOn *regexp.Regexp }{
	{regexp.MustCompile(`^\s*>>>(?: |$)`), regexp.MustCompile(`^\s*(?:>>>|\.\.\.)(?: |$)`)},
	{regexp.MustCompile(`^\s*In \[[\d ]*\]:(?: |$)`), regexp.MustCompile(`^\s*(?:In \[[\d ]*\]:|\.\.\.+:)(?: |$)`)},
}

// withoutPrompts takes the code out of a session that was copied from a screen: its first line of code has a prompt. A line
// without one goes on what is unfinished above it, or else is what a cell printed, and is left out.
func withoutPrompts(text string) string {
	lines := strings.Split(text, "\n")
	first := slices.IndexFunc(lines, func(l string) bool { return !isBlank(l) && strings.TrimSpace(l)[0] != '#' })
	if first < 0 {
		return text
	}
	for _, session := range sessions {
		if session.begins.MatchString(lines[first]) {
			return strings.Join(cells(lines, session.goesOn), "\n")
		}
	}
	return text
}

// cells are the lines of code in a session.
func cells(lines []string, prompts *regexp.Regexp) []string {
	var code []string
	var a analysis // of the latest cell
	var state themes.LineState
	keep := func(line string) {
		code = append(code, line)
		if !a.invalid {
			state = a.read(line, state)
		}
	}
	for _, line := range lines {
		prompt := prompts.FindString(line)
		unfinished := !a.invalid && (state.InString() || len(a.brackets) > 0 || a.backslash)
		switch {
		case prompt != "":
			if !strings.HasPrefix(strings.TrimSpace(prompt), "...") {
				a, state = analysis{}, themes.LineState{}
			}
			keep(line[len(prompt):])
		case isBlank(line):
			keep("")
		case len(code) == 0 || unfinished || strings.TrimSpace(line)[0] == '#':
			keep(line)
		}
	}
	return code
}

// withoutCommonIndent moves lines to the left as far as all of them allow.
func withoutCommonIndent(text string) string {
	lines := strings.Split(text, "\n")
	common := indentOf(firstText(text))
	for _, line := range lines {
		if isBlank(line) {
			continue
		}
		for !strings.HasPrefix(line, common) {
			common = common[:len(common)-1]
		}
	}
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, common)
		if isBlank(line) && !strings.HasPrefix(line, common) {
			lines[i] = ""
		}
	}
	return strings.Join(lines, "\n")
}
