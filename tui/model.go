package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"github.com/sandrepl/sandrepl/history"
	"github.com/sandrepl/sandrepl/pricing"
	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/complete"
	"github.com/sandrepl/sandrepl/tui/dialog"
	"github.com/sandrepl/sandrepl/tui/editor"
	"github.com/sandrepl/sandrepl/tui/locals"
	"github.com/sandrepl/sandrepl/tui/rich"
	"github.com/sandrepl/sandrepl/tui/toast"
	"github.com/sandrepl/sandrepl/tui/transcript"
)

// Options are what the application is made of.
type Options struct {
	// Open opens the session, beside the first frame, and again when its user asks for it after a failure. Its events go
	// to onEvent. Where no language model answers what cells ask, the person at the keyboard does, by answer.
	Open      func(ctx context.Context, onEvent func(session.Event), answer session.Answerer) (*session.Session, error)
	SandboxID string                                                              // shown until the session says it
	Worker    string                                                              // what the status line calls the server
	History   History                                                             // nil keeps no cells
	Save      func(ctx context.Context, sandboxID, format string) (string, error) // writes the cells to a file (ipynb, py, md) and says which; may be nil
	Play      Play
	Warnings  []string // what went wrong before the application started
	NoColor   bool
	Keys      map[string][]string // of commands whose keys are not the default; see [CheckKeys]
	Screen    Screen
	Drafts    string // the folder for what is typed and not run; empty keeps nothing
	ASCII     bool   // the terminal shows no more than that
	// Instance is the size of the container that the cells run in, when it costs money: the status line tells the sum.
	Instance *pricing.Instance
}

// Model is the root: it routes, and knows how the components stand to each other.
type Model struct {
	opts       Options
	keys       keyMap
	look       look
	editor     editor.Model
	transcript transcript.Model
	locals     locals.Model
	complete   complete.Model
	status     status
	toasts     toast.Model
	overlay    overlay // nil while no dialog is open
	recall     recall
	draft      draft
	cells      cells
	queue      queue
	play       playing
	session    *session.Session // nil until it is open
	waiting    []string         // cells submitted before that
	keeper     *keeper
	pacer      *pacer
	choosing   bool   // a theme, which is worn as long as the chooser stands on it
	panel      [4]int // columns, lines and pixels, as the kernel was told of them
	pictures
	questions []question // what waits for what is typed, oldest first
	answering any        // the id of the one that the editor shows
	echo      []question // answered here, until the kernel says so
}

// New makes the application's model.
func New(opts Options) Model {
	if opts.History == nil {
		opts.History = forgetful{}
	}
	theme := themes.Dark()
	m := Model{
		opts: opts, keys: newKeyMap(), look: look{theme: theme, depth: themes.TrueColour, hidePanel: opts.Screen.State.LocalsHidden,
			panel: opts.Screen.State.LocalsWidth, panelRows: opts.Screen.State.LocalsRows, editorSet: opts.Screen.State.EditorRows},
		editor: editor.New(theme), transcript: transcript.New(theme), locals: locals.New(theme),
		complete: complete.New(theme).SetASCII(opts.ASCII),
		status:   newStatus(opts), draft: newDraft(opts), cells: newCells(), queue: newQueue(), play: newPlaying(opts.Play), pictures: newPictures(), keeper: &keeper{}, pacer: &pacer{},
	}
	m.editor = m.editor.SetVi(opts.Screen.EditingMode == "vi")
	m.toasts = toast.New(theme, m.queue.life.Done())
	for _, warning := range opts.Warnings {
		m.transcript = m.transcript.Notice(transcript.Warning, safeLine(warning))
	}
	return m.themed(true).bound(opts.Keys).runnable().introduced().numbered(1).layout()
}

// numbered shows the number that the next cell will have, in line with the transcript's.
func (m Model) numbered(next int) Model {
	if next > 1 || m.status.next == 0 {
		m.status.next = next
	}
	m.editor = m.editor.SetPrompt(fmt.Sprintf("%4d ❯ ", m.status.next), "     │ ")
	return m
}

// Close lets go of the session; the kernel runs on.
func (m Model) Close() error {
	m.queue.end()
	m.gallery.Close()
	err := errors.Join(m.transcript.Close(), m.draft.file.close())
	if m.session != nil {
		err = errors.Join(err, m.session.Close())
	}
	return err
}

// Session is the open session, or nil.
func (m Model) Session() *session.Session { return m.session }

// Usage is what this client has seen of the sandbox's container.
func (m Model) Usage() pricing.Usage { return m.status.meter.usage(time.Now()) }

type (
	openedMsg struct{ session *session.Session }
	failedMsg struct{ err error }
	noticeMsg struct{ err error }
	tickMsg   time.Time
)

// Init opens the session while the first frame is drawn.
func (m Model) Init() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, m.open, m.queue.next, m.queue.nextPrompt, m.loadRecent, m.draft.load, m.status.meter.next(), m.gallery.Next, tea.RequestTerminalVersion, askCellSize)
}

func (m Model) open() tea.Msg {
	s, err := m.opts.Open(m.queue.life, m.queue.put, m.queue.answer)
	if err != nil {
		return failedMsg{err}
	}
	return openedMsg{s}
}

// Update takes a message in, and sees to it that what is typed is kept.
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	next, cmd := m.route(msg)
	m, save := next.(Model).saving()
	m, tell := m.telling()
	return m, tea.Batch(cmd, save, tell)
}

// route gives a message to whom it belongs; each case is one call.
func (m Model) route(msg tea.Msg) (tea.Model, tea.Cmd) {
	if m.play.ends(msg) {
		return m.typeOut(msg)
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.look.width, m.look.height = msg.Width, msg.Height
		return m.terminalIs(msg), nil
	case tea.BackgroundColorMsg:
		return m.themed(msg.IsDark()), nil
	case tea.FocusMsg, tea.BlurMsg:
		_, m.look.unfocused = msg.(tea.BlurMsg)
		return m, nil
	case openedMsg:
		return m.opened(msg.session)
	case failedMsg:
		return m.failed(msg.err), nil
	case noticeMsg:
		return m.notice(msg.err), nil
	case emptyMsg:
		return m.empty(msg), nil
	case recentMsg:
		m.recall.cells = append(m.recall.cells, msg...)
		return m.suggesting(), nil
	case draftMsg:
		return m.drafted(msg), nil
	case draftDueMsg:
		return m.writeDraft()
	case draftDoneMsg:
		return m.wroteDraft(msg), nil
	case externalMsg:
		return m.edited(msg), nil
	case eventsMsg:
		return m.events(msg)
	case promptMsg:
		return m.prompted(msg)
	case promptOverMsg:
		return m.drop(func(q question) bool { return q.over == msg.over }), nil
	case meterMsg:
		m.status.now = time.Time(msg)
		return m, m.status.meter.next()
	case typeMsg:
		return m.typeOn(msg)
	case scriptsMsg:
		return m.listed(msg), nil
	case scriptMsg:
		return m.scriptOpened(msg), nil
	case savedMsg:
		return m.saved(msg), nil
	case transcript.WorkMsg:
		return m.toTranscript(msg)
	case locals.UseMsg:
		return m.focus(false).toEditor(tea.PasteMsg{Content: msg.Name})
	case toast.GoneMsg:
		return m.untold(msg)
	case tickMsg:
		return m.tick(time.Time(msg))
	case editor.SubmitMsg:
		return m.submit(msg.Code)
	case editor.ReplyMsg:
		return m.reply(msg)
	case editor.CopyMsg:
		m.status.note = "copied"
		return m, tea.SetClipboard(msg.Text)
	case editor.ExternalMsg:
		return m.external(msg)
	case editor.DocsMsg:
		return m.askDocs(false)
	case editor.CommandMsg:
		return m.askCommand()
	case editor.RecallMsg:
		return m.recollect(msg.Older), nil
	case complete.Msg:
		return m.completion(msg)
	case docsMsg:
		return m.docs(msg), nil
	case dialog.CloseMsg:
		return m.closed()
	case dialog.PassMsg:
		return m.toEditor(msg.Msg)
	case dialog.ChoiceMsg:
		return m.choose(msg)
	case dialog.PickMsg:
		return m.picked(msg)
	case dialog.MoveMsg:
		return m.moved(msg)
	case dialog.QueryMsg:
		return m.seek(msg)
	case dialog.ItemsMsg:
		return m.toOverlay(msg)
	case tea.EnvMsg, tea.ColorProfileMsg, tea.TerminalVersionMsg, uv.CellSizeEvent, uv.PrimaryDeviceAttributesEvent:
		return m.terminalIs(msg), nil
	case rich.DrawnMsg:
		return m.pictured(msg)
	case pictureSavedMsg:
		return m.pictureSaved(msg), nil
	case tea.KeyPressMsg:
		return m.key(msg)
	case tea.MouseMsg:
		return m.mouse(msg)
	case tea.PasteMsg:
		return m.paste(msg)
	}
	return m.toEditor(msg)
}

// toEditor takes what the editor reports at once, not as a command: two cells typed
// quickly would else be free to overtake each other.
func (m Model) toEditor(msg tea.Msg) (tea.Model, tea.Cmd) {
	var report tea.Cmd
	m.editor, report = m.editor.Update(msg)
	m, ask := m.followed(msg) // before the layout, which tells completion where the text is now
	m = m.layout()
	if report == nil {
		return m, ask
	}
	return m.route(report())
}

// key gives a key to whom it belongs: an open dialog first, then the root's own table,
// then the panel when it has the focus, then the transcript's scrolling, then the editor.
func (m Model) key(msg tea.KeyPressMsg) (tea.Model, tea.Cmd) {
	m.pacer.pressed()
	switch {
	case key.Matches(msg, m.keys.Restart) && (m.overlay == nil || m.status.dead):
		return m.restart()
	case key.Matches(msg, m.keys.Quit) && (m.overlay != nil || m.editor.Empty() && !m.editor.Reading() && !m.transcript.Active()):
		return m, m.leave()
	case m.overlay != nil:
		return m.toOverlay(msg)
	case m.completing(msg):
		return m.toCompletion(msg)
	case m.viTakes(msg):
		return m.toEditor(msg)
	case key.Matches(msg, m.keys.Interrupt):
		return m.interrupt()
	case key.Matches(msg, m.keys.Help):
		return m.askHelp(), nil
	case key.Matches(msg, m.keys.Panel):
		return m.togglePanel()
	case key.Matches(msg, m.keys.Narrower):
		return m.resized(-1)
	case key.Matches(msg, m.keys.Wider):
		return m.resized(1)
	case key.Matches(msg, m.keys.Lower):
		return m.heightened(-1)
	case key.Matches(msg, m.keys.Higher):
		return m.heightened(1)
	case key.Matches(msg, m.keys.Vi):
		return m.switchVi(), nil
	case key.Matches(msg, m.keys.Palette):
		return m.askCommand()
	case key.Matches(msg, m.keys.History):
		return m.askCell()
	case key.Matches(msg, m.keys.Themes):
		return m.askTheme()
	case key.Matches(msg, m.keys.Focus):
		return m.focus(!m.look.inPanel), nil
	case key.Matches(msg, m.keys.Picture):
		return m, m.savePicture()
	case key.Matches(msg, m.keys.Redraw):
		return m, tea.ClearScreen
	case key.Matches(msg, m.play.keys.bindings()...):
		return m.playKey(msg)
	case m.transcript.Active():
		return m.toTranscript(msg)
	case key.Matches(msg, m.keys.Browse):
		return m.browse(false)
	case key.Matches(msg, m.keys.Find):
		return m.browse(true)
	case key.Matches(msg, m.keys.Save):
		return m.askSave(), nil
	case key.Matches(msg, m.keys.Fix):
		return m.fix()
	case m.look.inPanel && key.Matches(msg, m.keys.Back):
		return m.focus(false), nil
	case m.look.inPanel && key.Matches(msg, m.locals.KeyMap.Bindings()...):
		return m.toLocals(msg)
	case key.Matches(msg, m.transcript.KeyMap.Bindings()...):
		return m.toTranscript(msg)
	case m.look.inPanel && msg.Text != "":
		m = m.focus(false) // it is typed for the editor
	}
	return m.toEditor(msg)
}

func (m Model) toLocals(msg tea.Msg) (tea.Model, tea.Cmd) {
	var report tea.Cmd
	m.locals, report = m.locals.Update(msg)
	if report == nil {
		return m, nil
	}
	return m.route(report())
}

// focus moves the keys to the panel or back to the editor.
func (m Model) focus(panel bool) Model {
	m.look.inPanel = panel && m.look.panelShown()
	if m.look.inPanel {
		m.editor, m.locals = m.editor.Blur(), m.locals.Focus(true)
	} else {
		m.editor, m.locals = m.editor.Focus(), m.locals.Focus(false)
	}
	return m
}

// leaves are the cells by which a Python user leaves a REPL.
var leaves = map[string]bool{"exit": true, "exit()": true, "quit": true, "quit()": true}

// submit runs a cell, or keeps it until the session is open.
func (m Model) submit(code string) (tea.Model, tea.Cmd) {
	if leaves[strings.TrimSpace(code)] {
		return m, m.leave()
	}
	if m.session == nil && m.status.dead {
		m.editor = m.editor.SetValue(code)
		m.status.note = "There is no session: leave, mend what is wrong, and start again. What you typed is kept."
		return m.layout(), nil
	}
	m.recall = m.recall.add(code)
	m, remember := m.welcomed()
	m = m.suggesting().unloaded()
	if m.session == nil {
		m.waiting = append(m.waiting, code)
		return m.layout(), remember
	}
	m, run := m.run(code)
	return m, tea.Batch(remember, run)
}

func (m Model) run(code string) (Model, tea.Cmd) {
	id, err := m.session.Execute(code)
	if err != nil {
		m.editor = m.editor.SetValue(code)
		return m.notice(err).layout(), nil
	}
	now := time.Now()
	kept := m.cells.own(id)
	m.transcript = m.transcript.Begin(id, transcript.Input{Code: code, Author: transcript.User, At: now, State: transcript.Queued}).Follow()
	info := m.session.Info()
	return m.layout(), m.keep(kept, history.Cell{ID: id, SandboxID: info.SandboxID, Worker: info.Worker, Code: code, At: now, Outcome: history.Running, Author: history.ByUser})
}

func (m Model) opened(s *session.Session) (tea.Model, tea.Cmd) {
	m.session = s
	m.status = m.status.opened(s.Info())
	var cmds []tea.Cmd
	for _, code := range m.waiting {
		var cmd tea.Cmd
		m, cmd = m.run(code)
		cmds = append(cmds, cmd)
	}
	m.waiting = nil
	return m.layout(), tea.Batch(append(cmds, m.lastHere(s.Info()))...)
}

// failed shows why there is no session. What was typed stays.
func (m Model) failed(err error) Model {
	why := session.Explain(err)
	m.overlay = over[dialog.Failure]{dialog.NewFailure(m.look.theme, safeLine(why.What), safeLine(why.Why), safeLine(why.Next))}
	m.status = m.status.failed()
	if len(m.waiting) > 0 {
		typed := strings.Join(m.waiting, "\n\n") + "\n\n" + m.editor.Value()
		m.editor, m.waiting = m.editor.SetValue(strings.TrimSpace(typed)), nil
	}
	return m.layout()
}

func (m Model) notice(err error) Model {
	m.status.stopping = ""
	m.transcript = m.transcript.Notice(transcript.Warning, safeLine(session.Explain(err).Hint()))
	return m
}

func (m Model) interrupt() (tea.Model, tea.Cmd) {
	switch {
	case m.session != nil && (m.status.busy() || m.cells.open()):
		if err := m.session.Interrupt(); err != nil {
			return m.notice(err), nil
		}
		if m.status.stopping != interrupting {
			m.status.stopping, m.status.asking = interrupting, time.Now()
		}
		return m, nil
	case m.editor.Value() != "":
		m.editor = m.editor.Clear()
		return m.layout(), nil
	}
	m.status.note = "ctrl+d leaves"
	return m, nil
}

func (m Model) recollect(older bool) Model {
	next, text, ok := m.recall.step(older, m.editor.Value(), m.editor.Before())
	if !ok {
		return m
	}
	m.recall = next
	m.editor = m.editor.SetValue(text)
	return m.layout()
}

// tick redraws what grows with time; it goes on only while something does.
func (m Model) tick(now time.Time) (tea.Model, tea.Cmd) {
	m.status.ticking = false
	m.transcript = m.transcript.Tick(now)
	m.status.now = now
	return m.ticking()
}

func (m Model) ticking() (Model, tea.Cmd) {
	if m.status.ticking || !m.status.grows() {
		return m, nil
	}
	m.status.ticking = true
	pace := 100 * time.Millisecond
	if m.opts.Screen.ReducedMotion {
		pace = time.Second
	}
	return m, tea.Tick(pace, func(t time.Time) tea.Msg { return tickMsg(t) })
}

// Run shows the application until the user leaves it.
func Run(ctx context.Context, opts Options, terminal ...tea.ProgramOption) (Model, error) {
	model := New(opts)
	own := []tea.ProgramOption{tea.WithOutput(model.gallery.Output(os.Stdout)), tea.WithContext(ctx), tea.WithFPS(framesPerSecond)}
	program := tea.NewProgram(model, append(own, terminal...)...)
	model.pacer.program = program
	last, err := program.Run()
	if model, ok := last.(Model); ok {
		return model, err
	}
	return Model{}, err
}
