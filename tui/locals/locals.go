// Package locals is the panel that lists the variables of a session: name, type and value, and what the last cell
// changed. Its rows are given; it asks no kernel for them, and it does not show a value at length.
package locals

import (
	"cmp"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/themes"
)

// Mark says what the last cell did to a variable.
type Mark uint8

const (
	Unmarked Mark = iota
	MarkNew
	MarkChanged
)

// Row is one variable. Its texts are single lines of sanitised text.
type Row struct {
	Name      string
	Type      string
	Value     string // its repr, cut
	Shape     string // as Python writes it, "(3, 4)"; empty when it has none
	Length    int64  // -1 unknown
	Size      int64  // bytes; -1 unknown
	Kind      string // data, module, function or class
	Flattened bool   // the value is text that was made of another value
	Mark      Mark
}

// KeyMap is what the panel does by key while it has the focus.
type KeyMap struct {
	Up, Down, PageUp, PageDown, Top, End key.Binding
}

// DefaultKeyMap is the arrows and their relatives.
func DefaultKeyMap() KeyMap {
	bind := func(help, what string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, what))
	}
	return KeyMap{
		Up:       bind("↑", "line up", "up", "k"),
		Down:     bind("↓", "line down", "down", "j"),
		PageUp:   bind("pgup", "page up", "pgup"),
		PageDown: bind("pgdn", "page down", "pgdown"),
		Top:      bind("home", "first", "home", "g"),
		End:      bind("end", "last", "end", "G"),
	}
}

// Bindings lists the keys for a help view.
func (k KeyMap) Bindings() []key.Binding {
	return []key.Binding{k.Up, k.Down, k.PageUp, k.PageDown, k.Top, k.End}
}

const wheelRows = 3

// Model is the panel. Rows are never changed in place: copies of a Model do not disturb each other.
type Model struct {
	KeyMap KeyMap

	theme   themes.Theme
	rows    []Row // sorted
	total   int   // variables there are, listed or not
	columns columns
	width   int
	height  int
	top     int // index of the first row shown
	focused bool
	drawn   map[int]string // rows drawn already
}

// New returns a panel without rows and size.
func New(t themes.Theme) Model {
	return Model{KeyMap: DefaultKeyMap(), theme: t, drawn: map[int]string{}}
}

// SetRows replaces the rows. total is how many variables there are; the kernel may list fewer.
func (m Model) SetRows(rows []Row, total int) Model {
	m.rows = sorted(rows)
	m.total = max(total, len(rows))
	return m.layout()
}

// SetSize gives the size of the panel, its title included.
func (m Model) SetSize(width, height int) Model {
	m.width, m.height = width, height
	return m.layout()
}

// SetTheme changes the colours.
func (m Model) SetTheme(t themes.Theme) Model {
	m.theme = t
	return m.layout()
}

// Focus gives the panel the keys, or takes them from it.
func (m Model) Focus(on bool) Model {
	m.focused = on
	return m
}

func (m Model) layout() Model {
	m.columns = fit(m.rows, m.width)
	m.drawn = map[int]string{}
	return m.scrollTo(m.top)
}

// sorted puts data before functions, classes and modules (what a cell made before what it imported), each by name.
func sorted(rows []Row) []Row {
	type keyed struct {
		row  Row
		kind int
		fold string
	}
	keys := make([]keyed, len(rows))
	for i, r := range rows {
		keys[i] = keyed{r, kindOrder(r.Kind), strings.ToLower(r.Name)}
	}
	slices.SortFunc(keys, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), strings.Compare(a.fold, b.fold), strings.Compare(a.row.Name, b.row.Name))
	})
	out := make([]Row, len(rows))
	for i := range keys {
		out[i] = keys[i].row
	}
	return out
}

func kindOrder(kind string) int {
	switch kind {
	case "function":
		return 1
	case "class":
		return 2
	case "module":
		return 3
	}
	return 0
}

// Update scrolls: by wheel always, by key with the focus.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			m = m.scrollTo(m.top - wheelRows)
		case tea.MouseWheelDown:
			m = m.scrollTo(m.top + wheelRows)
		}
	case tea.KeyPressMsg:
		if m.focused {
			m = m.press(msg)
		}
	}
	return m, nil
}

func (m Model) press(msg tea.KeyPressMsg) Model {
	page := max(m.capacity()-1, 1)
	switch k := m.KeyMap; {
	case key.Matches(msg, k.Up):
		return m.scrollTo(m.top - 1)
	case key.Matches(msg, k.Down):
		return m.scrollTo(m.top + 1)
	case key.Matches(msg, k.PageUp):
		return m.scrollTo(m.top - page)
	case key.Matches(msg, k.PageDown):
		return m.scrollTo(m.top + page)
	case key.Matches(msg, k.Top):
		return m.scrollTo(0)
	case key.Matches(msg, k.End):
		return m.scrollTo(len(m.rows))
	}
	return m
}

// capacity is how many rows there is room for: all but the title and, when not everything fits, the count of the rest.
func (m Model) capacity() int {
	room := max(m.height-1, 0)
	if m.total > room {
		room = max(room-1, 0)
	}
	return room
}

func (m Model) scrollTo(row int) Model {
	m.top = max(min(row, len(m.rows)-m.capacity()), 0)
	return m
}
