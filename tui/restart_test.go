package tui_test

import (
	"context"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/sandbox"
)

// destroy removes the place's sandbox, as another program does.
func (p place) destroy(t *testing.T) {
	t.Helper()
	c, err := client.New(client.Options{URL: p.url})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Destroy(t.Context(), p.sandboxID); err != nil {
		t.Fatal(err)
	}
}

func TestARemovedSandboxIsSaidAndMadeAnewOnDemand(t *testing.T) {
	p := newPlace(t)
	s := start(t, p, 120, 36)
	s.press("before = 1\nimport time; print('begun'); time.sleep(1000)" + enter)
	s.shows("begun", "busy")
	p.destroy(t)
	s.shows("The sandbox is gone", "f4", "no session")
	s.press(escape)
	s.until("no dialog", func(text string) bool { return !strings.Contains(text, "went wrong") })
	s.press("later + 1" + enter)
	s.shows("The sandbox is gone", "later + 1")
	s.press(ctrlC + f4)
	s.shows("A new kernel answers", "idle")
	s.until("nothing runs", func(text string) bool { return !strings.Contains(text, "no session") && strings.Contains(text, "lost") })
	s.press("'before' in globals()" + enter)
	s.shows("= False")
}

func TestRestartOpensWhatCouldNotBeOpened(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	p := place{url: "http://" + address, sandboxID: "late", history: t.TempDir()}
	handler, err := sandbox.New(sandbox.Options{StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(handler)
	t.Cleanup(func() {
		server.Close()
		if err := handler.DestroyAll(context.Background()); err != nil { // the test's own is over by then
			t.Log(err)
		}
		if err := handler.Close(); err != nil {
			t.Error(err)
		}
	})
	s := start(t, p, 120, 36)
	s.shows("cannot be reached")
	s.press(f4)
	s.shows("cannot be reached") // and why not, again
	if listener, err = net.Listen("tcp", address); err != nil {
		t.Fatal(err)
	}
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()
	s.press(f4)
	s.shows("idle")
	s.press("6 * 7" + enter)
	s.shows("= 42")
}

func TestAKernelInCCodeIsSaidNotToAnswer(t *testing.T) {
	s := start(t, newPlace(t), 100, 30)
	s.shows("idle")
	s.press("sum(range(3 * 10**8)) > 0" + enter)
	s.shows("busy", "not answering: C code, most likely")
	s.shows("= True", "idle")
}
