package editor

import (
	"strings"

	"charm.land/bubbles/v2/key"
)

// KeyMap is every key of the editor. Update knows keys only from here, and help is made from it.
type KeyMap struct {
	Run, RunAlways, Newline           key.Binding
	Left, Right, Up, Down             key.Binding
	WordLeft, WordRight               key.Binding
	LineStart, LineEnd, Start, End    key.Binding
	SelectLeft, SelectRight           key.Binding
	SelectUp, SelectDown              key.Binding
	SelectWordLeft, SelectWordRight   key.Binding
	SelectLineStart, SelectLineEnd    key.Binding
	SelectStart, SelectEnd, SelectAll key.Binding
	BlockUp, BlockDown                key.Binding
	SelectBlockUp, SelectBlockDown    key.Binding
	Unselect                          key.Binding
	Backspace, Delete                 key.Binding
	EraseWordLeft, EraseWordRight     key.Binding
	EraseToLineStart, EraseToLineEnd  key.Binding
	Cut, Copy, Yank, YankOlder        key.Binding
	Transpose                         key.Binding
	UpperCase, LowerCase, Capitalise  key.Binding
	Undo, Redo                        key.Binding
	Indent, Dedent, Comment           key.Binding
	MoveLinesUp, MoveLinesDown        key.Binding
	DuplicateAbove, DuplicateBelow    key.Binding
	MatchBracket, Find, External      key.Binding
	EndOfInput                        key.Binding
}

// DefaultKeyMap is what a Python user's fingers know: Emacs as in readline, and the arrows of every editor.
func DefaultKeyMap() KeyMap {
	bind := func(help, description string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, description))
	}
	return KeyMap{
		Run:       bind("enter", "run, or go on when incomplete", "enter"),
		RunAlways: bind("ctrl+enter", "run as it is", "ctrl+enter"),
		Newline:   bind("alt+enter", "new line", "alt+enter", "shift+enter", "ctrl+j"),

		Left:      bind("←", "left", "left", "ctrl+b"),
		Right:     bind("→", "right, or take the grey suggestion", "right", "ctrl+f"),
		Up:        bind("↑", "up, or an older cell", "up"),
		Down:      bind("↓", "down, or a newer cell", "down", "ctrl+n"),
		WordLeft:  bind("ctrl+←", "word left", "ctrl+left", "alt+left", "alt+b"),
		WordRight: bind("ctrl+→", "word right, or take one of the suggestion", "ctrl+right", "alt+right", "alt+f"),
		LineStart: bind("home", "start of line", "home", "ctrl+a"),
		LineEnd:   bind("end", "end of line, or take the suggestion", "end", "ctrl+e"),
		Start:     bind("ctrl+home", "start of cell", "ctrl+home", "alt+<", "alt+shift+,"),
		End:       bind("ctrl+end", "end of cell", "ctrl+end", "alt+>", "alt+shift+."),
		BlockUp:   bind("alt+{", "to the blank line above", "alt+{", "alt+shift+[", "ctrl+alt+up"),
		BlockDown: bind("alt+}", "to the blank line below", "alt+}", "alt+shift+]", "ctrl+alt+down"),

		MatchBracket: bind("ctrl+]", "to the matching bracket or quote", "ctrl+]"),
		Find:         bind("ctrl+s", "find in the cell", "ctrl+s"),
		External:     bind("ctrl+x ctrl+e", "edit in $VISUAL or $EDITOR", "ctrl+x ctrl+e"),

		SelectLeft:      bind("shift+←", "select left", "shift+left"),
		SelectRight:     bind("shift+→", "select right", "shift+right"),
		SelectUp:        bind("shift+↑", "select up", "shift+up"),
		SelectDown:      bind("shift+↓", "select down", "shift+down"),
		SelectWordLeft:  bind("ctrl+shift+←", "select word left", "ctrl+shift+left", "alt+shift+left"),
		SelectWordRight: bind("ctrl+shift+→", "select word right", "ctrl+shift+right", "alt+shift+right"),
		SelectLineStart: bind("shift+home", "select to start of line", "shift+home"),
		SelectLineEnd:   bind("shift+end", "select to end of line", "shift+end"),
		SelectStart:     bind("ctrl+shift+home", "select to start of cell", "ctrl+shift+home"),
		SelectEnd:       bind("ctrl+shift+end", "select to end of cell", "ctrl+shift+end"),
		SelectBlockUp:   bind("ctrl+alt+shift+↑", "select to the blank line above", "ctrl+alt+shift+up"),
		SelectBlockDown: bind("ctrl+alt+shift+↓", "select to the blank line below", "ctrl+alt+shift+down"),
		SelectAll:       bind("alt+a", "select all", "alt+a"),
		Unselect:        bind("esc", "give up the selection", "esc", "ctrl+g"),

		Backspace:        bind("backspace", "erase left", "backspace", "shift+backspace", "ctrl+h"),
		Delete:           bind("delete", "erase right", "delete", "ctrl+d"),
		EraseWordLeft:    bind("alt+backspace", "cut word left", "alt+backspace", "ctrl+backspace"),
		Cut:              bind("ctrl+w", "cut to space, or selection", "ctrl+w"),
		EraseWordRight:   bind("alt+d", "cut word right", "alt+d", "ctrl+delete", "alt+delete"),
		EraseToLineStart: bind("ctrl+u", "cut to start of line", "ctrl+u"),
		EraseToLineEnd:   bind("ctrl+k", "cut to end of line", "ctrl+k"),
		Yank:             bind("ctrl+y", "put back what was cut", "ctrl+y"),
		YankOlder:        bind("alt+y", "then: what was cut before that", "alt+y"),
		Copy:             bind("alt+w", "copy selection", "alt+w"),

		Transpose:  bind("ctrl+t", "swap the characters around the cursor", "ctrl+t"),
		UpperCase:  bind("alt+u", "word in capitals", "alt+u"),
		LowerCase:  bind("alt+l", "word in small letters", "alt+l"),
		Capitalise: bind("alt+c", "word with a capital", "alt+c"),

		Undo: bind("ctrl+z", "undo", "ctrl+z", "ctrl+x ctrl+u"),
		Redo: bind("alt+z", "redo", "alt+z", "ctrl+shift+z"),

		Indent: bind("tab", "indent", "tab"),
		Dedent: bind("shift+tab", "dedent", "shift+tab"),

		// A terminal without the keyboard protocol of kitty sends ctrl+_ for ctrl+/.
		Comment:        bind("ctrl+/", "comment lines out, or in again", "ctrl+/", "ctrl+_", "alt+;"),
		MoveLinesUp:    bind("alt+↑", "move lines up", "alt+up"),
		MoveLinesDown:  bind("alt+↓", "move lines down", "alt+down"),
		DuplicateAbove: bind("alt+shift+↑", "duplicate lines above", "alt+shift+up"),
		DuplicateBelow: bind("alt+shift+↓", "duplicate lines below", "alt+shift+down"),

		EndOfInput: bind("ctrl+d", "end of input, when empty", "ctrl+d"),
	}
}

// ShortHelp implements help.KeyMap.
func (k KeyMap) ShortHelp() []key.Binding {
	return []key.Binding{k.Run, k.Newline, k.Up, k.Undo}
}

// FullHelp implements help.KeyMap.
func (k KeyMap) FullHelp() [][]key.Binding {
	return [][]key.Binding{
		{k.Run, k.RunAlways, k.Newline, k.Undo, k.Redo, k.Find, k.External},
		{k.Indent, k.Dedent, k.Comment, k.MoveLinesUp, k.MoveLinesDown, k.DuplicateAbove, k.DuplicateBelow},
		{k.Left, k.Right, k.Up, k.Down, k.WordLeft, k.WordRight, k.LineStart, k.LineEnd, k.BlockUp, k.BlockDown, k.Start, k.End, k.MatchBracket},
		{k.Backspace, k.Delete, k.EraseWordLeft, k.EraseWordRight, k.EraseToLineStart, k.EraseToLineEnd, k.Cut, k.Copy, k.Yank, k.YankOlder,
			k.Transpose, k.UpperCase, k.LowerCase, k.Capitalise},
		{k.SelectLeft, k.SelectRight, k.SelectUp, k.SelectDown, k.SelectWordLeft, k.SelectWordRight,
			k.SelectLineStart, k.SelectLineEnd, k.SelectBlockUp, k.SelectBlockDown, k.SelectStart, k.SelectEnd, k.SelectAll, k.Unselect},
	}
}

// action is what a binding does to the text being edited.
type action struct {
	binding *key.Binding
	do      func(m Model) Model
}

// actions are the bindings that edit or move, for code and for input alike.
func (k *KeyMap) actions() []action {
	return []action{
		{&k.Left, moving(left)},
		{&k.Right, accept(right, documentEnd)},
		{&k.WordLeft, moving(wordLeft)},
		{&k.WordRight, accept(wordRight, wordRight)},
		{&k.LineStart, moving(lineStart)},
		{&k.LineEnd, accept(lineEnd, documentEnd)},
		{&k.Start, moving(documentStart)},
		{&k.End, moving(documentEnd)},
		{&k.SelectLeft, selecting(left)},
		{&k.SelectRight, selecting(right)},
		{&k.SelectUp, func(m Model) Model { return m.vertical(-1, true) }},
		{&k.SelectDown, func(m Model) Model { return m.vertical(1, true) }},
		{&k.SelectWordLeft, selecting(wordLeft)},
		{&k.SelectWordRight, selecting(wordRight)},
		{&k.SelectLineStart, selecting(lineStart)},
		{&k.SelectLineEnd, selecting(lineEnd)},
		{&k.SelectStart, selecting(documentStart)},
		{&k.SelectEnd, selecting(documentEnd)},
		{&k.BlockUp, moving(blockUp)},
		{&k.BlockDown, moving(blockDown)},
		{&k.SelectBlockUp, selecting(blockUp)},
		{&k.SelectBlockDown, selecting(blockDown)},
		{&k.SelectAll, selectAll},
		{&k.Unselect, unselect},
		{&k.Backspace, editing(field.backspace)},
		{&k.Delete, editing(field.delete)},
		{&k.EraseWordLeft, cutting(wordLeft)},
		{&k.EraseWordRight, cutting(wordRight)},
		{&k.EraseToLineStart, cutting(toLineStart)},
		{&k.EraseToLineEnd, cutting(toLineEnd)},
		{&k.Yank, yank},
		{&k.YankOlder, yankOlder},
		{&k.Transpose, editing(field.transpose)},
		{&k.UpperCase, editing(recase(strings.ToUpper))},
		{&k.LowerCase, editing(recase(strings.ToLower))},
		{&k.Capitalise, editing(recase(capitalise))},
		{&k.Undo, editing(field.undo)},
		{&k.Redo, editing(field.redo)},
	}
}

// codeActions are the bindings that edit code of several lines.
func (k *KeyMap) codeActions() []action {
	return []action{
		{&k.Newline, editing(field.newline)},
		{&k.Indent, editing(field.indent)},
		{&k.Dedent, editing(field.dedent)},
		{&k.Comment, editing(field.comment)},
		{&k.MoveLinesUp, editing(func(f field) field { return f.moveLines(-1) })},
		{&k.MoveLinesDown, editing(func(f field) field { return f.moveLines(1) })},
		{&k.DuplicateAbove, editing(func(f field) field { return f.duplicate(true) })},
		{&k.DuplicateBelow, editing(func(f field) field { return f.duplicate(false) })},
		{&k.MatchBracket, moving(toMatch)},
	}
}

// begins tells whether keys are the beginning of a binding of several.
func (k *KeyMap) begins(keys string) bool {
	for _, b := range []*key.Binding{&k.External, &k.Undo} {
		for _, name := range b.Keys() {
			if b.Enabled() && strings.HasPrefix(name, keys+" ") {
				return true
			}
		}
	}
	return false
}

func moving(to motion) func(Model) Model {
	return func(m Model) Model { f := m.field(); return m.with(f.move(to(f), false)) }
}

func selecting(to motion) func(Model) Model {
	return func(m Model) Model { f := m.field(); return m.with(f.move(to(f), true)) }
}

func editing(edit func(field) field) func(Model) Model {
	return func(m Model) Model { return m.with(edit(m.field())) }
}
