package tui

import (
	"slices"

	"charm.land/bubbles/v2/key"

	"github.com/sandrepl/sandrepl/tui/dialog"
)

// keyMap holds the keys that the root model takes before any component sees them.
type keyMap struct {
	Interrupt key.Binding
	Quit      key.Binding
	Help      key.Binding
	Panel     key.Binding
	Focus     key.Binding
	Back      key.Binding
	Restart   key.Binding
	Redraw    key.Binding
	Palette   key.Binding
	History   key.Binding
	Themes    key.Binding
	Narrower  key.Binding
	Wider     key.Binding
	Vi        key.Binding
	Lower     key.Binding
	Higher    key.Binding
	Browse    key.Binding
	Find      key.Binding
	Fix       key.Binding
	Picture   key.Binding
	Save      key.Binding
}

func newKeyMap() keyMap {
	return keyMap{
		Interrupt: key.NewBinding(key.WithKeys("ctrl+c"), key.WithHelp("ctrl+c", "interrupt the cell, or clear the input")),
		Quit:      key.NewBinding(key.WithKeys("ctrl+d"), key.WithHelp("ctrl+d", "leave (the sandbox lives on)")),
		Help:      key.NewBinding(key.WithKeys("f1"), key.WithHelp("f1", "this help")),
		Panel:     key.NewBinding(key.WithKeys("f2"), key.WithHelp("f2", "show or hide the locals")),
		Focus:     key.NewBinding(key.WithKeys("f3"), key.WithHelp("f3", "move in the locals, and back")),
		Back:      key.NewBinding(key.WithKeys("esc"), key.WithHelp("esc", "from the locals back to the editor")),
		Restart:   key.NewBinding(key.WithKeys("f4"), key.WithHelp("f4", "restart the kernel: the way out of a cell that will not stop")),
		Redraw:    key.NewBinding(key.WithKeys("ctrl+l"), key.WithHelp("ctrl+l", "draw the screen anew")),
		Palette:   key.NewBinding(key.WithKeys("ctrl+p"), key.WithHelp("ctrl+p", "every command, to run by name")),
		History:   key.NewBinding(key.WithKeys("ctrl+r"), key.WithHelp("ctrl+r", "search the cells of every sandbox")),
		Themes:    key.NewBinding(key.WithKeys("f6"), key.WithHelp("f6", "choose a theme")),
		Narrower:  key.NewBinding(key.WithKeys("alt+-"), key.WithHelp("alt+-", "make the locals smaller")),
		Wider:     key.NewBinding(key.WithKeys("alt+="), key.WithHelp("alt+=", "make the locals larger")),
		Vi:        key.NewBinding(key.WithKeys(), key.WithHelp("", "vi's keys in the editor, or Emacs' again")),
		Lower:     key.NewBinding(key.WithKeys("alt+,"), key.WithHelp("alt+,", "make the editor lower, or as high as its text")),
		Higher:    key.NewBinding(key.WithKeys("alt+."), key.WithHelp("alt+.", "make the editor higher")),
		Browse:    key.NewBinding(key.WithKeys("ctrl+o"), key.WithHelp("ctrl+o", "move over the cells: fold, copy, run again, read, find")),
		Find:      key.NewBinding(key.WithKeys("alt+/"), key.WithHelp("alt+/", "search in all cells and their output")),
		Save:      key.NewBinding(key.WithKeys("f9"), key.WithHelp("f9", "save all cells: as a notebook, Python or Markdown")),
		Fix:       key.NewBinding(key.WithKeys("f8"), key.WithHelp("f8", "edit the cell that failed last, at its failing line")),
		Picture:   key.NewBinding(key.WithKeys("f12"), key.WithHelp("f12", "save the screen as a picture (SVG)")),
	}
}

func (k keyMap) bindings() []key.Binding {
	return []key.Binding{k.Interrupt, k.Quit, k.Help, k.Panel, k.Focus, k.Back, k.Restart, k.Redraw, k.Browse, k.Find, k.Fix, k.Save, k.Picture,
		k.Palette, k.History, k.Themes, k.Narrower, k.Wider, k.Vi, k.Lower, k.Higher}
}

// help gathers every component's keys from the tables that their Update reads.
func (m Model) groups() []dialog.Group {
	return slices.Concat([]dialog.Group{
		{Title: "Session", Keys: m.keys.bindings()},
		{Title: "A script, stepped through", Keys: m.play.keys.bindings()},
		{Title: "Editor", Keys: slices.Concat(m.editor.KeyMap.FullHelp()...)},
		{Title: "Completion", Keys: m.complete.KeyMap.Bindings()},
		{Title: "Transcript", Keys: m.transcript.KeyMap.Bindings()},
		{Title: "Cells, after " + m.keys.Browse.Help().Key, Keys: m.transcript.KeyMap.Browsing()},
		{Title: "Locals", Keys: m.locals.KeyMap.Bindings()},
	}, m.viGroups())
}
