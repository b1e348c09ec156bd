package transcript

import (
	"bufio"
	"fmt"
	"os"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/dustin/go-humanize"
)

// page opens the pager: a transcript of one cell's output alone, which follows what is still added to it.
func (m Model) page(i int) Model {
	e := m.log.entries[i]
	if e.out.lines() == 0 {
		return m
	}
	alone := newLog()
	alone.entries = []*entry{{input: e.input, code: &sheet{}, out: e.out, finished: true}}
	p := Model{KeyMap: m.KeyMap, log: alone, theme: m.theme, follow: true, cache: newCache(), chosen: -1, paging: true}
	p = p.SetSize(m.width, m.height)
	p.log.total = e.out.lines()
	if e.finished {
		p = p.goTo(position{})
	}
	m.cache.also = p.cache
	m.pager = &p
	return m
}

// toPager gives a message to the pager.
func (m Model) toPager(msg tea.Msg) (Model, tea.Cmd) {
	p := *m.pager
	p.log.total = p.log.entries[0].lines()
	msg = p.pointed(msg)
	if msg, ok := msg.(tea.KeyPressMsg); ok && !p.typing && key.Matches(msg, p.KeyMap.Leave) {
		if p.find == nil {
			m.pager, m.cache.also = nil, nil
			return m, nil
		}
		p.find = nil
		p.cache.clear()
		m.pager = &p
		return m, nil
	}
	p, cmd := p.Update(msg)
	m.pager = &p
	return m, cmd
}

// read takes a key in the pager.
func (m Model) read(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	if m.typing {
		return m.typeSearch(msg)
	}
	switch k := m.KeyMap; {
	case key.Matches(msg, k.Find):
		p := m.start()
		m.typing, m.typed, m.origin = true, "", hit{p.entry, p.line}
		return m, nil
	case key.Matches(msg, k.NextHit):
		return m.step(1)
	case key.Matches(msg, k.PreviousHit):
		return m.step(-1)
	case key.Matches(msg, k.Wrap):
		m.cut = !m.cut
		m.cache.clear()
		m.top.row, m.shift = 0, 0
		return m, nil
	case key.Matches(msg, k.Fold) && m.cut:
		m.shift = max(m.shift-m.textWidth()/2, 0)
		m.cache.clear()
		return m, nil
	case key.Matches(msg, k.Unfold) && m.cut:
		m.shift += m.textWidth() / 2
		m.cache.clear()
		return m, nil
	case key.Matches(msg, k.Save):
		return m.save()
	case key.Matches(msg, k.Previous):
		return m.scroll(-1), nil
	case key.Matches(msg, k.Next):
		return m.scroll(1), nil
	case key.Matches(msg, k.First):
		return m.goTo(position{}), nil
	case key.Matches(msg, k.Last):
		m.follow = true
		return m, nil
	case key.Matches(msg, k.Toggle):
		return m.scroll(max(m.room()-2, 1)), nil
	}
	return m.press(msg), nil
}

// saving writes the output to a file, in pieces.
type saving struct {
	file *os.File
	to   *bufio.Writer
	next int
}

// save begins to write the output to a new file in the folder where the program was started.
func (m Model) save() (Model, tea.Cmd) {
	for n := 1; ; n++ {
		name := fmt.Sprintf("cell-%d-output.txt", m.log.entries[0].input.Number)
		if n > 1 {
			name = fmt.Sprintf("cell-%d-output-%d.txt", m.log.entries[0].input.Number, n)
		}
		file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if os.IsExist(err) {
			continue
		}
		if err != nil {
			return m, send(TellMsg{"not saved: " + err.Error()})
		}
		m.saving = &saving{file: file, to: bufio.NewWriter(file)}
		return m, work(m.saving)
	}
}

// saved writes the next piece.
func (m Model) saved(s *saving) (Model, tea.Cmd) {
	out := m.log.entries[0].out
	until := time.Now().Add(pieceTime)
	for all := out.lines(); s.next < all; s.next++ {
		if s.next%128 == 127 && time.Now().After(until) {
			s.next++
			_, line, _ := out.at(s.next - 1)
			_, _ = s.to.WriteString(plain(line) + "\n")
			return m, work(s)
		}
		_, line, _ := out.at(s.next)
		_, _ = s.to.WriteString(plain(line) + "\n") // an error stays until Flush tells it
	}
	err := s.to.Flush()
	if closing := s.file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return m, send(TellMsg{"not saved: " + err.Error()})
	}
	return m, send(TellMsg{humanize.Comma(int64(s.next)) + " lines saved to " + s.file.Name()})
}
