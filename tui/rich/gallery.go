package rich

import (
	"container/list"
	"image"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/themes"
)

// A Bundle is a value's forms, as they came.
type Bundle struct {
	Data     map[string]string
	Metadata map[string]any
}

// A DrawnMsg says that drawings which were asked for are there: what shows them is to ask again. Raw is for the terminal. Repaint
// asks for the whole screen to be written anew, before the terminal forgets parts of its pictures.
type DrawnMsg struct {
	Raw     string
	Repaint bool
}

// A Gallery draws on a goroutine of its own whatever takes longer than a key may wait, and only what was looked at.
type Gallery struct {
	mu       sync.Mutex
	terminal Terminal
	height   int      // rows that a picture may take
	version  int      // counts what every drawing depends on
	wanted   []want   // what is to be drawn, newest last
	working  bool     // a goroutine draws
	raw      []string // what the terminal has not been sent
	ids      [lastID + 1]*Drawing
	sheets   sheets
	attic    *attic
	recent   *list.List // the drawings that have rows, those longest unseen first
	used     int        // bytes of these rows
	memory   int        // the most that they may be
	next     int
	closed   bool
	workers  sync.WaitGroup
	drawn    chan struct{}
	end      chan struct{}
}

type want struct {
	drawing *Drawing
	at      place
}

// place is what the rows of a drawing depend on.
type place struct {
	theme          themes.Theme
	width, version int
}

// NewGallery returns one for a terminal that can do what every terminal can.
func NewGallery() *Gallery {
	return &Gallery{
		terminal: Terminal{Protocol: Halves}, height: 24, next: firstID, drawn: make(chan struct{}, 1), end: make(chan struct{}),
		attic: newAttic(sourceMemory, sourceFile), recent: list.New(), memory: rowsMemory,
	}
}

// SetTerminal says what pictures are shown on.
func (g *Gallery) SetTerminal(t Terminal) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sheets.setForgetful(t.Forgetful)
	if t != g.terminal {
		g.terminal = t
		g.version++
	}
}

// SetHeight says how many rows a picture may take.
func (g *Gallery) SetHeight(rows int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if rows = max(rows, 1); rows != g.height {
		g.height = rows
		g.version++
	}
}

// Pixels is the size of that many cells.
func (g *Gallery) Pixels(columns, rows int) (width, height int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w, h := g.terminal.cell()
	return columns * w, rows * h
}

// Next waits until something was drawn; a Gallery that was closed has nothing more.
func (g *Gallery) Next() tea.Msg {
	select {
	case <-g.drawn:
		g.mu.Lock()
		defer g.mu.Unlock()
		raw := strings.Join(g.raw, "")
		g.raw = nil
		return DrawnMsg{raw, g.sheets.repaint()}
	case <-g.end:
		return nil
	}
}

// Farewell is what the terminal is sent at the end: it forgets the pictures.
func (g *Gallery) Farewell() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var b strings.Builder
	for id, drawing := range g.ids {
		if drawing != nil && g.terminal.Protocol == Kitty {
			b.WriteString(forgotten(id))
			g.ids[id] = nil
		}
	}
	return b.String()
}

// Close waits for what is being drawn.
func (g *Gallery) Close() {
	g.mu.Lock()
	if !g.closed {
		g.closed = true
		close(g.end)
	}
	g.mu.Unlock()
	g.workers.Wait()
	g.attic.close()
}

// rowsMemory bounds the rows that are kept, bytes: what was not seen for longest is drawn anew when it is seen again.
const rowsMemory = 8 << 20

// A Drawing is one bundle, drawn for the width that it was last asked for.
type Drawing struct {
	gallery *Gallery
	source  *source
	picture *picture
	wrong   string // what is wrong with the picture
	quick   bool

	rows  []string // under the gallery's lock, as what follows
	size  int      // of the rows, bytes
	at    place
	asked place
	seen  *list.Element
}

// Draw makes a drawing of a bundle, nil where its plain text says it best. It takes no longer than a look at the bundle.
func (g *Gallery) Draw(b Bundle) *Drawing {
	d := &Drawing{gallery: g}
	forms := map[string]string{}
	if plain, ok := b.Data["text/plain"]; ok {
		forms["text/plain"] = plain
	}
	picture, err := pictureOf(b)
	switch {
	case err != nil:
		d.quick, d.wrong = true, "["+strings.ToUpper(err.Error()[:1])+err.Error()[1:]+"]"
	case picture != nil:
		d.picture = picture
		forms[picture.mime] = b.Data[picture.mime]
	default:
		if wordy(b.Data) == nil {
			return nil
		}
		const quick = 8 << 10 // bytes that are drawn within a few milliseconds
		size := 0
		for mime, form := range b.Data {
			if !strings.HasPrefix(mime, "image/") || mime == "image/svg+xml" {
				forms[mime] = form
			}
			if mime != "text/plain" && !strings.HasPrefix(mime, "image/") {
				size = max(size, len(form))
			}
		}
		d.quick = size <= quick
	}
	d.source = g.attic.put(forms)
	return d
}

// Text is what stands for the drawing where only text can.
func (d *Drawing) Text() string {
	forms, err := d.gallery.attic.get(d.source)
	if err != nil {
		return lost(err)
	}
	return safe(forms["text/plain"])
}

func lost(err error) string { return "[It is no longer kept: " + safeError(err) + "]" }

// words draws what is no picture.
func (d *Drawing) words(theme themes.Theme, width int) []string {
	if d.wrong != "" {
		return wrap(theme.Paint(themes.Warning, d.wrong), width)
	}
	forms, err := d.gallery.attic.get(d.source)
	if err != nil {
		return wrap(theme.Paint(themes.Warning, lost(err)), width)
	}
	return fitted(theme, wordy(forms)(theme, width), width)
}

// keep keeps a drawing's rows, and lets others go for them.
func (g *Gallery) keep(d *Drawing, rows []string, at place) {
	g.used -= d.size
	d.rows, d.at, d.size = rows, at, 0
	for _, row := range rows {
		d.size += len(row)
	}
	g.used += d.size
	g.touch(d)
	for g.used > g.memory && g.recent.Len() > 1 {
		g.recent.Front().Value.(*Drawing).forget()
	}
}

// touch says that a drawing is seen.
func (g *Gallery) touch(d *Drawing) {
	if d.seen == nil {
		d.seen = g.recent.PushBack(d)
	}
	g.recent.MoveToBack(d.seen)
}

// forget lets a drawing's rows go: it is drawn anew when it is seen again.
func (d *Drawing) forget() {
	if d.seen != nil {
		d.gallery.recent.Remove(d.seen)
		d.gallery.used -= d.size
	}
	d.rows, d.size, d.at, d.asked, d.seen = nil, 0, place{}, place{}, nil
}

// Rows are the drawing's, each at most as wide as the width. What is not drawn yet is blank, and a DrawnMsg comes.
func (d *Drawing) Rows(theme themes.Theme, width int) []string {
	g := d.gallery
	g.mu.Lock()
	defer g.mu.Unlock()
	at := place{theme, max(width, 1), g.version}
	switch {
	case d.at == at:
		g.touch(d)
		return d.rows
	case d.quick:
		g.keep(d, d.words(theme, at.width), at)
		return d.rows
	}
	if d.asked != at && !g.closed {
		d.asked = at
		g.wanted = append(g.wanted, want{d, at})
		if !g.working {
			g.working = true
			g.workers.Go(g.work)
		}
	}
	if d.picture == nil {
		return []string{theme.Paint(themes.Muted, "…")}
	}
	_, height := d.picture.fit(g.terminal, at.width, g.height)
	return make([]string, height)
}

// work draws until nothing is wanted.
func (g *Gallery) work() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.wanted) > 0 && !g.closed {
		next := g.wanted[len(g.wanted)-1] // what was looked at last
		g.wanted = g.wanted[:len(g.wanted)-1]
		if next.drawing.asked != next.at || next.at.version != g.version {
			continue
		}
		g.draw(next)
	}
	g.working = false
}

// draw is called, and returns, with the lock held; it lets go of it while it draws.
func (g *Gallery) draw(w want) {
	d, terminal, height := w.drawing, g.terminal, g.height
	id := 0
	if d.picture != nil && terminal.Protocol.pixels() {
		id = g.id(d)
	}
	g.mu.Unlock()
	var rows []string
	var raw string
	var dropped []int // ids
	if d.picture != nil {
		var err error
		var pixels *sheet
		if rows, raw, pixels, err = d.draw(terminal, w.at, height, id); pixels != nil {
			dropped = g.sheets.keep(id, pixels)
		}
		if err != nil {
			rows = wrap(w.at.theme.Paint(themes.Warning, "[The picture cannot be read: "+safeError(err)+"]"), w.at.width)
		}
	} else {
		rows = d.words(w.at.theme, w.at.width)
	}
	g.mu.Lock()
	g.keep(d, rows, w.at)
	for _, id := range dropped {
		if former := g.ids[id]; former != nil {
			former.forget()
			g.ids[id] = nil
		}
	}
	if raw != "" {
		g.raw = append(g.raw, raw)
	}
	g.wake()
}

// wake lets Next go on.
func (g *Gallery) wake() {
	select {
	case g.drawn <- struct{}{}:
	default:
	}
}

// id is a drawing's in the terminal, a new one where the same cells would not be written anew. When there are no more, the oldest
// gives its own up and is drawn anew if it is seen again.
func (g *Gallery) id(d *Drawing) int {
	for id, owner := range g.ids {
		if owner == d && g.terminal.Protocol == Kitty {
			return id
		} else if owner == d {
			g.ids[id] = nil
			g.sheets.forget(id)
		}
	}
	id := g.next
	if g.next++; g.next > lastID {
		g.next = firstID
	}
	if former := g.ids[id]; former != nil {
		former.forget()
	}
	g.ids[id] = d
	return id
}

// image is the picture as it came.
func (d *Drawing) image() (image.Image, error) {
	forms, err := d.gallery.attic.get(d.source)
	if err != nil {
		return nil, err
	}
	return d.picture.unpack(forms[d.picture.mime])
}

// draw draws a picture for one place, with what the terminal is to be sent for it.
func (d *Drawing) draw(t Terminal, at place, height, id int) (rows []string, raw string, pixels *sheet, err error) {
	p := d.picture
	img, err := d.image()
	if err != nil {
		return nil, "", nil, err
	}
	columns, lines := p.fit(t, at.width, height)
	switch t.Protocol {
	case Kitty:
		w, h := t.cell()
		raw, err = sent(scaled(img, min(columns*w, max(p.width, 1)*2), min(lines*h, max(p.height, 1)*2), nil), id, columns, lines)
		return placeholders(id, columns, lines), raw, nil, err
	case Sixel, ITerm:
		w, h := t.cell()
		return placeholders(id, columns, lines), "", newSheet(t.Protocol, scaled(img, columns*w, lines*h, ground(at.theme)), w, h), nil
	case Halves:
		return halves(reduced(img, columns, lines*2, ground(at.theme))), "", nil, nil
	}
	return letters(reduced(img, columns, lines, ground(at.theme)), at.theme.Dark), "", nil, nil
}
