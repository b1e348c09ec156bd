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

// UseMsg asks to put a variable's name where the cursor is.
type UseMsg struct{ Name string }

// KeyMap is what the panel does by key while it has the focus.
type KeyMap struct {
	Up, Down, PageUp, PageDown, Top, End key.Binding
	Use, Sort                            key.Binding
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
		Use:      bind("enter", "put the name into the editor", "enter"),
		Sort:     bind("s", "sort by kind, change, size or type", "s"),
	}
}

// Bindings lists the keys for a help view.
func (k KeyMap) Bindings() []key.Binding {
	return []key.Binding{k.Up, k.Down, k.PageUp, k.PageDown, k.Top, k.End, k.Use, k.Sort}
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
	order   order
	at      int // index of the row that is chosen, while the panel has the focus
	focused bool
	clicked bool           // the row was chosen by the mouse, since the panel has the focus
	drawn   map[int]string // rows drawn already
}

// New returns a panel without rows and size.
func New(t themes.Theme) Model {
	return Model{KeyMap: DefaultKeyMap(), theme: t, drawn: map[int]string{}}
}

// SetRows replaces the rows. total is how many variables there are; the kernel may list fewer.
func (m Model) SetRows(rows []Row, total int) Model {
	m.rows = m.order.sorted(rows)
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
	if on != m.focused {
		m.clicked = false
	}
	m.focused = on
	return m
}

func (m Model) layout() Model {
	m.columns = fit(m.rows, m.width)
	m.drawn = map[int]string{}
	m.at = max(min(m.at, len(m.rows)-1), 0)
	return m.scrollTo(m.top)
}

// order is what the rows are sorted by.
type order uint8

const (
	byKind   order = iota // what a cell made before what it imported
	byChange              // what the last cell touched first
	bySize
	byType
	orders
)

func (o order) String() string { return [orders]string{"", "by change", "by size", "by type"}[o] }

// sorted puts rows into order: data before functions, classes and modules, each by name, where the order does not say more.
func (o order) sorted(rows []Row) []Row {
	type keyed struct {
		row  Row
		rank int64
		kind int
		fold string
	}
	keys := make([]keyed, len(rows))
	for i, r := range rows {
		keys[i] = keyed{r, 0, kindOrder(r.Kind), strings.ToLower(r.Name)}
		switch {
		case o == byChange && r.Mark == Unmarked:
			keys[i].rank = 1
		case o == bySize:
			keys[i].rank = -r.Size
		}
	}
	slices.SortFunc(keys, func(a, b keyed) int {
		kind := cmp.Compare(a.kind, b.kind)
		if o == byType {
			kind = strings.Compare(a.row.Type, b.row.Type)
		}
		return cmp.Or(cmp.Compare(a.rank, b.rank), kind, strings.Compare(a.fold, b.fold), strings.Compare(a.row.Name, b.row.Name))
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

// Update scrolls by wheel, chooses by click, and with the focus by key. What it reports is a UseMsg.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			m = m.scrollTo(m.top - wheelRows)
		case tea.MouseWheelDown:
			m = m.scrollTo(m.top + wheelRows)
		}
	case tea.MouseClickMsg:
		if msg.Button == tea.MouseLeft {
			return m.click(msg.Y)
		}
	case tea.KeyPressMsg:
		if m.focused {
			return m.press(msg)
		}
	}
	return m, nil
}

// click sorts anew by the title, chooses a row, and uses one that is chosen.
func (m Model) click(row int) (Model, tea.Cmd) {
	i := m.top + row - 1
	switch {
	case row == 0:
		return m.sort(), nil
	case row > m.capacity() || i >= len(m.rows):
		return m, nil
	case i == m.at && m.clicked:
		return m, m.use()
	}
	m.at, m.clicked = i, true
	return m, nil
}

func (m Model) press(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	page := max(m.capacity()-1, 1)
	switch k := m.KeyMap; {
	case key.Matches(msg, k.Up):
		return m.choose(m.at - 1), nil
	case key.Matches(msg, k.Down):
		return m.choose(m.at + 1), nil
	case key.Matches(msg, k.PageUp):
		return m.choose(m.at - page), nil
	case key.Matches(msg, k.PageDown):
		return m.choose(m.at + page), nil
	case key.Matches(msg, k.Top):
		return m.choose(0), nil
	case key.Matches(msg, k.End):
		return m.choose(len(m.rows)), nil
	case key.Matches(msg, k.Use):
		return m, m.use()
	case key.Matches(msg, k.Sort):
		return m.sort(), nil
	}
	return m, nil
}

// choose stands on a row, and brings it into view.
func (m Model) choose(i int) Model {
	m.at = max(min(i, len(m.rows)-1), 0)
	if m.at < m.top {
		return m.scrollTo(m.at)
	}
	return m.scrollTo(max(m.top, m.at-m.capacity()+1))
}

func (m Model) use() tea.Cmd {
	if m.at >= len(m.rows) {
		return nil
	}
	name := m.rows[m.at].Name
	return func() tea.Msg { return UseMsg{name} }
}

// sort goes on to the next order, and stays on its row.
func (m Model) sort() Model {
	on := ""
	if m.at < len(m.rows) {
		on = m.rows[m.at].Name
	}
	m.order = (m.order + 1) % orders
	m.rows = m.order.sorted(m.rows)
	m = m.layout()
	return m.choose(max(slices.IndexFunc(m.rows, func(r Row) bool { return r.Name == on }), 0))
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
