package session_test

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/client/contract/strict"
	"github.com/sandrepl/sandrepl/sandbox"
	"github.com/sandrepl/sandrepl/session"
)

func TestComingBackFindsEverything(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		id := session.NewSandboxID()
		first, _ := open(t, w, session.Options{SandboxID: id})
		run(t, first, "import json\ndef twice(x): return 2 * x\nvalue = twice(21)", session.OK)
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		second, events := open(t, w, session.Options{SandboxID: id})
		if r := run(t, second, "print(json.dumps(twice(value)))", session.OK); r.Stdout != "84\n" || r.Number != 2 {
			t.Errorf("got %+v", r)
		}
		events.wait(t, "earlier cell", is(func(i session.Input) bool { return contains(i.Code, "def twice") }))
		if first.Info().Epoch != second.Info().Epoch {
			t.Error("another kernel answered")
		}
		if err := first.Interrupt(); err == nil {
			t.Error("a closed session took a request")
		}
	})
}

func TestTwoClientsSeeTheSame(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		id := session.NewSandboxID()
		one, _ := open(t, w, session.Options{SandboxID: id})
		_, events := open(t, w, session.Options{SandboxID: id})
		run(t, one, "shared = 'from one'\nprint(shared)", session.OK)
		events.wait(t, "the other's cell", is(func(i session.Input) bool { return contains(i.Code, "from one") }))
		events.wait(t, "the other's output", printed("from one\n"))
		events.wait(t, "the other's locals", is(func(l session.LocalsChange) bool { return len(l.Changed) == 1 && l.Changed[0].Name == "shared" }))
	})
}

func TestManyAtOnceStartOneKernel(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		id := session.NewSandboxID()
		epochs := make([]string, 4)
		var all sync.WaitGroup
		for i := range epochs {
			all.Add(1)
			go func() {
				defer all.Done()
				s, err := session.Open(timeout(t), session.Options{Worker: client.Options{URL: w.url}, SandboxID: id, Transport: w.transport})
				if err != nil {
					t.Errorf("open: %v", err)
					return
				}
				epochs[i] = s.Info().Epoch
				_ = s.Close()
			}()
		}
		all.Wait()
		for _, epoch := range epochs {
			if epoch != epochs[0] || epoch == "" {
				t.Fatalf("epochs %q", epochs)
			}
		}
	})
}

func TestContextWhenOpenedSetupOnceInAKernelsLife(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		for _, c := range []struct {
			name  string
			value any
			want  string
		}{
			{"text", "some text\nwith 'quotes' and é", `"some text\nwith 'quotes' and é"`},
			{"dict", map[string]any{"key": "value", "items": []int{1, 2, 3}}, `{'items': [1, 2, 3], 'key': 'value'}`},
			{"list", []any{1, 2.5, nil, true}, `[1, 2.5, None, True]`},
		} {
			o := session.Options{SandboxID: session.NewSandboxID(), Context: c.value, Setup: "starts = globals().get('starts', 0) + 1"}
			s, _ := open(t, w, o)
			if r := run(t, s, "context", session.OK); r.Value != c.want || r.Number != 1 {
				t.Errorf("%s: context is %s (cell %d), want %s", c.name, r.Value, r.Number, c.want)
			}
			run(t, s, "context = 'mine now'", session.OK)
			_ = s.Close()
			again, _ := open(t, w, o)
			if r := run(t, again, "starts, context", session.OK); r.Value != "(1, "+c.want+")" {
				t.Errorf("%s: after coming back: %s", c.name, r.Value)
			}
		}
	})
}

func TestAKernelThatDiesIsSaid(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, events := open(t, w, session.Options{Setup: "base = 1"})
		run(t, s, "gone = 1", session.OK)
		r := run(t, s, "import os; os._exit(1)", session.Lost)
		if r.Number != 0 {
			t.Errorf("got %+v", r)
		}
		e := events.wait(t, "new kernel", is(func(session.NewKernel) bool { return true }))
		if e.Body.(session.NewKernel).Recycled {
			t.Error("the container was not recycled")
		}
		if r := run(t, s, "'gone' in globals(), base", session.OK); r.Value != "(False, 1)" {
			t.Errorf("got %s", r.Value)
		}
		events.wait(t, "the new life in the journal", is(func(s session.Status) bool {
			return s.State == "starting" && s.Epoch == e.Body.(session.NewKernel).Epoch
		}))
	})
}

func TestAnAgentsSandboxIsOursToOpen(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		id := session.NewSandboxID()
		c := rawClient(t, w)
		write := func(path, content string) {
			if err := c.Write(timeout(t), id, path, content); err != nil {
				t.Fatal(err)
			}
		}
		write("/tmp/rlm_state.json", `{"total": 12, "rows": [1, 2], "np": "<module 'numpy' from '/usr/lib/numpy/__init__.py'>"}`)
		code := "import numpy as np\ntotal = 12"
		write("/tmp/rlm_exec.py", "import base64\ncode = base64.b64decode(\""+base64.StdEncoding.EncodeToString([]byte(code))+"\").decode()\nexec(code)\n")
		s, events := open(t, w, session.Options{SandboxID: id})
		e := events.wait(t, "cell", is(func(session.Input) bool { return true }))
		if in := e.Body.(session.Input); in.Author != "agent" || in.Code != code {
			t.Errorf("the first cell is %+v", in)
		}
		if r := run(t, s, "total + sum(rows)", session.OK); r.Value != "15" {
			t.Errorf("got %s", r.Value)
		}
		flattened := ""
		for _, v := range s.Locals() {
			if v.Flattened {
				flattened += v.Name
			}
		}
		if flattened != "np" {
			t.Errorf("flattened: %q", flattened)
		}
	})
}

// TestACutLineLosesNothing goes through a proxy whose connections the test cuts.
func TestACutLineLosesNothing(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		proxy, cut := cuttable(t, w.url)
		s, events := open(t, way{w.name, proxy, w.transport}, session.Options{})
		id, err := s.Execute("import time, os\nfor i in range(400):\n    print(i, flush=True)\n    time.sleep(0.002)\n    while i == 200 and not os.path.exists('/tmp/cut'): time.sleep(0.005)")
		if err != nil {
			t.Fatal(err)
		}
		events.wait(t, "half of the lines", printed("\n200\n"))
		cut()
		if err := rawClient(t, w).Write(timeout(t), s.Info().SandboxID, "/tmp/cut", ""); err != nil {
			t.Fatal(err)
		}
		late, err := s.Run(timeout(t), "print('after the cut')")
		if err != nil || late.Stdout != "after the cut\n" || late.Number != 2 {
			t.Errorf("got %+v, %v", late, err)
		}
		var want, got strings.Builder
		for i := range 400 {
			fmt.Fprintln(&want, i)
		}
		for _, e := range events.all() {
			if b, ok := e.Body.(session.Stream); ok && e.Cell == id {
				got.WriteString(b.Text)
			}
		}
		if got.String() != want.String() {
			t.Errorf("got %d lines: %.80q … %.80q", strings.Count(got.String(), "\n"), got.String(), got.String()[max(0, got.Len()-40):])
		}
	})
}

// cuttable is a reverse proxy, and a function that cuts every connection through it.
func cuttable(t *testing.T, to string) (string, func()) {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	kept := &keepingListener{Listener: listener}
	server := httptest.NewUnstartedServer(httputil.NewSingleHostReverseProxy(target))
	_ = server.Listener.Close()
	server.Listener = kept
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, kept.cut
}

type keepingListener struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn
}

func (l *keepingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.mu.Lock()
		l.conns = append(l.conns, c)
		l.mu.Unlock()
	}
	return c, err
}

func (l *keepingListener) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		_ = c.Close()
	}
	l.conns = nil
}

func TestSkippingThePastSeesWhatIsToCome(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		id := session.NewSandboxID()
		first, _ := open(t, w, session.Options{SandboxID: id})
		run(t, first, "print('long ago')", session.OK)
		second, events := open(t, w, session.Options{SandboxID: id, SkipPast: true})
		if r := run(t, second, "print('now')", session.OK); r.Stdout != "now\n" {
			t.Errorf("got %+v", r)
		}
		for _, e := range events.all() {
			if b, ok := e.Body.(session.Stream); ok && contains(b.Text, "long ago") {
				t.Error("the past came too")
			}
		}
	})
}

func TestRestartGivesANewNamespace(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, events := open(t, w, session.Options{})
		run(t, s, "gone = 1", session.OK)
		stuck, err := s.Execute("print('stuck')\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass")
		if err != nil {
			t.Fatal(err)
		}
		events.wait(t, "cell that ignores interrupts", printed("stuck\n"))
		if err := s.Restart(timeout(t)); err != nil {
			t.Fatal(err)
		}
		events.wait(t, "new kernel", is(func(k session.NewKernel) bool { return !k.Recycled }))
		events.wait(t, "why it is lost", func(e session.Event) bool {
			f, ok := e.Body.(session.Failure)
			return ok && e.Cell == stuck && f.Value == "it was restarted"
		})
		events.wait(t, "lost cell", func(e session.Event) bool {
			r, ok := e.Body.(session.Reply)
			return ok && e.Cell == stuck && r.Status == session.Lost
		})
		if r := run(t, s, "'gone' in globals()", session.OK); r.Value != "False" {
			t.Errorf("got %s", r.Value)
		}
	})
}

func TestComingBackToMuchOutputLoadsTheLatest(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		id := session.NewSandboxID()
		first, _ := open(t, w, session.Options{SandboxID: id, SkipPast: true})
		run(t, first, "early = 1\nline = 'z' * 63\nfor i in range(24 * 1024 * 1024 // 64): print(line)", session.OK)
		run(t, first, "late = 2", session.OK)
		second, events := open(t, w, session.Options{SandboxID: id})
		e := events.wait(t, "word of what is not loaded", is(func(m session.Missed) bool { return m.Kept }))
		events.wait(t, "whole namespace", is(func(l session.LocalsChange) bool { return l.Full && len(l.Changed) == 4 }))
		if got := marks(second); !contains(got, "early=1") || !contains(got, "late=2") {
			t.Errorf("locals: %s (missed %+v)", got, e.Body)
		}
		size := 0
		for _, e := range events.all() {
			if b, ok := e.Body.(session.Stream); ok {
				size += len(b.Text)
			}
		}
		if size == 0 || size > 20<<20 {
			t.Errorf("%d bytes of the past came", size)
		}
	})
}

func TestARecycledContainerIsSaid(t *testing.T) {
	server := serve(t)
	old := strict.New(server.URL, server.Client()) // which cannot tell whether a sandbox is there, as no Worker can
	deployed := httptest.NewServer(old)
	t.Cleanup(func() { deployed.Close(); old.Close() })
	s, events := open(t, way{"deployed", deployed.URL, session.Auto}, session.Options{})
	run(t, s, "gone = 1\nopen('/tmp/file', 'w').close()", session.OK)
	if err := rawClient(t, way{url: server.URL}).Destroy(timeout(t), s.Info().SandboxID); err != nil {
		t.Fatal(err)
	}
	events.wait(t, "new kernel", is(func(k session.NewKernel) bool { return k.Recycled }))
	if r := run(t, s, "import os\n'gone' in globals(), os.path.exists('/tmp/file')", session.OK); r.Value != "(False, False)" {
		t.Errorf("got %s", r.Value)
	}
}

// TestAServerThatCameBackIsJoinedAgain kills nothing but the server: the sandbox lives on.
func TestAServerThatCameBackIsJoinedAgain(t *testing.T) {
	for _, transport := range []session.Transport{session.Connect, session.Poll} {
		t.Run(string(transport), func(t *testing.T) {
			dir := t.TempDir()
			listener, address := listen(t, "127.0.0.1:0")
			stop := serveOn(t, dir, listener)
			s, events := open(t, way{"restarted", "http://" + address, transport}, session.Options{})
			run(t, s, "kept = 'all along'", session.OK)
			stop()
			if _, err := s.Execute("print(kept)"); err != nil { // while nobody answers
				t.Fatal(err)
			}
			events.wait(t, "cut line", is(func(l session.Link) bool { return l.State == session.Offline }))
			again, _ := listen(t, address)
			defer serveOn(t, dir, again)()
			events.wait(t, "the cell's output", printed("all along\n"))
			for _, e := range events.all() {
				if _, ok := e.Body.(session.NewKernel); ok {
					t.Error("another kernel answered")
				}
			}
			_ = s.Close()
			c := rawClient(t, way{url: "http://" + address})
			if err := c.Destroy(timeout(t), s.Info().SandboxID); err != nil {
				t.Error(err)
			}
		})
	}
}

func listen(t *testing.T, address string) (net.Listener, string) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	return l, l.Addr().String()
}

// serveOn runs the embedded server until stop is called; its sandboxes outlive it.
func serveOn(t *testing.T, dir string, l net.Listener) (stop func()) {
	t.Helper()
	handler, err := sandbox.New(sandbox.Options{StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	kept := &keepingListener{Listener: l}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(kept) }()
	return func() { _ = server.Close(); <-done; kept.cut(); _ = handler.Close() }
}
