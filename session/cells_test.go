package session_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/session"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

func TestCellsKeepTheirState(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, _ := open(t, w, session.Options{})
		run(t, s, "import math\ndef area(r):\n    return math.pi * r\n\nclass Point:\n    x = 7\n\nfor i in range(3):\n    last = i\n", session.OK)
		r := run(t, s, "print('area', round(area(2), 2))\nlast + Point.x", session.OK)
		if r.Stdout != "area 6.28\n" || r.Value != "9" || !r.HasValue || r.Number != 2 {
			t.Errorf("got %+v", r)
		}
		if r := run(t, s, "None", session.OK); r.HasValue {
			t.Errorf("None was shown: %+v", r)
		}
		if r := run(t, s, "'a' * 3", session.OK); r.Value != "'aaa'" {
			t.Errorf("value %q", r.Value)
		}
	})
}

func TestOutputStreams(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, events := open(t, w, session.Options{})
		// The cell goes on only when the test, having seen its first line, allows it.
		id, err := s.Execute("import os, sys, time\nprint('first')\nwhile not os.path.exists('/tmp/go-on'): time.sleep(0.005)\nprint('second', file=sys.stderr)\nos.system('echo third')")
		if err != nil {
			t.Fatal(err)
		}
		events.wait(t, "first line", printed("first\n"))
		if err := rawClient(t, w).Write(timeout(t), s.Info().SandboxID, "/tmp/go-on", ""); err != nil {
			t.Fatal(err)
		}
		events.wait(t, "reply", func(e session.Event) bool { _, ok := e.Body.(session.Reply); return ok && e.Cell == id })
		var order strings.Builder
		from := ""
		for _, e := range events.all() {
			switch b := e.Body.(type) {
			case session.Stream:
				if b.Name != from {
					order.WriteString("<" + b.Name + ">")
				}
				from = b.Name
				order.WriteString(b.Text)
			case session.Value:
				order.WriteString("<value>" + session.PlainText(b.Data))
			}
		}
		want := "<stdout>first\n<stderr>second\n<stdout>third\n<value>0"
		if got := order.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestErrorsTellTheUsersLines(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, _ := open(t, w, session.Options{})
		run(t, s, "def half(x):\n    return x / 0\n", session.OK)
		r := run(t, s, "print('before')\nhalf(3)", session.Error)
		text := strings.Join(r.Failure.Traceback, "\n")
		if r.Failure.Name != "ZeroDivisionError" || r.Failure.Line == nil || *r.Failure.Line != 2 || r.Stdout != "before\n" ||
			!contains(text, "return x / 0") || contains(text, "sandrepl_kernel") {
			t.Errorf("got %+v\n%s", r.Failure, text)
		}
		r = run(t, s, "x = (1,\n", session.Error)
		if r.Failure.Name != "SyntaxError" {
			t.Errorf("got %+v", r.Failure)
		}
		run(t, s, "import sys; sys.exit(3)", session.Error)
		run(t, s, "half", session.OK)
	})
}

func TestInterruptKeepsTheNamespaceAndDropsTheQueue(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, events := open(t, w, session.Options{})
		run(t, s, "kept = 42", session.OK)
		busy, err := s.Execute("print('busy')\nwhile True: pass")
		if err != nil {
			t.Fatal(err)
		}
		events.wait(t, "start of the loop", printed("busy\n"))
		queued, err := s.Execute("kept = 0")
		if err != nil {
			t.Fatal(err)
		}
		events.wait(t, "queued status", func(e session.Event) bool {
			b, ok := e.Body.(session.Status)
			return ok && b.State == "queued" && e.Cell == queued
		})
		if err := s.Interrupt(); err != nil {
			t.Fatal(err)
		}
		reply := func(id string) string {
			e := events.wait(t, "reply", func(e session.Event) bool { _, ok := e.Body.(session.Reply); return ok && e.Cell == id })
			return e.Body.(session.Reply).Status
		}
		if got := reply(busy); got != session.Error {
			t.Errorf("the loop ended as %s", got)
		}
		if got := reply(queued); got != session.Aborted {
			t.Errorf("the queued cell ended as %s", got)
		}
		events.wait(t, "KeyboardInterrupt", is(func(f session.Failure) bool { return f.Name == "KeyboardInterrupt" }))
		if r := run(t, s, "kept", session.OK); r.Value != "42" {
			t.Errorf("kept is %s", r.Value)
		}
	})
}

func TestACellThatIsGivenUpWhileQueuedLeavesTheOneBeforeIt(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, events := open(t, w, session.Options{})
		id, err := s.Execute("import os, time\nprint('busy')\nwhile not os.path.exists('/tmp/go'): time.sleep(0.01)\n'done'")
		if err != nil {
			t.Fatal(err)
		}
		events.wait(t, "start of the loop", printed("busy\n"))
		ctx, cancel := context.WithCancel(t.Context())
		s2, others := open(t, w, session.Options{SandboxID: s.Info().SandboxID, SkipPast: true})
		go func() {
			others.wait(t, "queued status", is(func(b session.Status) bool { return b.State == "queued" }))
			cancel()
		}()
		r, err := s2.Run(ctx, "given = 'up'")
		if !errors.Is(err, context.Canceled) || r.Status != session.Aborted {
			t.Errorf("%+v, %v", r, err)
		}
		run2 := make(chan session.Result, 1)
		go func() { r, _ := s2.Run(t.Context(), "open('/tmp/go', 'w').close()"); run2 <- r }() // queued behind the loop
		events.wait(t, "the second in the queue", func(e session.Event) bool {
			b, ok := e.Body.(session.Status)
			return ok && b.State == "queued" && e.Cell != r.Cell
		})
		c, err := client.New(client.Options{URL: w.url})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Write(t.Context(), s.Info().SandboxID, "/tmp/go", ""); err != nil {
			t.Fatal(err)
		}
		e := events.wait(t, "reply", func(e session.Event) bool { _, ok := e.Body.(session.Reply); return ok && e.Cell == id })
		if got := e.Body.(session.Reply).Status; got != session.OK {
			t.Errorf("the loop ended as %s", got)
		}
		if r := <-run2; r.Status != session.OK {
			t.Errorf("the cell behind it ended as %+v", r)
		}
	})
}

func TestInterruptReachesCodeThatHoldsPythonsLock(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, events := open(t, w, session.Options{})
		id, err := s.Execute("import re\nre.match('(a+)+$', 'a' * 40 + 'b')")
		if err != nil {
			t.Fatal(err)
		}
		events.wait(t, "running cell", func(e session.Event) bool { _, ok := e.Body.(session.Input); return ok && e.Cell == id })
		if err := s.Interrupt(); err != nil {
			t.Fatal(err)
		}
		events.wait(t, "KeyboardInterrupt", is(func(f session.Failure) bool { return f.Name == "KeyboardInterrupt" }))
	})
}

func TestInputIsAnswered(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, events := open(t, w, session.Options{})
		if _, err := s.Execute("name = input('who? ')\nimport getpass\nsecret = getpass.getpass('key: ')\ntry:\n    input()\nexcept EOFError:\n    print('the end')"); err != nil {
			t.Fatal(err)
		}
		events.wait(t, "prompt", is(func(r session.InputRequest) bool { return r.Prompt == "who? " && !r.Password }))
		if err := s.Reply("Grace"); err != nil {
			t.Fatal(err)
		}
		events.wait(t, "answer", is(func(r session.InputReply) bool { return r.Value != nil && *r.Value == "Grace" }))
		events.wait(t, "password prompt", is(func(r session.InputRequest) bool { return r.Password }))
		if err := s.Reply("hush"); err != nil {
			t.Fatal(err)
		}
		events.wait(t, "empty prompt", is(func(r session.InputRequest) bool { return r.Prompt == "" }))
		if err := s.ReplyEOF(); err != nil {
			t.Fatal(err)
		}
		events.wait(t, "end of file", printed("the end\n"))
		if r := run(t, s, "name, secret", session.OK); r.Value != "('Grace', 'hush')" {
			t.Errorf("got %s", r.Value)
		}
		for _, e := range events.all() {
			if b, ok := e.Body.(session.InputReply); ok && b.Value != nil && *b.Value == "hush" {
				t.Error("the password came back in an event")
			}
		}
	})
}

func TestLargeCellsAndOutputs(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, _ := open(t, w, session.Options{})
		code := "text = '" + strings.Repeat("x", 1<<20) + "'\nlen(text)"
		if r := run(t, s, code, session.OK); r.Value != fmt.Sprint(1<<20) {
			t.Errorf("a 1 MiB cell gave %s", r.Value)
		}
		r := run(t, s, "line = 'y' * 63\nfor i in range(32 * 1024 * 1024 // 64): print(line)", session.OK)
		if len(r.Stdout) != 32<<20 || strings.Trim(r.Stdout, "y\n") != "" {
			t.Errorf("32 MiB of output came as %d bytes", len(r.Stdout))
		}
	})
}

func TestHostileDataTravelsUnharmed(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, _ := open(t, w, session.Options{})
		code := `odd = "'\"$(touch /tmp/pwned)` + "`touch /tmp/pwned`" + `; exit 1\n\x00\x1b[31m é 漢 🎉 \ud800 ."` + "\nprint(odd.encode('utf-8', 'replace').decode())\nimport os\nos.path.exists('/tmp/pwned')"
		r := run(t, s, code, session.OK)
		want := "'\"$(touch /tmp/pwned)`touch /tmp/pwned`; exit 1\n\x00\x1b[31m é 漢 🎉 ? .\n"
		if r.Stdout != want || r.Value != "False" {
			t.Errorf("got %q, %s\nwant %q", r.Stdout, r.Value, want)
		}
	})
}

func TestLocalsFollowTheCell(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, events := open(t, w, session.Options{})
		r := run(t, s, "count = 1\nnames = ['a', 'b']\nimport math\n_hidden = 1", session.OK)
		events.wait(t, "locals", accountOf(r.Cell))
		if got := marks(s); got != "count=1 new, math=module new, names=['a', 'b'] new" {
			t.Errorf("got %s", got)
		}
		r = run(t, s, "names.append('c'); del count", session.OK)
		events.wait(t, "locals", accountOf(r.Cell))
		if got := marks(s); got != "math=module , names=['a', 'b', 'c'] changed" {
			t.Errorf("got %s", got)
		}
		long := run(t, s, "long = 'z' * 5000", session.OK)
		if long.Status != session.OK {
			t.Fatal(long)
		}
		all, err := s.Snapshot(timeout(t), 100_000)
		if err != nil || len(all) != 3 || len(all[0].Value) != 5002 {
			t.Errorf("snapshot: %v, %d names, %.60v", err, len(all), all)
		}
	})
}

// accountOf matches what a cell did to the namespace, all told: what is sampled while it runs comes before its end.
func accountOf(cell string) func(session.Event) bool {
	ended := false
	return func(e session.Event) bool {
		switch e.Body.(type) {
		case session.Reply:
			ended = ended || e.Cell == cell
		case session.LocalsChange:
			return ended && e.Cell == cell
		}
		return false
	}
}

func marks(s *session.Session) string {
	var parts []string
	for _, v := range s.Locals() {
		value := v.Value
		if v.Kind == "module" {
			value = "module"
		}
		parts = append(parts, v.Name+"="+value+" "+v.Mark)
	}
	return strings.Join(parts, ", ")
}
