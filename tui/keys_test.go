package tui

import (
	"slices"
	"testing"

	"charm.land/bubbles/v2/key"
)

// TestNoKeyHasTwoMeanings holds that what is live at the same time shares no key. The root takes ctrl+d only
// when the editor, whose it is, has nothing to delete, and esc only in the panel, where the editor is not.
func TestNoKeyHasTwoMeanings(t *testing.T) {
	m := New(Options{})
	tables := map[string][]key.Binding{
		"editor": append(m.transcript.KeyMap.Bindings(), slices.Concat(m.editor.KeyMap.FullHelp()...)...),
		"locals": m.locals.KeyMap.Bindings(),
	}
	for name, table := range tables {
		owner := map[string]string{}
		for _, binding := range slices.Concat(m.keys.bindings(), m.play.keys.bindings(), table) {
			for _, k := range binding.Keys() {
				if before, taken := owner[k]; taken && k != "ctrl+d" && k != "esc" {
					t.Errorf("with the focus in the %s, %s means both %q and %q", name, k, before, binding.Help().Desc)
				}
				owner[k] = binding.Help().Desc
			}
		}
	}
}
