package tui_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/hinshun/vt10x"
	"go.uber.org/goleak"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/history"
	"github.com/sandrepl/sandrepl/sandbox"
	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/tui"
)

func TestMain(m *testing.M) {
	sandbox.InitMain()
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock"), // the highlighter's clock stops by itself
		// Bubble Tea's reader holds the key that came after the program's end, for ever.
		goleak.IgnoreAnyFunction("github.com/charmbracelet/ultraviolet.(*TerminalReader).sendEvents"))
}

// patience is how long a test waits for what must come; it passes as soon as it is there.
const patience = 60 * time.Second

// serve starts the embedded server and returns its URL.
func serve(t *testing.T) string {
	t.Helper()
	handler, err := sandbox.New(sandbox.Options{StateDir: t.TempDir(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		server.Close()
		if err := handler.DestroyAll(context.Background()); err != nil {
			t.Errorf("destroy all: %v", err)
		}
		if err := handler.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return server.URL
}

// A screen is the application in an emulated terminal.
type screen struct {
	t       *testing.T
	vt      vt10x.Terminal
	keys    *io.PipeWriter
	program *tea.Program
	done    chan struct{}
	close   sync.Once
	model   tui.Model

	mu    sync.Mutex
	raw   bytes.Buffer // all that was sent to the terminal
	drawn chan struct{}
}

// Write is the terminal's side of the program's output.
func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	s.raw.Write(b)
	n, err := s.vt.Write(b)
	s.mu.Unlock()
	select {
	case s.drawn <- struct{}{}:
	default:
	}
	return n, err
}

type place struct {
	url       string
	sandboxID string
	history   string // folder
	screen    tui.Screen
	ascii     bool
	keys      map[string][]string
	play      tui.Play
	save      func(ctx context.Context, sandboxID, format string) (string, error)
	open      func(context.Context) (*session.Session, error) // nil opens the sandbox
}

func newPlace(t *testing.T) place {
	return place{url: serve(t), sandboxID: session.NewSandboxID(), history: t.TempDir()}
}

// start runs the application; the test leaves it, or its end does.
func start(t *testing.T, p place, width, height int) *screen {
	t.Helper()
	store, err := history.Open(filepath.Join(p.history, "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	input, keys := io.Pipe()
	s := &screen{t: t, vt: vt10x.New(vt10x.WithSize(width, height)), keys: keys, done: make(chan struct{}), drawn: make(chan struct{}, 1)}
	_, _ = s.vt.Write([]byte("\x1b[20h"))
	model := tui.New(tui.Options{
		SandboxID: p.sandboxID, Worker: "test", History: store, Drafts: filepath.Join(p.history, "drafts"), Screen: p.screen, ASCII: p.ascii, Keys: p.keys, Play: p.play, Save: p.save,
		Open: func(ctx context.Context, onEvent func(session.Event), answer session.Answerer) (*session.Session, error) {
			if p.open != nil {
				return p.open(ctx)
			}
			return session.Open(ctx, session.Options{Worker: client.Options{URL: p.url}, SandboxID: p.sandboxID, OnEvent: onEvent, Answer: answer})
		},
	})
	s.program = tea.NewProgram(model, tea.WithInput(input), tea.WithOutput(s), tea.WithWindowSize(width, height),
		tea.WithEnvironment([]string{"TERM=xterm-256color", "COLORTERM=truecolor"}), tea.WithoutSignals(),
		tea.WithColorProfile(colorprofile.TrueColor))
	go func() {
		defer close(s.done)
		last, err := s.program.Run()
		if err != nil && !errors.Is(err, tea.ErrProgramKilled) {
			t.Errorf("run: %v", err)
		}
		s.model, _ = last.(tui.Model)
	}()
	t.Cleanup(func() {
		s.program.Quit()
		s.left()
		_ = keys.Close()
		s.closed()
		if err := store.Close(); err != nil {
			t.Errorf("close the history: %v", err)
		}
	})
	return s
}

// closed lets go of what the application held, as the end of its process does.
func (s *screen) closed() {
	s.close.Do(func() {
		if err := s.model.Close(); err != nil {
			s.t.Errorf("close: %v", err)
		}
	})
}

// left waits until the application has ended.
func (s *screen) left() {
	s.t.Helper()
	select {
	case <-s.done:
	case <-time.After(patience):
		s.t.Fatal("the application did not end")
	}
}

// press sends keys as a terminal does.
func (s *screen) press(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.keys, keys); err != nil {
		s.t.Fatal(err)
	}
}

// paste sends text as a terminal's bracketed paste does.
func (s *screen) paste(text string) { s.press("\x1b[200~" + text + "\x1b[201~") }

func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.vt.String()
}

func (s *screen) sent() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raw.String()
}

// shows waits until the screen has every text on it.
func (s *screen) shows(texts ...string) string {
	s.t.Helper()
	return s.until(strings.Join(texts, "\" and \""), func(screen string) bool {
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	})
}

func (s *screen) until(what string, is func(string) bool) string {
	s.t.Helper()
	deadline := time.After(patience)
	for {
		text := s.text()
		if is(text) {
			return text
		}
		select {
		case <-s.drawn:
		case <-s.done:
			s.t.Fatalf("the application ended before it showed %q:\n%s", what, s.text())
		case <-deadline:
			s.t.Fatalf("the screen never showed %q:\n%s", what, s.text())
		}
	}
}

// eventually waits for something that the screen does not show.
func (s *screen) eventually(what string, is func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("%s never came", what)
		}
	}
}

// resize changes the terminal's size.
func (s *screen) resize(width, height int) {
	s.mu.Lock()
	s.vt.Resize(width, height)
	s.mu.Unlock()
	s.program.Send(tea.WindowSizeMsg{Width: width, Height: height})
}

const enter, altEnter, ctrlC, ctrlD, up, f1, f4, escape = "\r", "\x1b\r", "\x03", "\x04", "\x1b[A", "\x1bOP", "\x1bOS", "\x1b"
