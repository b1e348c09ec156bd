package tui

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/tui/complete"
)

// answerWithin bounds how long an answer is waited for; the kernel's own limit is 2 s.
const answerWithin = 5 * time.Second

// helps tells whether code is being typed, so that it may be completed and explained.
func (m Model) helps() bool { return m.overlay == nil && !m.look.inPanel && !m.editor.Reading() }

// typing is the code and the cursor in it.
func (m Model) typing() complete.Text {
	lines, states, line, at := m.editor.Text()
	return complete.Text{Lines: lines, States: states, Line: line, Byte: at}
}

// completing tells whether a key is for completion or for docs.
func (m Model) completing(msg tea.KeyPressMsg) bool {
	if !m.helps() {
		return false
	}
	k, now := m.complete.KeyMap, m.typing()
	switch {
	case m.editor.Vi() && key.Matches(msg, k.Close):
		return false // one key leaves insert mode, and the list with it
	case m.complete.Takes(msg):
		return true
	case key.Matches(msg, k.Open):
		return m.editor.Inserting()
	case key.Matches(msg, k.Tab):
		return m.editor.Inserting() && !now.Blank() && !m.editor.Selecting()
	case key.Matches(msg, k.Docs) && key.Matches(msg, m.keys.Help):
		return m.complete.Open() || now.Word() || now.Calls()
	case key.Matches(msg, k.Docs):
		return !m.editor.Selecting() && (m.complete.Open() || now.Word() || now.Calls())
	}
	return false
}

// toCompletion does what such a key means.
func (m Model) toCompletion(msg tea.KeyPressMsg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch k := m.complete.KeyMap; {
	case key.Matches(msg, k.Docs):
		return m.askDocs(key.Matches(msg, m.keys.Help))
	case m.complete.Accepts(msg):
		return m.accept()
	case m.complete.Takes(msg):
		m.complete, cmd = m.complete.Update(msg)
	default:
		m.complete, cmd = m.complete.Complete(m.typing(), key.Matches(msg, k.Tab))
	}
	return m, cmd
}

// accept puts the selected match into the editor. A folder's path goes on.
func (m Model) accept() (tea.Model, tea.Cmd) {
	var edit complete.Edit
	m.complete, edit = m.complete.Accept()
	m.editor = m.editor.Replace(edit.From, edit.To, edit.Text)
	m = m.layout()
	typed := ""
	if strings.HasSuffix(edit.Text, "/") {
		typed = "/"
	}
	var cmd tea.Cmd
	m.complete, cmd = m.complete.Follow(m.typing(), typed)
	return m, cmd
}

// followed lets completion see what a key did to the text. What is pasted opens nothing.
func (m Model) followed(msg tea.Msg) (Model, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok || !m.helps() || m.editor.Selecting() || !m.editor.Inserting() {
		return m, nil
	}
	var cmd tea.Cmd
	m.complete, cmd = m.complete.Follow(m.typing(), press.Text)
	return m, cmd
}

// keptRows is how many rows of the code the popup leaves free, above which it would be too far from the cursor.
const keptRows = 6

// placeCompletion keeps the popup where the cursor is, and closes it where it no longer belongs.
func (m Model) placeCompletion() Model {
	m.complete = m.complete.SetSize(m.look.width, m.look.height)
	at := m.cursor()
	if at == nil || !m.helps() || !m.editor.Inserting() {
		m.complete = m.complete.Close()
		return m
	}
	m.complete = m.complete.Keep(m.typing())
	top, first := at.Y, m.look.editorAt()
	if first > 6 && at.Y-first < keptRows {
		top = first // what is written above stays in view
	}
	if top == first && m.complete.Hint(m.look.leftWidth()) != "" && top > 4 {
		top-- // the rule above says how the call is made
	}
	m.complete = m.complete.SetCursor(at.X, at.Y, top)
	return m
}

// completion takes the messages of completion: what it wants to know is asked beside, with values and not the model.
func (m Model) completion(msg complete.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case complete.AskMsg:
		return m, asking(m.queue.life, m.session, msg.Question)
	case complete.InspectMsg:
		return m, inspecting(m.queue.life, m.session, msg.Question)
	case complete.CloseDocsMsg:
		m.overlay = nil
		return m, nil
	}
	m.complete, cmd = m.complete.Update(msg)
	m = m.placeCompletion()
	switch _, answered := msg.(complete.AnswerMsg); {
	case answered && m.complete.Sole():
		return m.accept()
	case answered && m.complete.Nothing():
		m.complete = m.complete.Dismiss()
		m.status.note = "nothing completes this"
	}
	return m, cmd
}

// asking asks the kernel what may be typed. An answer that a newer question overtook is none.
func asking(life context.Context, s *session.Session, q complete.Question) tea.Cmd {
	return func() tea.Msg {
		if s == nil {
			return complete.AnswerMsg{Question: q, Failed: true}
		}
		ctx, end := context.WithTimeout(life, answerWithin)
		defer end()
		answer, err := s.Complete(ctx, q.Code, q.Cursor)
		switch {
		case errors.Is(err, session.ErrOvertaken):
			return nil
		case err != nil:
			return complete.AnswerMsg{Question: q, Failed: true}
		}
		matches := make([]complete.Match, 0, len(answer.Matches))
		for _, m := range answer.Matches {
			// What cannot be shown as it is would not be what was chosen.
			if m.Text != "" && safeLine(m.Text) == m.Text {
				matches = append(matches, complete.Match{Text: m.Text, Kind: m.Kind, Signature: safeLine(m.Signature)})
			}
		}
		return complete.AnswerMsg{Question: q, Matches: matches, Start: answer.Start, End: answer.End, More: answer.Truncated}
	}
}

func inspecting(life context.Context, s *session.Session, q complete.Question) tea.Cmd {
	return func() tea.Msg {
		info, err := inspect(life, s, q, false)
		if err != nil {
			return nil
		}
		return complete.InspectedMsg{Question: q, Info: info}
	}
}

func inspect(life context.Context, s *session.Session, q complete.Question, detail bool) (complete.Info, error) {
	if s == nil {
		return complete.Info{}, session.ErrOffline
	}
	ctx, end := context.WithTimeout(life, answerWithin)
	defer end()
	i, err := s.Inspect(ctx, q.Code, q.Cursor, detail)
	return complete.Info{
		Found: i.Found, Name: safeLine(i.Name), Type: safeLine(i.Type), Signature: safeLine(i.Signature), Doc: safeLines(i.Doc),
		Source: safeLines(i.Source), File: safeLine(i.File), Line: count(i.Line), Value: safeLine(i.Value),
	}, err
}

// safeLines is text of several lines without colours; tabs are spaces.
func safeLines(text string) string {
	lines := strings.Split(strings.ReplaceAll(strings.TrimRight(text, "\n"), "\t", "    "), "\n")
	for i, line := range lines {
		lines[i] = safeLine(line)
	}
	return strings.Join(lines, "\n")
}

// docsMsg is what is known of the word that docs were asked of.
type docsMsg struct {
	info complete.Info
	err  error
	text complete.Question // what it was asked of
	help bool              // the key is help's too, where there are no docs
}

// askDocs asks what is known of the selected match, or of the word at the cursor.
func (m Model) askDocs(help bool) (tea.Model, tea.Cmd) {
	q := m.complete.Wanted(m.typing())
	life, s := m.queue.life, m.session
	return m, func() tea.Msg {
		info, err := inspect(life, s, q, true)
		return docsMsg{info, err, q, help}
	}
}

// docs shows them, unless something else was typed since they were asked.
func (m Model) docs(msg docsMsg) Model {
	if !m.helps() || m.complete.Wanted(m.typing()) != msg.text {
		return m
	}
	switch {
	case msg.err == nil && msg.info.Found:
		m.overlay = over[complete.Docs]{complete.NewDocs(m.look.theme, msg.info)}
		m.complete = m.complete.Close()
	case msg.help:
		return m.askHelp()
	case errors.Is(msg.err, session.ErrOvertaken):
	case msg.err != nil:
		m.status.note = "no docs: " + safeLine(msg.err.Error())
	default:
		m.status.note = "nothing is known of this word"
	}
	return m
}

// names gives completion the variables that the panel lists: they show without asking.
func (m Model) names(variables []session.Variable) Model {
	kinds := map[string]string{"data": "instance"}
	names := make([]complete.Match, 0, len(variables))
	for _, v := range variables {
		kind := v.Kind
		if other, ok := kinds[kind]; ok {
			kind = other
		}
		if safeLine(v.Name) == v.Name {
			names = append(names, complete.Match{Text: v.Name, Kind: kind})
		}
	}
	m.complete = m.complete.SetNames(names)
	return m
}

// rule parts the cells from the editor, and says how the call is made that is being typed.
func (m Model) rule() string {
	width := m.look.leftWidth()
	hint := cmp.Or(m.complete.Hint(width-6), m.welcome(width-6))
	if hint == "" {
		return m.border(gripEditor, strings.Repeat("─", max(width, 0)))
	}
	rest := width - 4 - ansi.StringWidth(hint)
	return m.border(gripEditor, "── ") + hint + m.border(gripEditor, " "+strings.Repeat("─", max(rest, 0)))
}

// overCompletion lays the popup over the screen.
func (m Model) overCompletion(screen string) string {
	box, x, y := m.complete.View()
	if box == "" {
		return screen
	}
	return lay(screen, box, x, y, m.look.width)
}

// pointAtCompletion takes the mouse over the popup: a click picks, the wheel moves. Elsewhere a click closes it.
func (m Model) pointAtCompletion(msg tea.MouseMsg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	at := msg.Mouse()
	if _, wheel := msg.(tea.MouseWheelMsg); wheel {
		m.complete, cmd = m.complete.Update(msg)
		return m, cmd
	}
	if _, click := msg.(tea.MouseClickMsg); click && at.Button == tea.MouseLeft {
		next, ok := m.complete.Point(at)
		if m.complete = next; ok {
			return m.accept()
		}
	}
	return m, nil
}
