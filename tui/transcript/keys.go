package transcript

import "charm.land/bubbles/v2/key"

// KeyMap is what a transcript does by key.
type KeyMap struct {
	PageUp, PageDown key.Binding
	LineUp, LineDown key.Binding
	Top, End         key.Binding
	CellUp, CellDown key.Binding
}

// DefaultKeyMap leaves the keys of a text editor alone, so that a transcript can stand above one.
func DefaultKeyMap() KeyMap {
	bind := func(help, what string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, what))
	}
	return KeyMap{
		PageUp:   bind("pgup", "page up", "pgup"),
		PageDown: bind("pgdn", "page down", "pgdown"),
		LineUp:   bind("ctrl+↑", "line up", "ctrl+up"),
		LineDown: bind("ctrl+↓", "line down", "ctrl+down"),
		CellUp:   bind("ctrl+pgup", "previous cell", "ctrl+pgup"),
		CellDown: bind("ctrl+pgdn", "next cell", "ctrl+pgdown"),
		Top:      bind("alt+home", "to the beginning", "alt+home", "alt+pgup"),
		End:      bind("alt+end", "to the end, and follow", "alt+end", "alt+pgdown"),
	}
}

// Bindings lists the keys for a help view.
func (k KeyMap) Bindings() []key.Binding {
	return []key.Binding{k.PageUp, k.PageDown, k.LineUp, k.LineDown, k.CellUp, k.CellDown, k.Top, k.End}
}
