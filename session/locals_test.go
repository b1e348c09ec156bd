package session_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/kernel"
	"github.com/sandrepl/sandrepl/session"
)

// TestLookingIntoAVariable goes down into a dict, page by page, over every way there is.
func TestLookingIntoAVariable(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, _ := open(t, w, session.Options{})
		run(t, s, "orders = {f'order {n}': {'id': n, 'items': list(range(n))} for n in range(250)}", session.OK)
		var names []string
		var last kernel.Child
		for start := 0; ; start += 100 {
			page, err := s.Expand(timeout(t), session.ExpandParams{Path: []any{"orders"}, Start: start})
			if err != nil {
				t.Fatal(err)
			}
			if page.Total != 250 || page.Start != start || page.Row.Type != "dict" || *page.Row.Length != 250 || page.Table != nil {
				t.Fatalf("page from %d: %d in all, from %d, row %+v", start, page.Total, page.Start, page.Row)
			}
			for _, child := range page.Children {
				names, last = append(names, child.Name), child
			}
			if len(page.Children) < 100 {
				break
			}
		}
		if len(names) != 250 || names[0] != "'order 0'" || names[249] != "'order 249'" {
			t.Errorf("%d children: %.200q", len(names), names)
		}
		path := []any{"orders", last.Step}
		order, err := s.Expand(timeout(t), session.ExpandParams{Path: path})
		if err != nil || order.Total != 2 || order.Children[0].Name != "'id'" || order.Children[0].Value != "249" {
			t.Fatalf("the last order: %+v, %v", order, err)
		}
		path = append(path, order.Children[1].Step)
		items, err := s.Expand(timeout(t), session.ExpandParams{Path: path, Start: 240, Count: 5})
		if err != nil || items.Total != 249 || len(items.Children) != 5 || items.Children[0].Value != "240" {
			t.Errorf("its items: %+v, %v", items, err)
		}
		_, err = s.Expand(timeout(t), session.ExpandParams{Path: []any{"orders", json.RawMessage(`["key", 0, "'none'"]`)}})
		if !errors.Is(err, session.ErrQuery) || !strings.Contains(fmt.Sprint(err), "orders['none'] is not there any more") {
			t.Errorf("a key that is not there: %v", err)
		}
	})
}

// TestLocalsLiveWhileACellRuns counts in a cell that goes on until it is told to stop: the
// counter is seen before the cell ends, where there is a connection that can tell of it.
func TestLocalsLiveWhileACellRuns(t *testing.T) {
	s, r := open(t, way{"connect", serve(t).URL, session.Connect}, session.Options{})
	run(t, s, "count = 0; names = []", session.OK)
	id, err := s.Execute("while count < 1000: count += 1\nnames.append('x')\nassert input() == ''\ncount = 2000")
	if err != nil {
		t.Fatal(err)
	}
	row := func(name, value string) func(session.Event) bool {
		return func(e session.Event) bool {
			change, ok := e.Body.(session.LocalsChange)
			if !ok || e.Cell != id {
				return false
			}
			for _, v := range change.Changed {
				if v.Name == name && v.Value == value && v.Mark == kernel.MarkChanged {
					return true
				}
			}
			return false
		}
	}
	early := r.wait(t, "the counter while the cell waits", row("count", "1000"))
	r.wait(t, "the list while the cell waits", row("names", "['x']"))
	if err := s.Reply(""); err != nil {
		t.Fatal(err)
	}
	reply := r.wait(t, "the cell's end", func(e session.Event) bool {
		b, ok := e.Body.(session.Reply)
		return ok && e.Cell == id && b.Status == session.OK
	})
	final := r.wait(t, "the counter at last", row("count", "2000"))
	if early.Seq >= reply.Seq || final.Seq <= reply.Seq {
		t.Errorf("the counter came at %d, the reply at %d, the counter's end at %d", early.Seq, reply.Seq, final.Seq)
	}
	marks := map[string]string{}
	for _, v := range s.Locals() {
		marks[v.Name] = v.Mark
	}
	if marks["count"] != kernel.MarkChanged || marks["names"] != kernel.MarkChanged {
		t.Errorf("marks: %v", marks)
	}
	// A cell that is run is not taken to be over when its variables are told of.
	if result := run(t, s, "import time\nend = time.monotonic() + 0.7\nwhile time.monotonic() < end: count += 1\n'done'", session.OK); result.Value != "'done'" {
		t.Errorf("result %+v", result)
	}
}
