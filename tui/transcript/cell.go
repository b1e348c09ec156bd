package transcript

import (
	"strings"
	"time"

	"github.com/sandrepl/sandrepl/themes"
)

// Author says who wrote a cell.
type Author uint8

const (
	User Author = iota
	Agent
	Setup
)

// State says whether a cell that has not finished has begun.
type State uint8

const (
	Queued State = iota
	Running
)

// Kind says what a piece of a cell's output is.
type Kind uint8

const (
	Stdout Kind = iota
	Stderr
	Result
	Error
	Note // said about the output, not by it
)

// Outcome is how a cell ended.
type Outcome uint8

const (
	OK      Outcome = iota
	Failed          // it raised
	Aborted         // it was queued and never ran
	Lost            // its kernel is gone: nobody knows how it ended
)

// Level is how much a notice matters.
type Level uint8

const (
	Info Level = iota
	Warning
	Failure
)

// Input is a cell as it was sent.
type Input struct {
	Number int // as in Out[n]; 0 when it has none (yet)
	Code   string
	Author Author
	At     time.Time // when it began to run; while it is queued, when it was sent
	State  State
}

// entry is a cell, or a notice between cells. Its lines are a blank one (gap), its code, its output.
type entry struct {
	input    Input // without the code
	coded    bool  // the code is known
	finished bool
	outcome  Outcome
	took     time.Duration
	fault    int // line of the code that failed, from 1; 0 is none
	notice   string
	prose    Drawing // in the place of a notice
	level    Level
	gap      int // 0 or 1
	code     *sheet
	fold     fold
	folding  bool // the user has folded or unfolded it
	hidden   bool // the user took it from the view
	pinned   bool
	states   []themes.LineState // of every 64th line of code
	out      *output
	before   int // lines of the entries above
}

func (e *entry) isNotice() bool { return e.code == nil }

func (e *entry) lines() int {
	if e.hidden {
		return 0
	}
	if e.isNotice() {
		return e.gap + 1
	}
	return e.gap + e.code.count + e.outLines()
}

// running tells that the entry's header shows a clock.
func (e *entry) running() bool { return !e.isNotice() && !e.finished && e.input.State == Running }

// tag returns how the first line of an output of kind k, which begins with s, is stored.
func (k Kind) tag(s string) tag {
	switch k {
	case Stderr:
		return tagStderr
	case Result:
		if readsAsPython(s) {
			return tagValue
		}
		return tagText
	case Error:
		return tagError
	case Note:
		return tagNote
	}
	return tagStdout
}

// readsAsPython guesses from its beginning whether a value's repr is worth highlighting as Python: a literal or a
// call, and not a table or prose.
func readsAsPython(s string) bool {
	if s == "" || hasEscape(s) {
		return false
	}
	if strings.IndexByte(`[({'"-0123456789.`, s[0]) >= 0 {
		return true
	}
	name := strings.TrimLeft(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.")
	switch s[:len(s)-len(name)] {
	case "None", "True", "False", "nan", "inf", "b", "":
		return name == "" || name[0] == '\'' || name[0] == '"' || name[0] == '\n'
	}
	return strings.HasPrefix(name, "(")
}
