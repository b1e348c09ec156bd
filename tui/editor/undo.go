package editor

import "slices"

// edit is one change of the text: at a position, removed was replaced by inserted.
type edit struct {
	at                position
	removed, inserted string
}

// step is what one undo takes back: edits made one after the other, and where the cursor was. Steps form a list, newest
// first, and are never changed, so that copies of the editor do not disturb each other.
type step struct {
	edits         []edit
	before, after caret
	kind          kind
	next          *step
}

// kind groups edits into steps: typing goes on a step, a different kind or a moved cursor starts another.
type kind uint8

const (
	whole kind = iota // always a step of its own
	typing
	erasing
)

// maxStepEdits bounds a step, so that a long run of typing is not lost with one key.
const maxStepEdits = 200

// caret is the cursor and the other end of the selection, which is empty when they are the same.
type caret struct{ at, anchor position }

func (c caret) selecting() bool { return c.at != c.anchor }

// ordered is the selection from its start to its end.
func (c caret) ordered() (from, to position) {
	if c.at.before(c.anchor) {
		return c.at, c.anchor
	}
	return c.anchor, c.at
}

func collapsed(p position) caret { return caret{p, p} }

// field is a text being edited: the text, the cursor in it, and how it came to be so.
type field struct {
	doc    document
	caret  caret
	past   *step
	future *step
	sealed bool // the cursor moved: the next edit starts a step
	goal   int  // the column that up and down aim for, or -1
	top    rowPosition
	vi     viField
}

func newField(text string) field {
	f := field{doc: newDocument(text), goal: -1}
	f.caret = collapsed(f.doc.end())
	return f
}

// replace makes one edit and puts the cursor after it.
func (f field) replace(k kind, from, to position, text string) field {
	if from == to && text == "" {
		return f
	}
	return f.apply(k, edit{from, f.doc.between(from, to), text})
}

// apply makes edits in order and records them, as a step or as a part of the latest one.
func (f field) apply(k kind, edits ...edit) field {
	before := f.caret
	for _, e := range edits {
		var end position
		f.doc, end = f.doc.replace(e.at, e.at.advance(e.removed), e.inserted)
		f.vi.marks = f.vi.marks.after(e.at, e.removed, e.inserted)
		f.caret = collapsed(end)
	}
	f.caret = collapsed(f.snap(f.caret.at))
	return f.record(k, before, edits)
}

func (f field) record(k kind, before caret, edits []edit) field {
	s := &step{edits: edits, before: before, after: f.caret, kind: k, next: f.past}
	if p := f.past; p != nil && p.goesOn(k, before, edits) && !f.sealed {
		s.edits = slices.Concat(p.edits, edits)
		s.before, s.next = p.before, p.next
	}
	f.past, f.future, f.sealed, f.goal = s, nil, false, -1
	return f
}

// goesOn tells whether more edits belong to a step: typing up to the next word, erasing until something else happens.
func (s *step) goesOn(k kind, before caret, edits []edit) bool {
	if k == whole || s.kind != k || s.after != before || len(s.edits) >= maxStepEdits {
		return false
	}
	if k == erasing {
		return true
	}
	last := s.edits[len(s.edits)-1].inserted
	return !(isBlank(last) && !isBlank(edits[0].inserted))
}

// placing puts the cursor elsewhere than at the end of the latest edit, within its step.
func (f field) placing(c caret) field {
	s := *f.past
	f.caret = caret{f.snap(c.at), f.snap(c.anchor)}
	s.after = f.caret
	f.past = &s
	return f
}

func (f field) undo() field {
	s := f.past
	if s == nil {
		return f
	}
	for i := len(s.edits) - 1; i >= 0; i-- {
		e := s.edits[i]
		f.doc, _ = f.doc.replace(e.at, e.at.advance(e.inserted), e.removed)
		f.vi.marks = f.vi.marks.after(e.at, e.inserted, e.removed)
	}
	undone := *s
	undone.next = f.future
	f.past, f.future = s.next, &undone
	f.caret, f.sealed, f.goal = s.before, true, -1
	return f
}

func (f field) redo() field {
	s := f.future
	if s == nil {
		return f
	}
	for _, e := range s.edits {
		f.doc, _ = f.doc.replace(e.at, e.at.advance(e.removed), e.inserted)
		f.vi.marks = f.vi.marks.after(e.at, e.removed, e.inserted)
	}
	redone := *s
	redone.next = f.past
	f.past, f.future = &redone, s.next
	f.caret, f.sealed, f.goal = s.after, true, -1
	return f
}
