package tui

import (
	"reflect"
	"slices"
	"strings"
	"unicode"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/tui/dialog"
)

// Command is what a key can be bound to: a row of a key table.
type Command struct {
	Name string // scope and name, as editor.word_left
	Does string
	Keys []string
}

// A command's binding stands in the table that Update reads: whoever changes it changes the key.
type command struct {
	scope   string // where its key is heard: its table, but cells for a transcript's keys while one moves over its cells
	name    string
	binding *key.Binding
}

// commands are the rows of every key table, under the names of their fields.
func (m *Model) commands() []command {
	var all []command
	for _, table := range []struct {
		scope string
		keys  any
	}{{"session", &m.keys}, {"play", &m.play.keys}, {"editor", &m.editor.KeyMap}, {"completion", &m.complete.KeyMap}, {"transcript", &m.transcript.KeyMap}, {"locals", &m.locals.KeyMap}} {
		fields := reflect.ValueOf(table.keys).Elem()
		for i := range fields.NumField() {
			if binding, ok := fields.Field(i).Addr().Interface().(*key.Binding); ok {
				scope := table.scope
				if scope == "transcript" && !slices.ContainsFunc(m.transcript.KeyMap.Bindings(), func(b key.Binding) bool { return reflect.DeepEqual(b, *binding) }) {
					scope = "cells"
				}
				all = append(all, command{scope, table.scope + "." + snake(fields.Type().Field(i).Name), binding})
			}
		}
	}
	return all
}

// snake is WordLeft as word_left.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// Commands are all that keys can be bound to, with the keys that they have when nothing is set.
func Commands() []Command {
	m := defaults()
	var all []Command
	for _, c := range m.commands() {
		all = append(all, Command{c.name, c.binding.Help().Desc, c.binding.Keys()})
	}
	return all
}

// defaults has the key tables alone.
func defaults() Model {
	m := New(Options{})
	m.queue.end()
	m.keys, m.play.keys, m.editor.KeyMap = newKeyMap(), newPlayKeyMap(), bare(m.editor.KeyMap)
	m.transcript.KeyMap, m.locals.KeyMap, m.complete.KeyMap = bare(m.transcript.KeyMap), bare(m.locals.KeyMap), bare(m.complete.KeyMap)
	return m
}

// bare is a key table without the keys that only the palette presses.
func bare[T any](table T) T {
	fields := reflect.ValueOf(&table).Elem()
	for i := range fields.NumField() {
		if binding, ok := fields.Field(i).Addr().Interface().(*key.Binding); ok {
			binding.SetKeys(slices.DeleteFunc(slices.Clone(binding.Keys()), isPrivate)...)
		}
	}
	return table
}

// Conflict is a key that two commands would have at the same time.
type Conflict struct{ Key, Command, Other string }

// CheckKeys says which of the names are no command, and where a key that is given to one is another's too.
func CheckKeys(keys map[string][]string) (unknown []string, conflicts []Conflict) {
	m := defaults()
	known := map[string]bool{}
	before := map[string][]string{}
	for _, c := range m.commands() {
		known[c.name] = true
		before[c.name] = c.binding.Keys()
	}
	for name := range keys {
		if !known[name] {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	m = m.bound(keys)
	all := m.commands()
	for i, a := range all {
		for _, b := range all[i+1:] {
			if !together(a.scope, b.scope) {
				continue
			}
			first, second := a, b
			if _, given := keys[b.name]; given {
				first, second = b, a
			}
			for _, k := range first.binding.Keys() {
				both := slices.Contains(before[a.name], k) && slices.Contains(before[b.name], k)
				if slices.Contains(second.binding.Keys(), k) && !both {
					conflicts = append(conflicts, Conflict{k, first.name, second.name})
				}
			}
		}
	}
	return unknown, conflicts
}

// together tells whether keys of both scopes are live at the same time.
func together(a, b string) bool {
	live := map[string][]string{
		"session": {"play", "editor", "transcript", "cells", "locals"}, "play": {"session", "editor", "transcript", "cells", "locals"}, "editor": {"session", "play", "transcript"},
		"transcript": {"session", "play", "editor", "cells"}, "cells": {"session", "play", "transcript"}, "locals": {"session", "play"},
	}
	return a == b || slices.Contains(live[a], b)
}

// bound gives commands the keys that are set for them.
func (m Model) bound(keys map[string][]string) Model {
	for _, c := range m.commands() {
		given, ok := keys[c.name]
		if !ok {
			continue
		}
		shown := ""
		if len(given) > 0 {
			shown = given[0]
		}
		c.binding.SetKeys(given...)
		c.binding.SetHelp(shown, c.binding.Help().Desc)
	}
	return m
}

// Every command has a key that no terminal sends: the palette presses it, so that a command without a key runs too, and each
// goes the way that its key goes.
const firstPrivate, lastPrivate = rune(0xF0000), rune(0xFFFFD)

func isPrivate(k string) bool {
	r := []rune(k)
	return len(r) == 1 && r[0] >= firstPrivate && r[0] <= lastPrivate
}

func (m Model) runnable() Model {
	for i, c := range m.commands() {
		c.binding.SetKeys(append(slices.Clone(c.binding.Keys()), string(firstPrivate+rune(i)))...)
	}
	return m
}

// What the finders find.
const (
	findCommand = "command"
	findTheme   = "theme"
	findCell    = "cell"
)

func (m Model) askCommand() (tea.Model, tea.Cmd) {
	var items []dialog.Item
	for _, c := range m.commands() {
		if c.binding == &m.keys.Palette || !c.binding.Enabled() {
			continue
		}
		help := c.binding.Help()
		items = append(items, dialog.Item{ID: c.name, Title: strings.ToUpper(c.scope[:1]) + c.scope[1:] + ": " + help.Desc, Note: help.Key})
	}
	m.overlay = over[dialog.Finder]{dialog.NewFinder(m.look.theme, findCommand, "Commands", items, "")}
	return m, nil
}

// perform presses the command's own key, where it is heard.
func (m Model) perform(name string) (tea.Model, tea.Cmd) {
	for i, c := range m.commands() {
		if c.name == name {
			switch c.scope {
			case "session", "transcript": // heard everywhere
			case "cells":
				if !m.transcript.Active() {
					next, _ := m.browse(false)
					m = next.(Model)
				}
			default:
				m = m.leaveCells().focus(c.scope == "locals")
			}
			return m.Update(tea.KeyPressMsg{Code: firstPrivate + rune(i)})
		}
	}
	return m, nil
}

// picked does what was chosen in a finder.
func (m Model) picked(p dialog.PickMsg) (tea.Model, tea.Cmd) {
	m.overlay = nil
	switch p.Finder {
	case findCommand:
		return m.perform(p.Item.ID)
	case findTheme:
		return m.chooseTheme(p.Item.ID)
	case findStep:
		return m.jumped(p.Item.ID)
	case findScript:
		return m.openScript(p.Item.ID)
	case findCell:
		if p.Run {
			return m.submit(p.Item.Preview)
		}
		m.editor = m.editor.SetValue(p.Item.Preview)
		return m.leaveCells().focus(false).layout(), nil
	}
	return m, nil
}

// closed gives the screen back to what was under the dialog.
func (m Model) closed() (tea.Model, tea.Cmd) {
	m.overlay = nil
	if m.choosing {
		m.choosing = false
		m = m.wearing(m.opts.Screen.Theme)
	}
	return m, nil
}
