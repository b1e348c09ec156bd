package editor

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sandrepl/sandrepl/themes"
)

// analysis is what a text says about how it may go on: whether Enter runs it, and how far the next line is indented.
type analysis struct {
	cell      bool      // a cell magic, %%name, which is not Python
	blankTwo  bool      // the last two lines are blank
	invalid   bool      // nothing that follows can make it right
	open      bool      // the end is in a string
	backslash bool      // the last line is continued by a backslash
	blankEnd  bool      // the last line is blank
	brackets  []bracket // open at the end, outermost first
	levels    []level   // the blocks that the last statement is in, outermost first
	last      statement // the latest statement
}

// bracket is an open bracket: what closes it, and the indentation of its line.
type bracket struct {
	closer byte
	indent int
}

// level is a block. try: it ends, so far, in a try that needs an except or a finally.
type level struct {
	indent int
	try    bool
}

// statement is a logical line: brackets, strings and backslashes take it over many.
type statement struct {
	word   string // its first, or "@" of a decorator
	header bool   // it ends in a colon: a block must follow
}

const indentWidth = 4

// analyse reads the lines of a text, of which there is at least one.
func analyse(lines []string) analysis {
	a := analysis{
		cell:     isCellCommand(lines),
		blankEnd: len(lines) > 1 && isBlank(lines[len(lines)-1]),
		blankTwo: len(lines) > 2 && isBlank(lines[len(lines)-1]) && isBlank(lines[len(lines)-2]),
	}
	var state themes.LineState
	for _, line := range lines {
		if a.cell || a.invalid {
			break
		}
		state = a.read(line, state)
	}
	a.open = state.InString()
	return a
}

// isCellCommand tells %%name with a body from Python, and from %%name?, which asks what it is.
func isCellCommand(lines []string) bool {
	first := slices.IndexFunc(lines, func(line string) bool { return !isBlank(line) })
	if first < 0 {
		return false
	}
	line := strings.TrimSpace(lines[first])
	return strings.HasPrefix(line, "%%") && !strings.HasSuffix(line, "?")
}

// command is a line to the shell or to the kernel, or one that binds what such a line gives; its quotes are its own.
var command = regexp.MustCompile(`^([\pL_][\pL\pN_.,\[\] ]*=[ \t]*)?(!|%%?[A-Za-z])`)

func isCommand(code string) bool { return strings.ContainsAny(code, "!%") && command.MatchString(code) }

// complete tells whether Enter runs the text: Python needs no more of it, or can say what is wrong with it. The rules are
// IPython's: a block waits for a blank last line, and a cell magic, whose text may have such lines, for two.
func (a analysis) complete() bool {
	switch {
	case a.cell:
		return a.blankTwo
	case a.invalid:
		return true
	case a.open, len(a.brackets) > 0, a.backslash, a.last.header, a.last.word == "@":
		return false
	case slices.ContainsFunc(a.levels, func(l level) bool { return l.try }):
		return false
	default:
		return len(a.levels) <= 1 || a.blankEnd
	}
}

// leavers are the statements after which a block has nothing more to say.
var leavers = []string{"return", "pass", "break", "continue", "raise"}

// indent is how far the line after this text is indented, in columns, when previous is the last line of the text.
func (a analysis) indent(previous string) int {
	here := columns(indentOf(previous))
	brackets, levels := len(a.brackets), len(a.levels)
	switch {
	case a.cell, a.invalid, a.open, levels == 0:
		return here
	case brackets > 0:
		return a.brackets[brackets-1].indent + indentWidth
	case a.backslash, a.last.header:
		return a.levels[levels-1].indent + indentWidth
	case isBlank(previous):
		return here
	case levels > 1 && slices.Contains(leavers, a.last.word):
		return a.levels[levels-2].indent
	default:
		return a.levels[levels-1].indent
	}
}

// read takes in one line: a statement, or a part of one when a string, a bracket or a backslash goes on.
func (a *analysis) read(line string, in themes.LineState) themes.LineState {
	if !in.InString() && len(a.brackets) == 0 && !a.backslash {
		code := strings.TrimSpace(line)
		if code == "" || code[0] == '#' {
			return in
		}
		a.begin(columns(indentOf(line)), firstWord(code))
		if isCommand(code) {
			a.backslash = strings.HasSuffix(code, `\`)
			return in
		}
	}
	last := -1
	out, closed := in.Scan(line, func(from, to int) {
		if n := len(strings.TrimRight(line[from:to], " \t")); n > 0 {
			last = from + n - 1
		}
		for i := from; i < to; i++ {
			a.bracket(line, i)
		}
	})
	a.invalid = a.invalid || !closed
	a.backslash = last >= 0 && line[last] == '\\' && last == len(line)-1
	a.last.header = last >= 0 && line[last] == ':' && len(a.brackets) == 0 && nothingAfter(line[last+1:])
	return out
}

// nothingAfter: no code and no string, which Scan does not report.
func nothingAfter(rest string) bool {
	rest = strings.TrimSpace(rest)
	return rest == "" || rest[0] == '#'
}

func (a *analysis) bracket(line string, i int) {
	switch c := line[i]; c {
	case '(', '[', '{':
		closer := map[byte]byte{'(': ')', '[': ']', '{': '}'}[c]
		a.brackets = append(a.brackets, bracket{closer, columns(indentOf(line))})
	case ')', ']', '}':
		n := len(a.brackets) - 1
		if n < 0 || a.brackets[n].closer != c {
			a.invalid = true
			return
		}
		a.brackets = a.brackets[:n]
	}
}

// begin places a statement in its block. An indentation that no block has is an error, as is a try without its except.
func (a *analysis) begin(indent int, word string) {
	top := len(a.levels) - 1
	switch {
	case top < 0:
		a.levels = []level{{indent: indent}} // a first line may be indented: it was copied so
	case a.last.header:
		a.invalid = indent <= a.levels[top].indent
		a.levels = append(a.levels, level{indent: indent})
	default:
		for top > 0 && indent < a.levels[top].indent {
			a.invalid = a.invalid || a.levels[top].try
			top--
		}
		a.levels = a.levels[:top+1]
		a.invalid = a.invalid || indent != a.levels[top].indent
	}
	here := &a.levels[len(a.levels)-1]
	closes := word == "except" || word == "finally"
	a.invalid = a.invalid || here.try && !closes
	here.try = word == "try"
	a.last = statement{word: word}
}

// firstWord is the word that tells what a statement is; of "async def" the second.
func firstWord(code string) string {
	if code[0] == '@' {
		return "@"
	}
	end := strings.IndexFunc(code, func(r rune) bool { return !isWord(r) })
	if end < 0 {
		return code
	}
	if code[:end] == "async" {
		if rest := strings.TrimSpace(code[end:]); rest != "" {
			return firstWord(rest)
		}
	}
	return code[:end]
}

// columns is how many columns a run of spaces and tabs takes.
func columns(indent string) int {
	n := 0
	for i := range len(indent) {
		if indent[i] == '\t' {
			n += themes.TabWidth - n%themes.TabWidth
		} else {
			n++
		}
	}
	return n
}
