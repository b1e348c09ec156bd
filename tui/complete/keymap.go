package complete

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// KeyMap is what is done by key. All but Open and Tab are taken while the popup is open only, and Choose once one has moved in it.
type KeyMap struct {
	Open, Tab              key.Binding
	Accept, Choose, Close  key.Binding
	Up, Down, PgUp, PgDown key.Binding
	Docs                   key.Binding
}

// DefaultKeyMap is as in editors.
func DefaultKeyMap() KeyMap {
	bind := func(help, what string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, what))
	}
	return KeyMap{
		Open:   bind("ctrl+space", "complete here", "ctrl+space", "ctrl+@"),
		Tab:    bind("tab", "behind a word: complete it", "tab"),
		Accept: bind("tab", "take the selected one", "tab"),
		Choose: bind("enter", "take it, once ↑ or ↓ was pressed", "enter"),
		Close:  bind("esc", "close the list", "esc"),
		Up:     bind("↑", "in the list, up", "up"),
		Down:   bind("↓", "in the list, down", "down"),
		PgUp:   bind("pgup", "in the list, a page up", "pgup"),
		PgDown: bind("pgdn", "in the list, a page down", "pgdown"),
		Docs:   bind("shift+tab", "docs and source of the word; f1 on a word too", "shift+tab", "f1"),
	}
}

// Bindings lists the keys for a help view.
func (k KeyMap) Bindings() []key.Binding {
	return []key.Binding{k.Open, k.Tab, k.Choose, k.Close, k.Up, k.Down, k.PgUp, k.PgDown, k.Docs}
}

// Takes tells whether a key is the popup's now.
func (m Model) Takes(msg tea.KeyPressMsg) bool {
	k := m.KeyMap
	moves := len(m.word.ranked) > 1 && key.Matches(msg, k.Up, k.Down, k.PgUp, k.PgDown)
	return m.Open() && (moves || key.Matches(msg, k.Accept, k.Close) || m.Navigated() && key.Matches(msg, k.Choose))
}

// Accepts tells whether a key that the popup takes accepts the selected match.
func (m Model) Accepts(msg tea.KeyPressMsg) bool {
	return m.Open() && key.Matches(msg, m.KeyMap.Accept, m.KeyMap.Choose)
}

// Update moves in the popup, and takes the answers to what was asked. Accepting is Accept's.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return m.press(msg)
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			return m.move(-1, false)
		case tea.MouseWheelDown:
			return m.move(1, false)
		}
	case dueMsg:
		return m.ask(msg)
	case AnswerMsg:
		return m.answered(msg)
	case InspectedMsg:
		return m.inspected(msg), nil
	}
	return m, nil
}

func (m Model) press(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	switch k := m.KeyMap; {
	case !m.Open():
	case key.Matches(msg, k.Close):
		return m.Dismiss(), nil
	case key.Matches(msg, k.Up):
		return m.move(-1, true)
	case key.Matches(msg, k.Down):
		return m.move(1, true)
	case key.Matches(msg, k.PgUp):
		return m.move(-m.rows(), false)
	case key.Matches(msg, k.PgDown):
		return m.move(m.rows(), false)
	}
	return m, nil
}

// move selects another match; around the end where that is meant.
func (m Model) move(by int, around bool) (Model, tea.Cmd) {
	n := len(m.word.ranked)
	if n == 0 {
		return m, nil
	}
	to := m.word.selected + by
	if around {
		to = (to%n + n) % n
	}
	m.word.selected, m.word.navigated = min(max(to, 0), n-1), true
	return m.scroll().wantDocs()
}

// ask asks what was due.
func (m Model) ask(due dueMsg) (Model, tea.Cmd) {
	if m.waits[due.what] != due.id {
		return m, nil
	}
	m.waits[due.what] = 0
	var msg tea.Msg
	switch due.what {
	case ofWord:
		q := m.word.question(m.now)
		q.ID = due.id
		msg = AskMsg{q}
	case ofMatch:
		match, _ := m.Selected()
		from, to := m.word.start, m.now.Byte+m.word.over
		q := m.now.question(from, min(to, len(m.now.line())), match.Text)
		q.ID = due.id
		m.word.inspecting, m.word.inspected = due.id, match.Text
		msg = InspectMsg{q}
	default:
		q := m.call.question(m.now)
		q.ID = due.id
		m.call.asked = due.id
		msg = InspectMsg{q}
	}
	return m, func() tea.Msg { return msg }
}

// answered takes the matches, unless they are for another word, or older than those that are shown.
func (m Model) answered(a AnswerMsg) (Model, tea.Cmd) {
	w := m.word
	if !w.active || w.dismissed || a.ID < w.first || a.ID <= w.shown {
		return m, nil
	}
	selected, more := w.selectedText(), w.navigated || len(w.ranked) > 0
	m.word = w.take(a, m.now)
	navigated := w.navigated
	m = m.refilter(selected, more)
	m.word.navigated = m.word.navigated && navigated
	m, docs := m.wantDocs()
	if m.waits[ofWord] == 0 && m.word.more && !m.word.answers(m.now) {
		var ask tea.Cmd
		m, ask = m.due(ofWord, 0)
		return m, tea.Batch(docs, ask)
	}
	return m, docs
}

func (m Model) inspected(a InspectedMsg) Model {
	switch {
	case m.word.active && a.ID == m.word.inspecting:
		docs := map[string]Info{m.word.inspected: a.Info}
		for text, info := range m.word.docs {
			docs[text] = info
		}
		m.word.docs = docs
	case a.ID == m.call.asked && a.ID != 0:
		m.call.forms = forms(a.Info)
	}
	return m
}
