package complete

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sandrepl/sandrepl/themes"
)

// Text is code that is being typed, and the place of the cursor in it: a line, and a byte of that. The slices are only read.
type Text struct {
	Lines  []string
	States []themes.LineState // what each line inherits from those above
	Line   int
	Byte   int
}

func (t Text) line() string {
	if t.Line >= len(t.Lines) {
		return ""
	}
	return t.Lines[t.Line]
}

func (t Text) before() string { return t.line()[:t.Byte] }
func (t Text) after() string  { return t.line()[t.Byte:] }

// same tells whether nothing differs, the cursor's place included.
func (t Text) same(o Text) bool { return t.around(o) && t.Byte == o.Byte && t.line() == o.line() }

// around tells whether the cursors are on the same line, and all other lines are the same.
func (t Text) around(o Text) bool {
	if t.Line != o.Line || len(t.Lines) != len(o.Lines) {
		return false
	}
	for i := range t.Lines {
		if i != t.Line && t.Lines[i] != o.Lines[i] {
			return false
		}
	}
	return true
}

// question is about the text with bytes from to the cursor of its line replaced, and the cursor after what stands there.
func (t Text) question(from, to int, put string) Question {
	var b strings.Builder
	for _, line := range t.Lines[:min(t.Line, len(t.Lines))] {
		b.WriteString(line)
		b.WriteByte('\n')
	}
	q := Question{line: t.Line, before: b.Len()}
	b.WriteString(t.line()[:from])
	b.WriteString(put)
	q.Cursor = utf8.RuneCountInString(b.String())
	b.WriteString(t.line()[to:])
	for _, line := range t.Lines[min(t.Line+1, len(t.Lines)):] {
		b.WriteByte('\n')
		b.WriteString(line)
	}
	q.Code = b.String()
	return q
}

// place is what the cursor is in.
type place int

const (
	code place = iota
	quoted
	comment
	command // a line to the shell or to the kernel: what is completed there ends at a space
)

// where tells what the cursor is in.
func (t Text) where() place {
	before := t.before()
	state := themes.LineState{}
	if t.Line < len(t.States) {
		state = t.States[t.Line]
	}
	if !state.InString() && strings.ContainsAny(firstOf(strings.TrimSpace(before)), "!%") {
		return command
	}
	// One more letter there is code, or is not.
	inCode := false
	out, closed := state.Scan(before+"x", func(_, to int) { inCode = inCode || to > len(before) })
	switch {
	case inCode || out.InField():
		return code
	case out.InString() || !closed:
		return quoted
	}
	return comment
}

func firstOf(s string) string { return s[:min(len(s), 1)] }

func isWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// wordStart is where the word ends that ends at a byte of a line begins.
func wordStart(line string, at int) int {
	for at > 0 {
		r, size := utf8.DecodeLastRuneInString(line[:at])
		if !isWord(r) {
			break
		}
		at -= size
	}
	return at
}

// Word tells whether the cursor is on a word, or right behind one, that may have docs.
func (t Text) Word() bool {
	if t.where() == comment || t.where() == quoted {
		return false
	}
	start := wordStart(t.line(), t.Byte)
	r, _ := utf8.DecodeRuneInString(t.line()[start:])
	return isWord(r) && !unicode.IsDigit(r)
}

// Calls tells whether the cursor is among the arguments of a call, and not at the start of a line of them.
func (t Text) Calls() bool {
	_, inside := t.call()
	return inside && strings.TrimSpace(t.before()) != ""
}

// Blank tells whether there is nothing at the cursor that could go on: the start of a line, or a blank.
func (t Text) Blank() bool {
	before := t.before()
	return before == "" || before[len(before)-1] == ' ' || before[len(before)-1] == '\t'
}

// At is a question about the word at the cursor.
func (t Text) At() Question { return t.question(t.Byte, t.Byte, "") }

var (
	importing = regexp.MustCompile(`^\s*(import|from)\s`)
	wantsName = regexp.MustCompile(`^\s*(import|from|from\s+[\w.]+\s+import)\s+$|^\s*(import\s.*|from\s+[\w.]+\s+import\s.*),\s*$`)
	naming    = regexp.MustCompile(`\b(def|class|as)\s+$`)
	number    = regexp.MustCompile(`(^|[^\w.])\d[\d_]*\.$`)
)

// word is the word at the cursor, or the place where one may begin.
func (t Text) word() word {
	w := word{in: t.where(), text: t, start: t.Byte}
	if w.in == code {
		w.start = wordStart(t.line(), t.Byte)
		head := t.line()[:w.start]
		w.free = !strings.HasSuffix(head, ".") && !importing.MatchString(head) && !naming.MatchString(head)
	}
	return w
}

// opens tells whether what was typed, which ends at the cursor, is worth a popup, and of which word.
func (t Text) opens(typed string) (word, bool) {
	w := t.word()
	last, _ := utf8.DecodeLastRuneInString(typed)
	if utf8.RuneCountInString(typed) != 1 || !strings.HasSuffix(t.before(), typed) {
		return w, false
	}
	head := t.line()[:w.start]
	letter := isWord(last) && !unicode.IsDigit(last)
	switch w.in {
	case code:
		switch {
		case naming.MatchString(head):
			return w, false
		case isWord(last):
			first, _ := utf8.DecodeRuneInString(t.line()[w.start:])
			w.byLetter = true
			return w, !unicode.IsDigit(first) && t.wordEnds() && !number.MatchString(head)
		case last == '.':
			return w, !number.MatchString(t.before()) && !strings.HasSuffix(t.before(), "..")
		case last == '[':
			w.only = "key"
			return w, true
		case last == ' ':
			return w, wantsName.MatchString(t.before())
		}
	case quoted:
		return w, strings.ContainsRune(`'"/`, last)
	case command:
		w.start = strings.LastIndexAny(t.before(), " \t") + 1
		return w, letter || strings.ContainsRune("%/.~-", last)
	}
	return w, false
}

// wordEnds tells whether no word goes on behind the cursor: what is typed into one is rarely a new one.
func (t Text) wordEnds() bool {
	r, _ := utf8.DecodeRuneInString(t.after())
	return t.after() == "" || !isWord(r)
}

// word is what is being completed: where it began, and what is known of what it may become.
type word struct {
	active    bool
	dismissed bool
	byLetter  bool // it opened because a letter was typed
	tab       bool // the only match is to be accepted
	free      bool // a name of the session may stand here
	in        place
	only      string // the kind that is offered while nothing is typed
	text      Text   // when it began, or was asked about last
	start     int    // the byte of the line at which what is replaced begins

	first, shown int // numbers: of the first question about it, and of the one that was answered
	asked        bool
	failed       bool
	more         bool    // there is more than the matches
	prefix       string  // what was typed when it was asked
	over         int     // bytes behind the cursor that are replaced too
	matches      []Match // as the kernel has them, best first

	ranked    []ranked
	selected  int
	navigated bool
	top       int
	docs      map[string]Info // of matches, by their text

	inspecting int    // the number of the question about a match
	inspected  string // the match
}

// holds tells whether the text is still the one in which this word began, but for what was typed and erased of it.
func (w word) holds(now Text) bool {
	if !w.active || !w.text.around(now) || now.Byte < w.start {
		return false
	}
	was, line := w.text.line(), now.line()
	if len(was) < w.start || line[:w.start] != was[:w.start] || w.text.after() != now.after() || w.in != now.where() {
		return false
	}
	typed := w.filter(now)
	switch w.in {
	case code:
		return !strings.ContainsFunc(typed, func(r rune) bool { return !isWord(r) })
	case command:
		return !strings.ContainsAny(typed, " \t")
	}
	return true
}

// filter is what was typed of the word.
func (w word) filter(now Text) string { return now.line()[min(w.start, now.Byte):now.Byte] }

// answers tells whether what is known holds what may be typed now.
func (w word) answers(now Text) bool {
	typed := w.filter(now)
	return w.in == code && strings.HasPrefix(typed, w.prefix) && (!w.more || typed == w.prefix)
}

// question is about all that may stand in place of the word, or, where that would be too much or hangs on how it begins, of
// what goes on from the cursor.
func (w word) question(now Text) Question {
	if w.in == code && !w.more {
		return now.question(w.start, now.Byte, "")
	}
	return now.question(now.Byte, now.Byte, "")
}

// take puts in an answer. It comes from the sandbox: what it replaces must be of the cursor's line, up to the cursor at least.
func (w word) take(a AnswerMsg, now Text) word {
	w.shown, w.asked, w.failed = a.ID, true, a.Failed
	cursor := byteOf(a.Code, a.Cursor)
	from, to := byteOf(a.Code, a.Start)-a.before, byteOf(a.Code, a.End)
	line := a.Code[a.before:]
	if end := strings.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	prefix := now.before()
	ok := !a.Failed && a.Start <= a.Cursor && a.Cursor <= a.End && a.line == now.Line && from >= 0 && to >= cursor && to <= a.before+len(line) && from <= len(prefix) &&
		line[:from] == prefix[:from]
	if !ok {
		w.matches, w.more = nil, false
		return w
	}
	w.matches, w.more, w.start, w.over = a.Matches, a.More, from, to-cursor
	w.prefix = line[from : cursor-a.before]
	return w
}

// byteOf is where a character of a text begins; -1 for one that it has not.
func byteOf(text string, character int) int {
	for i := range text {
		if character == 0 {
			return i
		}
		character--
	}
	if character == 0 {
		return len(text)
	}
	return -1
}

// candidates are what may be typed: what the kernel said, and the names of the session that it did not.
func (w word) candidates(names []Match) []Match {
	if !w.free {
		return w.matches
	}
	if len(w.matches) == 0 {
		return names
	}
	said := make(map[string]bool, len(w.matches))
	for _, m := range w.matches {
		said[m.Text] = true
	}
	rest := slices.DeleteFunc(slices.Clone(names), func(m Match) bool { return said[m.Text] })
	return slices.Concat(w.matches, rest)
}
