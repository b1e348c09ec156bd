package tui

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/dialog"
	"github.com/sandrepl/sandrepl/tui/rich"
	"github.com/sandrepl/sandrepl/tui/transcript"
)

// Script is a notebook or a script that is stepped through. What is in it is not trusted.
type Script struct {
	Name  string
	Steps []Step
}

// Step is a cell of a script: code, or prose in markdown.
type Step struct {
	Title, Text string
	Prose       bool
}

// Play is how scripts are stepped through. The zero value has none.
type Play struct {
	Script Script
	Speed  int                               // characters a second in which code is typed out; 0 at once
	List   func(context.Context) []string    // what there is to open here
	Open   func(path string) (Script, error) // opens one of them
}

// playKeyMap is what is done with a script by key.
type playKeyMap struct {
	Next, Run, Back, Skip, Jump, All, Stop, Open key.Binding
}

func newPlayKeyMap() playKeyMap {
	bind := func(help, what string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, what))
	}
	return playKeyMap{
		Next: bind("f10", "put the script's next cell into the input; then run it", "f10", "alt+n"),
		Run:  bind("f5", "run the script's next cell at once", "f5"),
		Back: bind("f7", "back to the script's cell before", "f7"),
		Skip: bind("alt+f10", "leave the script's cell out, go to the next", "alt+f10"),
		Jump: bind("alt+f7", "go to a cell of the script", "alt+f7"),
		All:  bind("", "run the rest of the script, until a cell fails"),
		Stop: bind("", "close the script that is stepped through"),
		Open: bind("", "open a notebook or script to step through"),
	}
}

func (k playKeyMap) bindings() []key.Binding {
	return []key.Binding{k.Next, k.Run, k.Back, k.Skip, k.Jump, k.All, k.Stop, k.Open}
}

// playing is a script being stepped through.
type playing struct {
	keys   playKeyMap
	script Script
	speed  int
	at     int    // the step that was taken last, from 1; 0 before the first
	loaded bool   // it was put into the editor, and not run
	all    bool   // the rest runs, one after the other
	rest   string // what is still to be typed out; empty when nothing is
	typed  string // what the editor has while more is typed
	runs   bool   // what is typed out runs when it is typed
	ticks  int    // counts what was typed out: a tick of an earlier one is dropped
}

func newPlaying(p Play) playing {
	return playing{keys: newPlayKeyMap(), script: p.Script, speed: p.Speed}
}

func (p playing) open() bool { return len(p.script.Steps) > 0 }

// name fits the status line.
func (p playing) name() string { return ansi.Truncate(safeLine(p.script.Name), 24, "…") }

// place says where one is.
func (p playing) place() string {
	if !p.open() {
		return ""
	}
	return fmt.Sprintf("%s %d/%d", p.name(), p.at, len(p.script.Steps))
}

// step is the one taken last.
func (p playing) step() Step { return p.script.Steps[p.at-1] }

type (
	typeMsg    struct{ number int } // it is time for the next characters
	scriptsMsg []string             // what there is to open
	scriptMsg  struct {             // what was opened
		script Script
		err    error
	}
)

const (
	findStep   = "step"
	findScript = "script"
)

// introduced says at the beginning what the keys are.
func (m Model) introduced() Model {
	p := m.play
	if !p.open() {
		return m
	}
	text := fmt.Sprintf("%s, cells: %d.", safeLine(p.script.Name), len(p.script.Steps))
	for _, hint := range []struct {
		key  key.Binding
		does string
	}{
		{p.keys.Next, "types the next, then runs it"}, {p.keys.Run, "does both"}, {p.keys.Back, "goes back"}, {m.keys.Palette, "has more"},
	} {
		if k := hint.key.Help().Key; k != "" {
			text += " " + k + " " + hint.does + "."
		}
	}
	m.transcript = m.transcript.Notice(transcript.Info, text)
	return m
}

// playKey does what a key means for the script.
func (m Model) playKey(msg tea.KeyPressMsg) (tea.Model, tea.Cmd) {
	k := m.play.keys
	switch {
	case key.Matches(msg, k.Open), !m.play.open():
		return m.askScript()
	case key.Matches(msg, k.Stop):
		m.status.note = m.play.name() + " is closed"
		m.play = playing{keys: k, speed: m.play.speed}
		return m, nil
	case m.editor.Reading():
		m.status.note = "the cell waits for your input first"
		return m, nil
	}
	m = m.leaveCells().focus(false)
	waits := m.play.loaded && strings.TrimSpace(m.editor.Value()) != ""
	switch {
	case key.Matches(msg, k.Next, k.Run) && waits:
		return m.runTyped()
	case key.Matches(msg, k.Next, k.Skip):
		return m.load(m.play.at+1, false)
	case key.Matches(msg, k.Run):
		return m.load(m.play.at+1, true)
	case key.Matches(msg, k.Back):
		return m.loadBefore(waits)
	case key.Matches(msg, k.Jump):
		return m.askStep(), nil
	}
	m.play.all = true
	if waits {
		return m.runTyped()
	}
	return m.playOn()
}

// load takes a step, counted from 1: prose is shown, code put into the editor, and run if it is to be.
func (m Model) load(at int, run bool) (tea.Model, tea.Cmd) {
	if at > len(m.play.script.Steps) {
		m.play.all, m.play.loaded = false, false
		m.status.note = m.play.name() + " has no more cells"
		return m, nil
	}
	m.play.at, m.play.loaded = at, false
	step := m.play.step()
	if step.Prose {
		return m.tell(step.Text), nil
	}
	m.play.loaded = true
	if hides(step.Text) {
		run, m.play.all = false, false
		m.status.note = "the cell has control characters: look at it before you run it"
	}
	if m.play.speed > 0 && !m.opts.Screen.ReducedMotion && !m.play.all {
		m.editor = m.editor.SetValue("").SetSuggestions(nil)
		m.play.rest, m.play.typed, m.play.runs = step.Text, "", run
		m.play.ticks++
		return m.typeOn(typeMsg{m.play.ticks})
	}
	m.editor = m.editor.SetValue(step.Text)
	if run {
		return m.runTyped()
	}
	return m.layout(), nil
}

// hides tells whether code has characters that a screen would obey, or that would hide or reorder what it says.
func hides(code string) bool {
	return strings.ContainsFunc(code, func(r rune) bool { return r != '\n' && r != '\t' && themes.Symbol(r) != "" })
}

// loadBefore goes back to the code before the one that waits in the editor or, when that has run, to that one again.
func (m Model) loadBefore(waits bool) (tea.Model, tea.Cmd) {
	at := m.play.at
	if waits {
		at--
	}
	for at > 0 && m.play.script.Steps[at-1].Prose {
		at--
	}
	if at < 1 {
		m.status.note = "there is no cell before"
		return m, nil
	}
	return m.load(at, false)
}

// tell shows prose among the cells.
func (m Model) tell(text string) Model {
	if d := m.gallery.Draw(rich.Bundle{Data: map[string]string{"text/markdown": text}}); d != nil {
		m.transcript = m.transcript.Prose(d).Follow()
	}
	return m.layout()
}

// runTyped runs what is in the editor, as enter does.
func (m Model) runTyped() (tea.Model, tea.Cmd) {
	code := strings.TrimRight(m.editor.Value(), " \t\n")
	m.editor = m.editor.Reset()
	return m.submit(code)
}

// unloaded notes that what was in the editor runs.
func (m Model) unloaded() Model {
	m.play.loaded = m.play.loaded && m.editor.Value() != ""
	return m
}

// playOn takes the steps up to the next one that runs, while all are to.
func (m Model) playOn() (Model, tea.Cmd) {
	for m.play.all {
		if m.play.at == len(m.play.script.Steps) {
			m.play.all = false
			m.transcript = m.transcript.Notice(transcript.Info, m.play.name()+": all cells have run.")
			break
		}
		next, cmd := m.load(m.play.at+1, true)
		m = next.(Model)
		if !m.play.step().Prose {
			return m, cmd
		}
	}
	return m, nil
}

// played goes on when a cell of ours has ended, and stops at one that failed.
func (m Model) played(status string) (Model, tea.Cmd) {
	if !m.play.all || m.cells.open() {
		return m, nil
	}
	if status != session.OK {
		m.play.all = false
		m.transcript = m.transcript.Notice(transcript.Warning, fmt.Sprintf("%s stops at cell %d, which failed: %s goes on with the next.", m.play.name(), m.play.at, m.play.keys.Next.Help().Key))
		return m, nil
	}
	return m.playOn()
}

// ends tells whether a message ends the typing out: whatever the user does at the keyboard or the mouse.
func (p playing) ends(msg tea.Msg) bool {
	if p.rest == "" {
		return false
	}
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseClickMsg:
		return true
	}
	return false
}

// typeOut types the rest at once.
func (m Model) typeOut(msg tea.Msg) (tea.Model, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok && key.Matches(press, m.keys.Interrupt) {
		m.play.runs = false
	}
	m.editor = m.editor.Write(m.play.rest)
	m.play.rest = ""
	return m.typedOut()
}

func (m Model) typedOut() (tea.Model, tea.Cmd) {
	m.play.typed = ""
	m = m.suggesting()
	if m.play.runs {
		m.play.runs = false
		return m.runTyped()
	}
	return m.layout(), nil
}

// quickest is the time between two frames of typing: what is faster types several characters at once.
const quickest = 30 * time.Millisecond

// typeOn types the next characters; how fast varies, as it does with people.
func (m Model) typeOn(msg typeMsg) (tea.Model, tea.Cmd) {
	p := &m.play
	if p.rest == "" || msg.number != p.ticks {
		return m, nil
	}
	if m.editor.Value() != p.typed { // somebody else has written there
		p.rest, p.runs = "", false
		return m.typedOut()
	}
	each := time.Second / time.Duration(p.speed)
	many := max(int(quickest/max(each, 1)), 1)
	part := ""
	for ; many > 0 && p.rest != ""; many-- {
		cluster, _ := ansi.FirstGraphemeCluster(p.rest, ansi.GraphemeWidth)
		rest := p.rest[len(cluster):]
		if cluster == "\n" { // an editor indents by itself
			indent := len(rest) - len(strings.TrimLeft(rest, " \t"))
			cluster, rest = cluster+rest[:indent], rest[indent:]
		}
		part, p.rest = part+cluster, rest
	}
	p.typed += part
	m.editor = m.editor.Write(part)
	if p.rest == "" {
		return m.typedOut()
	}
	pause := time.Duration(float64(max(each, quickest)) * (0.5 + rand.Float64())) //nolint:gosec // nobody is to guess it
	if strings.ContainsAny(part, "\n") {
		pause *= 3
	}
	return m.layout(), tea.Tick(pause, func(time.Time) tea.Msg { return msg })
}

// askStep lists the steps, to go to one.
func (m Model) askStep() Model {
	var items []dialog.Item
	for i, step := range m.play.script.Steps {
		text := safeText(step.Text)
		title, note := strings.ReplaceAll(text, "\n", " ⏎ "), ""
		if step.Prose {
			note = "note"
		}
		if step.Title != "" {
			title = safeLine(step.Title)
		}
		items = append(items, dialog.Item{ID: strconv.Itoa(i + 1), Title: fmt.Sprintf("%3d  %s", i+1, title), Note: note, Preview: text})
	}
	m.overlay = over[dialog.Finder]{dialog.NewFinder(m.look.theme, findStep, "Cells of "+m.play.name(), items, strconv.Itoa(max(m.play.at, 1)))}
	return m
}

func (m Model) jumped(id string) (tea.Model, tea.Cmd) {
	at, err := strconv.Atoi(id)
	if err != nil || at < 1 || at > len(m.play.script.Steps) {
		return m, nil
	}
	return m.load(at, false)
}

// askScript looks for what there is to open.
func (m Model) askScript() (tea.Model, tea.Cmd) {
	list, life := m.opts.Play.List, m.queue.life
	if list == nil {
		m.status.note = "no script is open"
		return m, nil
	}
	m.status.note = "looking for notebooks and scripts"
	return m, func() tea.Msg { return scriptsMsg(list(life)) }
}

func (m Model) listed(paths scriptsMsg) Model {
	m.status.note = ""
	if len(paths) == 0 {
		m.status.note = "there is no .ipynb and no .py in this folder"
		return m
	}
	var items []dialog.Item
	for _, path := range paths {
		items = append(items, dialog.Item{ID: path, Title: safeLine(path)})
	}
	m.overlay = over[dialog.Finder]{dialog.NewFinder(m.look.theme, findScript, "Step through", items, "")}
	return m
}

func (m Model) openScript(path string) (tea.Model, tea.Cmd) {
	open := m.opts.Play.Open
	return m, func() tea.Msg {
		script, err := open(path)
		return scriptMsg{script, err}
	}
}

func (m Model) scriptOpened(msg scriptMsg) Model {
	if msg.err != nil {
		m.transcript = m.transcript.Notice(transcript.Warning, safeLine(msg.err.Error()))
		return m
	}
	m.play = playing{keys: m.play.keys, speed: m.play.speed, ticks: m.play.ticks, script: msg.script}
	return m.introduced()
}
