package complete

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How well a match fits what was typed; the best first.
const (
	exact    = iota // it begins so
	folded          // it begins so in another case
	abbrev          // each letter begins a part of it, or follows another that was typed
	within          // it has it somewhere
	unfitted        // it does not fit
)

// ranked is a match that fits.
type ranked struct {
	Match
	fit int
}

// refilter brings what is offered up to date. The selection stays on what it was on, when that is still offered.
func (m Model) refilter(selected string, keep bool) Model {
	w := m.word
	typed := w.filter(m.now)
	certain := w.asked
	w.ranked = nil
	for _, match := range w.candidates(m.names) {
		if typed == "" && (w.only != "" && match.Kind != w.only || w.free && !certain) {
			continue
		}
		fit := fits(match, typed)
		// Until the kernel answers only what surely stays on top is shown, so that the selection need not move.
		if fit < unfitted && (certain || fit <= folded) {
			w.ranked = append(w.ranked, ranked{match, fit})
		}
	}
	slices.SortStableFunc(w.ranked, func(a, b ranked) int { return cmp.Compare(a.fit, b.fit) })
	if len(w.ranked) == 1 && w.ranked[0].Text == typed && w.over == 0 {
		w.ranked = nil
	}
	w.selected, w.navigated = 0, false
	if at := slices.IndexFunc(w.ranked, func(r ranked) bool { return r.Text == selected }); at >= 0 && selected != "" {
		if keep {
			w.selected, w.navigated = at, m.word.navigated
		}
	}
	m.word = w
	return m.scroll()
}

// fits tells how well a match fits. The quotes of a key need not be typed.
func fits(m Match, typed string) int {
	if typed == "" {
		return exact
	}
	text := m.Text
	if m.Kind == "key" && !strings.ContainsAny(typed[:1], `"'`) {
		text = strings.TrimLeft(text, `"'`)
	}
	switch {
	case strings.HasPrefix(text, typed):
		return exact
	case len(text) >= len(typed) && strings.EqualFold(text[:len(typed)], typed):
		return folded
	case len(positions(text, typed)) > 0:
		return abbrev
	case len(typed) > 1 && strings.Contains(strings.ToLower(text), strings.ToLower(typed)):
		return within
	}
	return unfitted
}

// positions are the bytes of a text at which what was typed is found in order, each at the start of a part of the name (after
// an underscore, where the case changes) or right behind another; nil when it is not there so.
func positions(text, typed string) []int {
	if typed == "" {
		return nil
	}
	want, size := utf8.DecodeRuneInString(typed)
	var from func(at int, follows bool, want rune, rest string) []int
	steps := 0
	from = func(at int, follows bool, want rune, rest string) []int {
		for i, r := range text[at:] {
			if steps++; steps > 500 { // names that repeat themselves are not worth more
				return nil
			}
			i += at
			if unicode.ToLower(r) != unicode.ToLower(want) || !(follows && i == at) && !begins(text, i) {
				continue
			}
			if rest == "" {
				return []int{i}
			}
			next, n := utf8.DecodeRuneInString(rest)
			if found := from(i+utf8.RuneLen(r), true, next, rest[n:]); found != nil {
				return append([]int{i}, found...)
			}
		}
		return nil
	}
	if !utf8.ValidString(text) || !utf8.ValidString(typed) {
		return nil
	}
	return from(0, false, want, typed[size:])
}

// begins tells whether a part of a name begins at a byte.
func begins(text string, at int) bool {
	if at == 0 {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	r, _ := utf8.DecodeRuneInString(text[at:])
	return !isWord(before) || before == '_' || unicode.IsUpper(r) && !unicode.IsUpper(before) || unicode.IsDigit(r) && !unicode.IsDigit(before)
}

// byName sorts as the kernel does: what is hidden comes last.
func byName(names []Match) []Match {
	hidden := func(m Match) int { return min(len(m.Text)-len(strings.TrimLeft(m.Text, "_")), 2) }
	return slices.SortedStableFunc(slices.Values(names), func(a, b Match) int {
		return cmp.Or(cmp.Compare(hidden(a), hidden(b)), cmp.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)), cmp.Compare(a.Text, b.Text))
	})
}

// inspectable tells whether there is more to be known of a match than it says itself.
func (m Match) inspectable() bool {
	switch m.Kind {
	case "keyword", "param", "key", "path":
		return false
	}
	return true
}

// Open tells whether there is a popup that the user sees.
func (m Model) Open() bool {
	return m.word.active && !m.word.dismissed && len(m.word.ranked) > 0 && m.rows() > 0
}

// Navigated tells whether the user has moved in the popup.
func (m Model) Navigated() bool { return m.Open() && m.word.navigated }

// Selected is the match that would be accepted.
func (m Model) Selected() (Match, bool) {
	if !m.Open() {
		return Match{}, false
	}
	return m.word.ranked[m.word.selected].Match, true
}

func (w word) selectedText() string {
	if w.selected < len(w.ranked) {
		return w.ranked[w.selected].Text
	}
	return ""
}

// Accept closes the popup and gives the edit that was chosen.
func (m Model) Accept() (Model, Edit) {
	match, ok := m.Selected()
	if !ok {
		return m, Edit{From: m.now.Byte, To: m.now.Byte}
	}
	return m.drop(), Edit{From: m.word.start, To: m.now.Byte + m.word.over, Text: match.Text}
}

// Sole tells whether the popup was asked for with tab and has one match that stands out: that is to be accepted.
func (m Model) Sole() bool {
	w := m.word
	if !w.tab || !w.asked || !m.Open() || w.navigated {
		return false
	}
	return len(w.ranked) == 1 || w.ranked[0].fit == exact && w.ranked[1].fit != exact && w.filter(m.now) != ""
}

// Nothing tells whether the popup was asked for and there is nothing to show.
func (m Model) Nothing() bool {
	return m.word.active && m.word.tab && m.word.asked && len(m.word.ranked) == 0
}

// Wanted is a question about the docs of the selected match, of the word at the cursor or, beside one, of what is called.
func (m Model) Wanted(now Text) Question {
	match, ok := m.Selected()
	if !ok || !m.now.same(now) {
		if c, inside := now.call(); inside && !now.Word() {
			return c.question(now)
		}
		return now.At()
	}
	return now.question(m.word.start, min(now.Byte+m.word.over, len(now.line())), match.Text)
}
