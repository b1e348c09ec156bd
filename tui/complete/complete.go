// Package complete helps with code while it is typed: a popup of what the word at the cursor may become, a line that says how
// the call around the cursor is made, and an overlay with the docs of a word. It holds no text and asks no kernel: its parent says
// what stands where, asks what it is told to ask, and does the edits.
package complete

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/themes"
)

// Match is one thing that may be typed: single lines of sanitised text.
type Match struct {
	Text      string
	Kind      string // as the kernel calls it: module, class, function, instance, property, keyword, param, key, path, magic
	Signature string // for what can be called
}

// Info is what is known of a word: sanitised text, of several lines in Doc and Source.
type Info struct {
	Found                 bool
	Name, Type, Signature string
	Doc, Source, File     string
	Line                  int // 0 unknown
	Value                 string
}

// Edit puts Text in the place of the bytes From to To of the cursor's line.
type Edit struct {
	From, To int
	Text     string
}

// Question is about a place in code. Its number tells its answer from others.
type Question struct {
	ID     int
	Code   string
	Cursor int // in characters from the code's start

	line   int // of the code, where the cursor is
	before int // bytes of the code before that line
}

// A Msg is one of this package's messages; a parent passes those that it does not handle to Update.
type Msg interface{ ofCompletion() }

type (
	// AskMsg wants an AnswerMsg.
	AskMsg struct{ Question }
	// AnswerMsg says what the characters from Start to End of the question's code may become, best first. More: there is
	// more than Matches. Failed: nobody could say.
	AnswerMsg struct {
		Question
		Matches      []Match
		Start, End   int
		More, Failed bool
	}
	// InspectMsg wants an InspectedMsg.
	InspectMsg struct{ Question }
	// InspectedMsg says what is known of the word at the question's cursor, or of the call that it is in.
	InspectedMsg struct {
		Question
		Info Info
	}
	// CloseDocsMsg says that the user has read the docs.
	CloseDocsMsg struct{}

	dueMsg struct {
		what subject
		id   int
	}
)

func (AskMsg) ofCompletion()       {}
func (AnswerMsg) ofCompletion()    {}
func (InspectMsg) ofCompletion()   {}
func (InspectedMsg) ofCompletion() {}
func (CloseDocsMsg) ofCompletion() {}
func (dueMsg) ofCompletion()       {}

// pause is how long keys must rest before something is asked.
const pause = 40 * time.Millisecond

// Model is the popup and the line about the call.
type Model struct {
	KeyMap KeyMap

	theme  themes.Theme
	ascii  bool
	screen struct{ width, height int }
	cursor struct{ x, y, top int } // on the screen; top: the first row that must not be covered

	names []Match // known without asking
	now   Text
	last  int // number of the latest question

	word word // what is being completed, if it is
	call call // what is being called, if it is

	waits [subjects]int // the numbers of what is to be asked once the keys rest; 0 for nothing
}

// A subject is what is asked about: what may be typed, the docs of the selected match, and the call.
type subject int

const (
	ofWord subject = iota
	ofMatch
	ofCall
	subjects
)

// New makes one that is closed.
func New(theme themes.Theme) Model { return Model{KeyMap: DefaultKeyMap(), theme: theme} }

// SetTheme changes the looks.
func (m Model) SetTheme(theme themes.Theme) Model {
	m.theme = theme
	return m
}

// SetASCII draws with characters that every terminal has.
func (m Model) SetASCII(on bool) Model {
	m.ascii = on
	return m
}

// SetSize gives the size of the screen that the popup lies on.
func (m Model) SetSize(width, height int) Model {
	m.screen.width, m.screen.height = width, height
	return m
}

// SetCursor says where on the screen the cursor is. The rows from top to the cursor's stay uncovered.
func (m Model) SetCursor(x, y, top int) Model {
	m.cursor.x, m.cursor.y, m.cursor.top = x, y, min(top, y)
	return m
}

// SetNames gives the names that need no asking: they show at once.
func (m Model) SetNames(names []Match) Model {
	m.names = byName(names)
	return m
}

// Close takes the popup and the line about the call away; answers to what was asked count no more.
func (m Model) Close() Model {
	m.word, m.call = word{}, call{}
	m.waits = [subjects]int{}
	return m
}

// Dismiss takes the popup away, and keeps it away while this word is typed.
func (m Model) Dismiss() Model {
	m.word.dismissed, m.word.tab = true, false
	m.waits[ofWord], m.waits[ofMatch] = 0, 0
	return m
}

// drop forgets the word that was completed.
func (m Model) drop() Model {
	m.word, m.waits[ofWord], m.waits[ofMatch] = word{}, 0, 0
	return m
}

// Keep closes what no longer belongs to where the cursor is. It may be called at any time, and asks nothing.
func (m Model) Keep(now Text) Model {
	if m.now.same(now) {
		return m
	}
	m.now = now
	if !m.word.holds(now) || m.word.byLetter && m.word.filter(now) == "" {
		m = m.drop()
	}
	if at, inside := now.call(); !inside || !at.is(m.call) {
		m.call, m.waits[ofCall] = call{}, 0
	} else {
		m.call.argument, m.call.keyword = at.argument, at.keyword
	}
	return m
}

// Follow takes in a key that the editor took; typed is the text that it put in, if it did.
func (m Model) Follow(now Text, typed string) (Model, tea.Cmd) {
	moved := !m.now.same(now) || typed != ""
	m = m.Keep(now)
	if !moved {
		return m, nil
	}
	var ask tea.Cmd
	switch {
	case m.word.active && m.word.dismissed:
	case m.word.active:
		m, ask = m.refilter(m.word.selectedText(), m.word.navigated).askAgain()
	case typed != "":
		if w, ok := now.opens(typed); ok {
			m, ask = m.begin(w)
		}
	}
	m, docs := m.wantDocs()
	m, call := m.wantCall()
	return m, tea.Batch(ask, docs, call)
}

// Complete opens the popup now, whatever was typed. With tab, what is the only match is to be accepted at once: see Sole.
func (m Model) Complete(now Text, tab bool) (Model, tea.Cmd) {
	m = m.Keep(now)
	w := now.word()
	w.tab = tab
	if w.in == comment {
		return m, nil
	}
	m, _ = m.begin(w)
	m, ask := m.due(ofWord, 0)
	m, docs := m.wantDocs()
	return m, tea.Batch(ask, docs)
}

// begin starts the completion of a word: with the names that are known, and a question.
func (m Model) begin(w word) (Model, tea.Cmd) {
	w.active, w.first = true, m.last+1
	m.word = w
	return m.refilter("", false).askAgain()
}

// askAgain asks where what was answered does not hold the answer for what is typed now.
func (m Model) askAgain() (Model, tea.Cmd) {
	if m.word.asked && m.word.answers(m.now) {
		return m, nil
	}
	return m.due(ofWord, pause)
}

// wantDocs asks for the docs of the selected match, where they are not known.
func (m Model) wantDocs() (Model, tea.Cmd) {
	match, ok := m.Selected()
	if !ok || !match.inspectable() {
		m.waits[ofMatch] = 0
		return m, nil
	}
	if _, known := m.word.docs[match.Text]; known {
		return m, nil
	}
	return m.due(ofMatch, 2*pause)
}

// wantCall asks how the call around the cursor is made, where that is not known.
func (m Model) wantCall() (Model, tea.Cmd) {
	at, inside := m.now.call()
	if !inside || at.is(m.call) {
		return m, nil
	}
	m.call = at
	return m.due(ofCall, pause)
}

// due has a question asked after a rest, which the next key begins anew.
func (m Model) due(what subject, rest time.Duration) (Model, tea.Cmd) {
	m.last++
	m.waits[what] = m.last
	id := m.last
	return m, tea.Tick(rest, func(time.Time) tea.Msg { return dueMsg{what, id} })
}
