package dialog

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/sahilm/fuzzy"

	"github.com/sandrepl/sandrepl/themes"
)

// Item is one thing to be found.
type Item struct {
	ID      string
	Title   string // one line
	Note    string // at the right: a key, a time
	Preview string // several lines; code
}

// Filter narrows what is found; it is on or off.
type Filter struct {
	ID  string
	Key key.Binding // help names what it leaves
	On  bool
}

type (
	// PickMsg says which item was chosen. Run: what it stands for is to be run as it is.
	PickMsg struct {
		Finder string
		Item   Item
		Run    bool
	}
	// MoveMsg says on which item the finder stands.
	MoveMsg struct {
		Finder string
		Item   Item
	}
	// QueryMsg asks for the items of a search; [ItemsMsg] with the same number answers.
	QueryMsg struct {
		Number int
		Text   string
		On     map[string]bool // filters
	}
	// ItemsMsg is what was found. One that an older query asked for is dropped.
	ItemsMsg struct {
		Number int
		Items  []Item
	}
)

// FinderKeyMap is what a finder does by key; every other key is text of the search.
type FinderKeyMap struct {
	Close, Choose, Run, Up, Down, PageUp, PageDown, Erase, EraseWord, EraseAll key.Binding
}

// DefaultFinderKeyMap is what finders do everywhere. Again, the key that opened one goes on to the next item.
func DefaultFinderKeyMap() FinderKeyMap {
	bind := func(help, what string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, what))
	}
	return FinderKeyMap{
		Close:     bind("esc", "close", "esc", "ctrl+g", "ctrl+c"),
		Choose:    bind("enter", "choose", "enter", "tab"),
		Run:       bind("alt+enter", "run", "alt+enter", "ctrl+enter"),
		Up:        bind("↑", "up", "up", "ctrl+p", "shift+tab"),
		Down:      bind("↓", "down", "down", "ctrl+n", "ctrl+r"),
		PageUp:    bind("pgup", "page up", "pgup"),
		PageDown:  bind("pgdn", "page down", "pgdown"),
		Erase:     bind("backspace", "erase", "backspace", "ctrl+h"),
		EraseWord: bind("ctrl+w", "erase a word", "ctrl+w", "alt+backspace"),
		EraseAll:  bind("ctrl+u", "erase all", "ctrl+u"),
	}
}

// Finder is a list that is narrowed by what is typed: by itself, fuzzily, or by whoever answers its queries.
type Finder struct {
	KeyMap  FinderKeyMap
	theme   themes.Theme
	id      string
	title   string
	all     []Item
	shown   []Item
	filters []Filter
	asks    bool  // it sends queries
	number  int   // of the latest
	waits   bool  // for the answer to it
	picks   *bool // the first of the answer was chosen before it came; whether to run it
	text    string
	at      int
	size    size
}

// NewFinder looks among the items, and stands on the one of that id.
func NewFinder(t themes.Theme, id, title string, items []Item, at string) Finder {
	f := Finder{KeyMap: DefaultFinderKeyMap(), theme: t, id: id, title: title, all: items, shown: items}
	for i, item := range items {
		if item.ID == at {
			f.at = i
		}
	}
	return f
}

// NewSearch asks for its items, by a query for each change, the first for the given text. The first command asks for the first.
func NewSearch(t themes.Theme, id, title, text string, filters ...Filter) (Finder, tea.Cmd) {
	f := Finder{KeyMap: DefaultFinderKeyMap(), theme: t, id: id, title: title, filters: filters, asks: true, text: text}
	return f.search()
}

// SetTheme changes the looks.
func (f Finder) SetTheme(t themes.Theme) Finder {
	f.theme = t
	return f
}

const finderPage = 10

// Update narrows, moves, chooses and closes.
func (f Finder) Update(msg tea.Msg) (Finder, tea.Cmd) {
	switch msg := msg.(type) {
	case ItemsMsg:
		if f.asks && msg.Number == f.number {
			f.shown, f.at, f.waits = msg.Items, 0, false
			if run := f.picks; run != nil {
				f.picks = nil
				return f.choose(*run)
			}
		}
	case tea.WindowSizeMsg:
		f.size = size{msg.Width, msg.Height}
	case tea.MouseClickMsg:
		return f.click(msg)
	case tea.PasteMsg:
		return f.typed(f.text + strings.Join(strings.Fields(msg.Content), " "))
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			return f.move(-1)
		case tea.MouseWheelDown:
			return f.move(1)
		}
	case tea.KeyPressMsg:
		return f.press(msg)
	}
	return f, nil
}

func (f Finder) press(msg tea.KeyPressMsg) (Finder, tea.Cmd) {
	for i, filter := range f.filters {
		if key.Matches(msg, filter.Key) {
			return f.toggle(i)
		}
	}
	switch k := f.KeyMap; {
	case key.Matches(msg, k.Close):
		return f, closeDialog
	case key.Matches(msg, k.Choose):
		return f.choose(false)
	case key.Matches(msg, k.Run):
		return f.choose(f.asks)
	case key.Matches(msg, k.Up):
		return f.move(-1)
	case key.Matches(msg, k.Down):
		return f.move(1)
	case key.Matches(msg, k.PageUp):
		return f.move(-finderPage)
	case key.Matches(msg, k.PageDown):
		return f.move(finderPage)
	case key.Matches(msg, k.Erase):
		runes := []rune(f.text)
		return f.typed(string(runes[:max(len(runes)-1, 0)]))
	case key.Matches(msg, k.EraseWord):
		text := strings.TrimRight(f.text, " ")
		return f.typed(text[:strings.LastIndex(text, " ")+1])
	case key.Matches(msg, k.EraseAll):
		return f.typed("")
	}
	if msg.Text != "" {
		return f.typed(f.text + msg.Text)
	}
	return f, nil
}

func (f Finder) choose(run bool) (Finder, tea.Cmd) {
	if f.waits {
		f.picks = &run
	}
	if f.waits || len(f.shown) == 0 {
		return f, nil
	}
	pick := PickMsg{f.id, f.shown[f.at], run}
	return f, func() tea.Msg { return pick }
}

func (f Finder) move(by int) (Finder, tea.Cmd) {
	f.at = max(min(f.at+by, len(f.shown)-1), 0)
	return f, f.moved()
}

func (f Finder) moved() tea.Cmd {
	if len(f.shown) == 0 {
		return nil
	}
	move := MoveMsg{f.id, f.shown[f.at]}
	return func() tea.Msg { return move }
}

func (f Finder) typed(text string) (Finder, tea.Cmd) {
	if text == f.text {
		return f, nil
	}
	f.text = text
	return f.search()
}

func (f Finder) search() (Finder, tea.Cmd) {
	if f.asks {
		f.number++
		f.waits, f.picks = true, nil
		query := QueryMsg{f.number, f.text, map[string]bool{}}
		for _, filter := range f.filters {
			query.On[filter.ID] = filter.On
		}
		return f, func() tea.Msg { return query }
	}
	f.at, f.shown = 0, f.all
	if f.text != "" {
		titles := make([]string, len(f.all))
		for i, item := range f.all {
			titles[i] = item.Title
		}
		f.shown = nil
		for _, match := range fuzzy.Find(f.text, titles) {
			f.shown = append(f.shown, f.all[match.Index])
		}
	}
	return f, f.moved()
}

// The most that a finder takes of a screen.
const (
	finderColumns = 100
	finderList    = 14
	previewLines  = 8
)

// View draws the box, at most width × height: what is typed, the list and, where items have one, a preview of code.
func (f Finder) View(width, height int) string {
	a, ok := f.arrange(width, height)
	if !ok {
		return ""
	}
	typed := themes.Visible(f.text)
	if over := ansi.StringWidth(typed) - (a.inner - 4); over > 0 {
		typed = ansi.TruncateLeft(typed, over, "")
	}
	lines := []string{f.theme.Paint(themes.Accent, "❯ ") + typed + f.theme.Style(themes.Foreground).Reverse(true).Render(" ")}
	if hint := f.keys(); ansi.StringWidth(lines[0])+ansi.StringWidth(hint) < a.inner {
		lines[0] = pad(lines[0], a.inner-ansi.StringWidth(hint)) + hint
	}
	if a.filters {
		lines = append(lines, f.filterBar())
	}
	for i := a.top; i < a.top+a.list; i++ {
		switch {
		case i < len(f.shown):
			lines = append(lines, f.row(f.shown[i], i == f.at, a.inner))
		case i == 0:
			lines = append(lines, f.theme.Paint(themes.Muted, pad("nothing found", a.inner)))
		default:
			lines = append(lines, pad("", a.inner))
		}
	}
	title := fmt.Sprintf("%s · %d · %s closes", f.title, len(f.shown), f.KeyMap.Close.Help().Key)
	return frame(f.theme, themes.Accent, title, append(lines, f.preview(a)...), width, height)
}

// keys are those that the finders which are known to everybody do not have.
func (f Finder) keys() string {
	if !f.asks {
		return ""
	}
	return f.theme.Paint(themes.Muted, f.KeyMap.Choose.Help().Key+" edits · "+f.KeyMap.Run.Help().Key+" runs")
}

// An arrangement is what of a finder there is room for.
type arrangement struct {
	inner   int  // columns within the frame
	filters bool // they are shown
	list    int  // rows of the list
	top     int  // the item in its first
	code    int  // rows of the preview
}

func (f Finder) arrange(width, height int) (a arrangement, ok bool) {
	a.inner = min(width-frameCols, finderColumns)
	room := height - frameRows - 1
	if a.inner <= 0 || room < 0 {
		return a, false
	}
	if len(f.filters) > 0 && room > 2 {
		a.filters = true
		room--
	}
	if len(f.shown) > 0 && f.shown[f.at].Preview != "" && room > 8 {
		a.code = min(previewLines, room/2-1)
		room -= a.code + 1
	}
	a.list = min(room, finderList)
	a.top = max(min(f.at-a.list/2, len(f.shown)-a.list), 0)
	return a, true
}

// preview is the code of the item that the finder stands on, after a rule. The box keeps its size while one moves.
func (f Finder) preview(a arrangement) []string {
	if a.code == 0 {
		return nil
	}
	code := strings.Split(f.shown[f.at].Preview, "\n")
	lines := f.theme.Python(strings.Join(code[:min(len(code), a.code)], "\n"))
	if more := len(code) - a.code; more > 0 {
		lines[a.code-1] = f.theme.Paint(themes.Muted, fmt.Sprintf("… %d more lines", more+1))
	}
	lines = append([]string{f.theme.Paint(themes.Faint, strings.Repeat("─", a.inner))}, lines...)
	for len(lines) <= a.code {
		lines = append(lines, "")
	}
	return lines
}

// click stands on an item, and chooses one that has been looked at or has nothing to look at. Beside the box it closes.
func (f Finder) click(msg tea.MouseClickMsg) (Finder, tea.Cmd) {
	a, ok := f.arrange(f.size.width, f.size.height)
	if !ok || closes(msg, f.View(f.size.width, f.size.height)) {
		return f, closeDialog
	}
	row := msg.Y - 2 // below frame and text
	if a.filters {
		if row == 0 {
			return f.clickFilter(msg.X - frameCols/2)
		}
		row--
	}
	i := a.top + row
	if row < 0 || row >= a.list || i >= len(f.shown) {
		return f, nil
	}
	looked := i == f.at || f.shown[i].Preview == ""
	f.at = i
	if looked {
		return f.choose(false)
	}
	return f, f.moved()
}

// clickFilter turns the filter on or off whose name is at a column.
func (f Finder) clickFilter(x int) (Finder, tea.Cmd) {
	for i, part := range f.filterParts() {
		width := ansi.StringWidth(part)
		if x >= 0 && x < width {
			return f.toggle(i)
		}
		x -= width + len(filterGap)
	}
	return f, nil
}

func (f Finder) toggle(i int) (Finder, tea.Cmd) {
	f.filters = append([]Filter(nil), f.filters...)
	f.filters[i].On = !f.filters[i].On
	return f.search()
}

const filterGap = "  "

func (f Finder) filterBar() string { return strings.Join(f.filterParts(), filterGap) }

func (f Finder) filterParts() (parts []string) {
	for _, filter := range f.filters {
		role, box := themes.Muted, "[ ] "
		if filter.On {
			role, box = themes.Accent, "[x] "
		}
		parts = append(parts, f.theme.Paint(role, box+filter.Key.Help().Key+" "+filter.Key.Help().Desc))
	}
	return parts
}

func (f Finder) row(item Item, chosen bool, width int) string {
	note := ansi.Truncate(item.Note, width/2, "…")
	title := ansi.Truncate(themes.Visible(item.Title), max(width-3-ansi.StringWidth(note), 0), "…")
	gap := strings.Repeat(" ", max(width-2-ansi.StringWidth(title)-ansi.StringWidth(note), 0))
	if chosen {
		return f.theme.Style(themes.Selection).Bold(true).Render("▸ " + title + gap + note)
	}
	return "  " + title + gap + f.theme.Paint(themes.Muted, note)
}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(width-ansi.StringWidth(text), 0))
}
