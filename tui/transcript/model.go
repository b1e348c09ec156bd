package transcript

import (
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/themes"
)

// wheelLines is how far one step of the mouse wheel goes.
const wheelLines = 3

// Model is the transcript. See the package comment for what its copies share.
type Model struct {
	KeyMap KeyMap

	log    *log
	theme  themes.Theme
	width  int
	height int
	now    time.Time

	follow bool     // the end is shown, whatever comes
	top    position // of the first row shown, when it does not follow
	seen   int      // lines that there were when it stopped following
	cache  *cache

	chosen     int // the entry that is marked, or -1
	browsing   bool
	typing     bool // the text to look for
	typed      string
	find       *search // nil when nothing is looked for
	onlySearch bool    // giving the search up ends browsing too: it began with it
	origin     hit     // where the search began
	pager      *Model  // over one cell's output; nil unless that is read
	paging     bool    // this is a pager
	cut        bool    // long lines are cut, not wrapped
	shift      int     // columns that are left of the view then
	saving     *saving
	dragging   bool // the mouse holds the scrollbar
}

// New returns an empty transcript without a size.
func New(t themes.Theme) Model {
	return Model{KeyMap: DefaultKeyMap(), log: newLog(), theme: t, follow: true, cache: newCache(), chosen: -1}
}

// SetSize gives the size of the view. What is at the top stays there.
func (m Model) SetSize(width, height int) Model {
	if width != m.width {
		m.top.row = m.top.row * m.width / max(width, 1)
		m.cache = newCache()
	}
	m.width, m.height = width, height
	return m.withPager(func(p Model) Model { return p.SetSize(width, height) })
}

// SetTheme changes the colours of everything, what is there already included.
func (m Model) SetTheme(t themes.Theme) Model {
	m.theme, m.cache = t, newCache()
	return m.withPager(func(p Model) Model { return p.SetTheme(t) })
}

// withPager changes the pager, if there is one.
func (m Model) withPager(f func(Model) Model) Model {
	if m.pager != nil {
		p := f(*m.pager)
		m.pager, m.cache.also = &p, p.cache
	}
	return m
}

// Begin adds a cell. For an id that is there it renews number, author, time and state.
func (m Model) Begin(id string, in Input) Model {
	m.log.begin(id, in)
	m.cache.clear()
	return m
}

// Append adds sanitised text to the output of a cell, finished or not, and to the last piece of it when that is of
// the same kind. An id that was never begun gets a cell without code.
func (m Model) Append(id string, k Kind, text string) Model {
	i := m.log.cell(id)
	m.log.change(i, func(e *entry) {
		e.out.write(k, text)
		if w := e.out.last(); w.moved {
			w.moved = false
			m.cache.clear()
		}
	})
	return m
}

// Display adds a piece of output that Replace can take the place of.
func (m Model) Display(id, display string, k Kind, text string) Model {
	i := m.log.cell(id)
	m.log.shown[display] = append(m.log.shown[display], i)
	m.log.change(i, func(e *entry) { e.out.display(display, k, text) })
	return m
}

// Replace shows something else wherever that display stands, in whichever cell.
func (m Model) Replace(display string, k Kind, text string) Model {
	for _, i := range m.log.shown[display] {
		m.log.change(i, func(e *entry) { e.out.replace(display, k, text) })
	}
	m.cache.clear()
	return m
}

// Clear takes a cell's output away: at once, or with wait when its next output comes.
func (m Model) Clear(id string, wait bool) Model {
	i := m.log.cell(id)
	m.log.change(i, func(e *entry) { e.out.clear(wait) })
	m.cache.clear()
	return m
}

// Fault marks the line of the cell's code, counted from 1, in which it failed.
func (m Model) Fault(id string, line int) Model {
	m.log.entries[m.log.cell(id)].fault = line
	m.cache.clear()
	return m
}

// Finish says how a cell ended and how long it ran. Output may still come.
func (m Model) Finish(id string, o Outcome, took time.Duration) Model {
	i := m.log.cell(id)
	m.log.change(i, func(e *entry) {
		e.finished, e.outcome, e.took = true, o, took
		e.out.end()
		if m.follow && !m.browsing && !e.folding && e.out.lines() > foldOver {
			e.fold = folded
		}
	})
	m.cache.clear()
	return m
}

// Notice adds a line of its own after the last cell.
func (m Model) Notice(l Level, text string) Model {
	m.log.push(&entry{level: l, notice: text})
	return m
}

// Prose adds a drawing of its own after the last cell.
func (m Model) Prose(d Drawing) Model {
	m.log.push(&entry{prose: d})
	return m
}

// Follow shows the end, and what is still to come.
func (m Model) Follow() Model {
	m.follow = true
	return m
}

// Tick sets the time by which running cells show how long they have been running.
func (m Model) Tick(now time.Time) Model {
	m.now = now
	return m
}

// Close frees the temporary file, if there is one. No copy of the model may be used after.
func (m Model) Close() error { return m.log.spool.close() }

// Update takes keys, the mouse, and work that goes on.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	if m.pager != nil {
		return m.toPager(msg)
	}
	switch msg := m.pointed(msg).(type) {
	case WorkMsg:
		switch job := msg.job.(type) {
		case *search:
			return m.searched(job)
		case *saving:
			return m.saved(job)
		}
	case tea.PasteMsg:
		return m.pasteSearch(msg)
	case tea.KeyPressMsg:
		switch {
		case m.paging:
			return m.read(msg)
		case m.browsing:
			return m.browse(msg)
		}
		m = m.press(msg)
	case tea.MouseClickMsg:
		return m.click(msg)
	case tea.MouseMotionMsg, tea.MouseReleaseMsg:
		if m.dragging {
			m = m.drag(msg.(tea.MouseMsg))
		}
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			m = m.scroll(-wheelLines)
		case tea.MouseWheelDown:
			m = m.scroll(wheelLines)
		}
	}
	return m, nil
}

func (m Model) press(msg tea.KeyPressMsg) Model {
	page := max(m.room()-2, 1)
	switch k := m.KeyMap; {
	case key.Matches(msg, k.PageUp):
		return m.scroll(-page)
	case key.Matches(msg, k.PageDown):
		return m.scroll(page)
	case key.Matches(msg, k.LineUp):
		return m.scroll(-1)
	case key.Matches(msg, k.LineDown):
		return m.scroll(1)
	case key.Matches(msg, k.CellUp):
		return m.previousCell()
	case key.Matches(msg, k.CellDown):
		return m.nextCell()
	case key.Matches(msg, k.Top):
		return m.goTo(position{})
	case key.Matches(msg, k.End):
		m.follow = true
	}
	return m
}
