package transcript

// Empty tells that nothing is to be seen.
func (m Model) Empty() bool { return m.above(len(m.log.entries)) < 0 }
