package transcript

import (
	"github.com/dustin/go-humanize"

	"github.com/sandrepl/sandrepl/themes"
)

// fold is how much of a cell's output is shown.
type fold uint8

const (
	unfolded fold = iota
	folded        // its first and last lines, and how many there are between
	closed        // only how many there are
)

const (
	foldOver = 200 // lines of output that are folded by themselves, once the cell has ended
	foldEnds = 12  // of the first and of the last lines that a folded output shows
)

// away returns which lines of the output are not shown: n of them, from the first on. None when n is 0.
func (e *entry) away() (first, n int) {
	all := e.out.lines()
	switch {
	case e.fold == closed:
		return 0, all
	case e.fold == folded && all > 2*foldEnds+1:
		return foldEnds, all - 2*foldEnds
	}
	return 0, 0
}

// outLines is how many lines the output is shown as, the one that tells of the others included.
func (e *entry) outLines() int {
	all := e.out.lines()
	if _, n := e.away(); n > 0 {
		return all - n + 1
	}
	return all
}

// outLine returns which line of the output line i of those shown is; hidden is how many it stands for, if it is the
// one that tells of them.
func (e *entry) outLine(i int) (line, hidden int) {
	first, n := e.away()
	switch {
	case n == 0 || i < first:
		return i, 0
	case i == first:
		return i, n
	}
	return i + n - 1, 0
}

// setFold folds, with the counts kept true.
func (m Model) setFold(i int, f fold) Model {
	m.log.change(i, func(e *entry) { e.fold = f })
	m.cache.clear()
	return m
}

// foldMore and foldLess go through what a cell's output can be folded to.
func (m Model) foldMore(i int) Model {
	e := m.log.entries[i]
	if e.isNotice() || e.out.lines() == 0 {
		return m
	}
	e.folding = true
	if e.fold == unfolded && e.out.lines() > 2*foldEnds+1 {
		return m.setFold(i, folded)
	}
	return m.setFold(i, closed)
}

func (m Model) foldLess(i int) Model {
	e := m.log.entries[i]
	if e.isNotice() {
		return m
	}
	e.folding = true
	return m.setFold(i, unfolded)
}

// foldRow is the row that tells how many lines are folded away.
func (p painter) foldRow(n int) []string {
	text := "… " + humanize.Comma(int64(n)) + " more lines"
	if n == 1 {
		text = "… 1 more line"
	}
	return p.join(wrap(p.theme.Paint(themes.Accent, text), p.body())[:1], noMark, noMark)
}
