package editor

func wordMotions() []row {
	words := func(key, does string, kind reachKind, step func(w *walker, n int, operating bool) bool, must bool) []row {
		motion := func(big bool) motionOf {
			return func(m Model, c viCommand) (Model, reach, bool) {
				f := m.field()
				w := walker{doc: f.doc, at: f.caret.at, big: big}
				ok := step(&w, c.times(), c.operator != "")
				return m, reach{from: f.caret.at, to: w.at, kind: kind}, ok || !must && c.operator != "" || c.operator == "" && w.at != f.caret.at
			}
		}
		return []row{
			{key: key, does: does, motion: motion(false)},
			{key: upper(key), does: does + ", by spaces", motion: motion(true)},
		}
	}
	rows := words("e", "end of the word", inclusive, func(w *walker, n int, _ bool) bool { return w.wordEnd(n, false, false) }, false)
	rows = append(rows, words("b", "word left", exclusive, func(w *walker, n int, _ bool) bool { return w.wordBack(n) }, true)...)
	rows = append(rows, words("ge", "end of the word before", inclusive, func(w *walker, n int, _ bool) bool { return w.wordEndBack(n) }, true)...)
	for _, r := range words("w", "word right", exclusive, (*walker).word, false) {
		motion, big := r.motion, r.key == "W"
		r.motion = func(m Model, c viCommand) (Model, reach, bool) {
			f := m.field()
			w := walker{doc: f.doc, at: f.caret.at, big: big}
			if c.operator == "c" && w.class() != 0 { // the word, without the space after it
				w.wordEnd(c.times(), true, false)
				return m, reach{from: f.caret.at, to: w.at, kind: inclusive}, true
			}
			return motion(m, c)
		}
		rows = append(rows, r)
	}
	return rows
}

func upper(key string) string {
	b := []byte(key)
	b[len(b)-1] -= 'a' - 'A'
	return string(b)
}

// word goes to the start of the nth word from here. With an operator the last one's line is not left.
func (w *walker) word(n int, operating bool) bool {
	for ; n > 0; n-- {
		class, last := w.class(), w.at.line == len(w.doc.lines)-1
		step := w.forward()
		if step == stuck || step >= newLine && last {
			return false
		}
		if step >= newLine && operating && n == 1 {
			return true
		}
		for class != 0 && w.class() == class {
			if step = w.forward(); step == stuck || step >= newLine && operating && n == 1 {
				return true
			}
		}
		for w.class() == 0 && !w.onEmptyLine() {
			if step = w.forward(); step == stuck || step >= newLine && last {
				return true
			}
		}
	}
	return true
}

// wordEnd goes to the end of the nth word. With here, one may end where the cursor is; with empty, an empty line is a word.
func (w *walker) wordEnd(n int, here, empty bool) bool {
	for ; n > 0; n-- {
		class := w.class()
		if w.forward() == stuck {
			return false
		}
		switch {
		case w.class() == class && class != 0:
			if !w.skip(class, w.forward) {
				return false
			}
		case !here || class == 0:
			for w.class() == 0 && !(empty && w.onEmptyLine()) {
				if w.forward() == stuck {
					return false
				}
			}
			if empty && w.onEmptyLine() {
				here = false
				continue
			}
			if !w.skip(w.class(), w.forward) {
				return false
			}
		}
		w.back()
		here = false
	}
	return true
}

// wordBack goes to the start of the nth word before.
func (w *walker) wordBack(n int) bool {
words:
	for ; n > 0; n-- {
		if w.back() == stuck {
			return false
		}
		for w.class() == 0 {
			if w.onEmptyLine() {
				continue words
			}
			if w.back() == stuck {
				return true
			}
		}
		if !w.skip(w.class(), w.back) {
			return true
		}
		w.forward()
	}
	return true
}

// wordEndBack goes to the end of the nth word before.
func (w *walker) wordEndBack(n int) bool {
	for ; n > 0; n-- {
		class := w.class()
		if w.back() == stuck {
			return false
		}
		if class != 0 && !w.skip(class, w.back) {
			return true
		}
		for w.class() == 0 && !w.onEmptyLine() {
			if w.back() == stuck {
				return true
			}
		}
	}
	return true
}
