package transcript

// output is what a cell shows: pieces one below the other, each written on its own. What was displayed under an id is
// a piece, so that it can be taken the place of.
type output struct {
	spool  *spool
	pieces []piece
	shows  int  // lines of all pieces but the last
	clears bool // whatever comes next takes the place of all there is
}

type piece struct {
	id string // of a display; "" for text
	*writer
	drawing Drawing // stands in the writer's place; nil for text
}

func newOutput(s *spool) *output { return &output{spool: s, pieces: []piece{{writer: newWriter(s)}}} }

func (o *output) last() piece { return o.pieces[len(o.pieces)-1] }

func (o *output) lines() int { return o.shows + o.last().lines() }

// at returns line i; open tells that it may still change.
func (o *output) at(i int) (t tag, line string, open bool) {
	for _, p := range o.pieces[:len(o.pieces)-1] {
		if lines := p.lines(); i >= lines {
			i -= lines
			continue
		}
		if p.drawing != nil {
			return tagText, p.drawing.Text(), false
		}
		t, line, _ := p.at(i)
		return t, line, false
	}
	return o.last().at(i)
}

func (o *output) write(k Kind, text string) {
	o.clearIfDue()
	o.last().write(k, text)
}

// display writes a piece of its own.
func (o *output) display(id string, k Kind, text string) {
	o.clearIfDue()
	o.begin(id)
	o.last().write(k, text)
	o.begin("")
}

func (o *output) begin(id string) {
	o.end()
	if o.last().lines() == 0 {
		o.pieces[len(o.pieces)-1].id = id
		return
	}
	o.shows += o.last().lines()
	o.pieces = append(o.pieces, piece{id: id, writer: newWriter(o.spool)})
}

// replace writes the pieces of that id anew.
func (o *output) replace(id string, k Kind, text string) {
	for i, p := range o.pieces {
		if p.id != id {
			continue
		}
		w := newWriter(o.spool)
		w.write(k, text)
		w.end()
		w.sheet.seal()
		o.shows += w.lines() - p.lines()
		p.forget()
		o.pieces[i].writer, o.pieces[i].drawing = w, nil
	}
}

// clear takes everything away: at once, or with wait when the next output comes.
func (o *output) clear(wait bool) {
	o.clears = true
	if !wait {
		o.clearIfDue()
	}
}

func (o *output) clearIfDue() {
	if !o.clears {
		return
	}
	for _, p := range o.pieces {
		p.forget()
	}
	*o = *newOutput(o.spool)
}

// end ends the last line, and the piece.
func (o *output) end() {
	o.last().end()
	o.last().sheet.seal()
}

// forget gives the memory of lines back that nobody will see again.
func (w *writer) forget() {
	for _, c := range w.sheet.chunks {
		w.sheet.spool.forget(c)
	}
}
