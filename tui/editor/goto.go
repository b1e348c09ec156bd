package editor

// GoTo puts the cursor at the first character of a line of the code, counted from 1.
func (m Model) GoTo(line int) Model {
	f := m.code.unvisual()
	line = min(max(line-1, 0), len(f.doc.lines)-1)
	at := 0
	for text := f.doc.lines[line]; at < len(text) && (text[at] == ' ' || text[at] == '\t'); {
		at++
	}
	m.code = f.move(position{line, at}, false)
	return m.settle()
}
