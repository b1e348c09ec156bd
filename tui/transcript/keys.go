package transcript

import "charm.land/bubbles/v2/key"

// KeyMap is what a transcript does by key.
type KeyMap struct {
	PageUp, PageDown key.Binding
	LineUp, LineDown key.Binding
	Top, End         key.Binding
	CellUp, CellDown key.Binding

	// While cells are browsed, or an output is read in the pager.
	Previous, Next, First, Last    key.Binding
	Toggle, Fold, Unfold, Page     key.Binding
	CopyCode, CopyOutput, CopyBoth key.Binding
	Run, Edit, Fix, Remove         key.Binding
	BringBack, Pin, NextPin        key.Binding
	Find, NextHit, PreviousHit     key.Binding
	Wrap, Save                     key.Binding
	Accept, Erase, Leave           key.Binding
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

		Previous:    bind("↑", "the cell above", "up", "k"),
		Next:        bind("↓", "the cell below", "down", "j"),
		First:       bind("home", "the first", "home", "g"),
		Last:        bind("end", "the last, and follow", "end", "G"),
		Toggle:      bind("space", "folds", "space"),
		Fold:        bind("←", "folds more", "left", "h"),
		Unfold:      bind("→", "unfolds", "right", "l"),
		Page:        bind("enter", "reads", "enter"),
		CopyCode:    bind("c", "copies the code", "c"),
		CopyOutput:  bind("o", "copies", "o"),
		CopyBoth:    bind("y", "copies code and output", "y"),
		Run:         bind("r", "runs", "r"),
		Edit:        bind("e", "edits", "e"),
		Fix:         bind("t", "edits where it failed", "t"),
		Remove:      bind("d", "takes it from the view", "d", "delete"),
		BringBack:   bind("u", "brings back what was taken from the view", "u"),
		Pin:         bind("p", "pins it, or lets go", "p"),
		NextPin:     bind("P", "the pinned cell above", "P"),
		Find:        bind("/", "finds", "/", "ctrl+f"),
		NextHit:     bind("n", "next", "n"),
		PreviousHit: bind("N", "the one before", "N"),
		Wrap:        bind("w", "wraps", "w"),
		Save:        bind("s", "saves", "s"),
		Accept:      bind("enter", "done", "enter"),
		Erase:       bind("backspace", "erase", "backspace", "ctrl+h"),
		Leave:       bind("esc", "back", "esc", "ctrl+o"),
	}
}

// Browsing lists the keys that are live while cells are browsed, for a help view.
func (k KeyMap) Browsing() []key.Binding {
	return []key.Binding{k.Previous, k.Next, k.First, k.Last, k.Toggle, k.Fold, k.Unfold, k.Page, k.CopyCode, k.CopyOutput, k.CopyBoth,
		k.Run, k.Edit, k.Fix, k.Remove, k.BringBack, k.Pin, k.NextPin, k.Find, k.NextHit, k.PreviousHit, k.Wrap, k.Save, k.Leave}
}

// Bindings lists the keys that are always live, for a help view.
func (k KeyMap) Bindings() []key.Binding { return k.scrolling() }

func (k KeyMap) scrolling() []key.Binding {
	return []key.Binding{k.PageUp, k.PageDown, k.LineUp, k.LineDown, k.CellUp, k.CellDown, k.Top, k.End}
}
