package complete

import (
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// Docs is all that is known of a word, its source too, to scroll through.
type Docs struct {
	KeyMap DocsKeyMap

	theme themes.Theme
	title string
	parts []part
	top   int
	drawn *drawn
}

// part is a line of the docs. Code is highlighted, given what its line inherits.
type part struct {
	text  string
	role  themes.Role
	code  bool
	state themes.LineState
}

// drawn is the docs laid out for a width: which part a row is of, and from which column on. Copies of the docs share it.
type drawn struct {
	width, height int
	rows          []slice
}

type slice struct{ part, from, to int }

// DocsKeyMap is what is done by key while docs are read.
type DocsKeyMap struct {
	Close, Up, Down, PageUp, PageDown, Top, End key.Binding
}

// DefaultDocsKeyMap is what pagers know.
func DefaultDocsKeyMap() DocsKeyMap {
	bind := func(help, what string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, what))
	}
	return DocsKeyMap{
		Close:    bind("esc", "close", "esc", "q", "f1", "shift+tab", "ctrl+c"),
		Up:       bind("↑", "line up", "up", "k"),
		Down:     bind("↓", "line down", "down", "j", "enter"),
		PageUp:   bind("pgup", "page up", "pgup", "b"),
		PageDown: bind("pgdn", "page down", "pgdown", "space"),
		Top:      bind("home", "top", "home", "g"),
		End:      bind("end", "end", "end", "G"),
	}
}

// NewDocs shows what is known of a word.
func NewDocs(theme themes.Theme, info Info) Docs {
	d := Docs{KeyMap: DefaultDocsKeyMap(), theme: theme, title: info.Name, drawn: &drawn{}}
	d = d.code(info.Signature)
	if info.Type != "" && (info.Signature == "" || info.Value != "") {
		text := info.Type
		if info.Value != "" {
			text += " = " + info.Value
		}
		d = d.code(text)
	}
	d = d.text(themes.Foreground, info.Doc)
	if info.File != "" {
		place := info.File
		if info.Line > 0 {
			place += ":" + strconv.Itoa(info.Line)
		}
		d = d.text(themes.Muted, place)
	}
	return d.code(info.Source)
}

// text adds lines, apart from what is above.
func (d Docs) text(role themes.Role, text string) Docs {
	if text == "" {
		return d
	}
	if len(d.parts) > 0 {
		d.parts = append(d.parts, part{})
	}
	for line := range strings.SplitSeq(text, "\n") {
		d.parts = append(d.parts, part{text: themes.Visible(line), role: role})
	}
	return d
}

func (d Docs) code(text string) Docs {
	from := len(d.parts)
	d = d.text(themes.Foreground, text)
	var state themes.LineState
	for i := from; i < len(d.parts); i++ {
		p := &d.parts[i]
		p.code, p.state = true, state
		state, _ = state.Scan(p.text, nil)
	}
	return d
}

// Update scrolls, and closes.
func (d Docs) Update(msg tea.Msg) (Docs, tea.Cmd) {
	page := max(d.drawn.height-1, 1)
	d = d.scrollTo(d.top) // it may be drawn larger than it was
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			return d.scrollTo(d.top - 3), nil
		case tea.MouseWheelDown:
			return d.scrollTo(d.top + 3), nil
		}
	case tea.KeyPressMsg:
		switch k := d.KeyMap; {
		case key.Matches(msg, k.Close):
			return d, func() tea.Msg { return CloseDocsMsg{} }
		case key.Matches(msg, k.Up):
			return d.scrollTo(d.top - 1), nil
		case key.Matches(msg, k.Down):
			return d.scrollTo(d.top + 1), nil
		case key.Matches(msg, k.PageUp):
			return d.scrollTo(d.top - page), nil
		case key.Matches(msg, k.PageDown):
			return d.scrollTo(d.top + page), nil
		case key.Matches(msg, k.Top):
			return d.scrollTo(0), nil
		case key.Matches(msg, k.End):
			return d.scrollTo(len(d.drawn.rows)), nil
		}
	}
	return d, nil
}

func (d Docs) scrollTo(row int) Docs {
	d.top = max(min(row, len(d.drawn.rows)-d.drawn.height), 0)
	return d
}

// measure is as wide as code is.
const measure = 100

// View draws the docs, at most width × height.
func (d Docs) View(width, height int) string {
	inner, room := min(width-4, measure), height-frameRows
	if inner < 4 || room < 1 {
		return ""
	}
	d.lay(inner, room)
	rows := d.drawn.rows
	top := max(min(d.top, len(rows)-room), 0)
	shown := rows[top:min(top+room, len(rows))]
	title := " " + d.title + " "
	if len(rows) > room {
		title += "· ↑↓ " + strconv.Itoa(top+1) + "/" + strconv.Itoa(len(rows)) + " "
	}
	title = ansi.Truncate(title+"· "+d.KeyMap.Close.Help().Key+" closes ", inner, "…")
	border := func(s string) string { return d.theme.Paint(themes.Accent, s) }
	out := []string{border("╭─") + d.theme.Style(themes.Accent).Bold(true).Render(title) + border(strings.Repeat("─", max(inner+1-ansi.StringWidth(title), 0))+"╮")}
	for _, r := range shown {
		text := d.draw(r)
		out = append(out, border("│")+" "+text+strings.Repeat(" ", max(inner-ansi.StringWidth(text), 0))+" "+border("│"))
	}
	return strings.Join(append(out, border("╰"+strings.Repeat("─", inner+2)+"╯")), "\n")
}

// lay breaks the parts into rows: code between any two columns, text between words.
func (d Docs) lay(width, height int) {
	d.drawn.height = height
	if d.drawn.width == width {
		return
	}
	d.drawn.width, d.drawn.rows = width, nil
	for i, p := range d.parts {
		total := ansi.StringWidth(p.text)
		for from := 0; ; {
			to := min(from+width, total)
			if to < total && !p.code {
				if space := strings.LastIndexByte(ansi.Cut(p.text, from, to+1), ' '); space > 0 {
					to = from + ansi.StringWidth(ansi.Cut(p.text, from, to+1)[:space+1])
				}
			}
			to = min(max(to, from+1), total)
			d.drawn.rows = append(d.drawn.rows, slice{i, from, to})
			if from = to; from >= total {
				break
			}
		}
	}
}

// draw draws a row; only those in view are highlighted.
func (d Docs) draw(s slice) string {
	p := d.parts[s.part]
	text := d.theme.Paint(p.role, p.text)
	if p.code {
		var b strings.Builder
		spans, _ := themes.Tokens(p.text, p.state)
		for _, span := range spans {
			b.WriteString(d.theme.Paint(span.Role, span.Text))
		}
		text = b.String()
	}
	return ansi.Truncate(ansi.Cut(text, s.from, s.to), d.drawn.width, "")
}
