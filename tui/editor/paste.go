package editor

import (
	"regexp"
	"strings"
)

// paste puts in text as it is, as one step of undo. It never runs anything and never indents.
func (m Model) paste(text string) Model {
	text = m.fit(text)
	if m.reading != nil {
		return m.with(m.field().insert(whole, text))
	}
	f := m.code
	from, to := f.caret.ordered()
	text = withoutPrompts(text)
	head := f.doc.lines[from.line][:from.byte]
	switch {
	case !strings.Contains(text, "\n") || !isBlank(head) || indentOf(text) == "":
	case isBlank(strings.Join(f.doc.lines[:from.line], "")):
		text = withoutCommonIndent(text)
		from.byte = 0
	default:
		from.byte = 0 // the text brings its own indentation
	}
	return m.with(f.replace(whole, from, to, text))
}

// clean makes text one that can be edited: UTF-8, with \n between lines. Control characters stay in it, since they may be
// what the user wants to run; they are drawn as symbols.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "�")
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// transcriptPrompt is what Python's or IPython's REPL writes before code.
var transcriptPrompt = regexp.MustCompile(`^\s*(?:>>>|\.\.\.+|In \[\d+\]:|\.\.\.+:)(?: |$)`)

// withoutPrompts strips the prompts of a session that was copied from a screen, when every line has one.
func withoutPrompts(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		prompt := transcriptPrompt.FindString(line)
		if prompt == "" && !isBlank(line) {
			return text
		}
		lines[i] = line[len(prompt):]
	}
	return strings.Join(lines, "\n")
}

// withoutCommonIndent moves lines to the left as far as all of them allow.
func withoutCommonIndent(text string) string {
	lines := strings.Split(text, "\n")
	common := indentOf(lines[0])
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
