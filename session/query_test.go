package session_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/session"
)

// TestQuestionsWhileACellRuns asks everything there is to ask in the middle of a cell.
func TestQuestionsWhileACellRuns(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, r := open(t, w, session.Options{})
		run(t, s, "import os\ndef double(number):\n    'Twice the number.'\n    return 2 * number", session.OK)
		id, err := s.Execute("print('begun')\ninput()")
		if err != nil {
			t.Fatal(err)
		}
		r.wait(t, "question", is(func(session.InputRequest) bool { return true }))

		code := "os.path.joi"
		completion, err := s.Complete(timeout(t), code, len(code))
		if err != nil || len(completion.Matches) != 1 || completion.Matches[0].Text != "join" || completion.Start != 8 || completion.End != 11 {
			t.Errorf("complete %q: %+v, %v", code, completion, err)
		}
		inspection, err := s.Inspect(timeout(t), "é = double(2)", 5, true)
		if err != nil || !inspection.Found || !strings.Contains(inspection.Signature, "number") ||
			inspection.Doc != "Twice the number." || !strings.Contains(inspection.Source, "return 2 * number") {
			t.Errorf("inspect double: %+v, %v", inspection, err)
		}
		stack, err := s.Stack(timeout(t))
		if err != nil || !strings.Contains(stack, "input()") {
			t.Errorf("stack: %q, %v", stack, err)
		}
		if err := s.Reply(""); err != nil {
			t.Fatal(err)
		}
		r.wait(t, "end of the cell", func(e session.Event) bool {
			reply, ok := e.Body.(session.Reply)
			return ok && e.Cell == id && reply.Status == session.OK
		})
		if _, err := s.Complete(timeout(t), "x", 5); !errors.Is(err, session.ErrQuery) {
			t.Errorf("a cursor behind the code: %v", err)
		}
	})
}

// TestHowAKernelEndedIsTold loses a cell to os._exit: what it printed is there, and the reason.
func TestHowAKernelEndedIsTold(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, r := open(t, w, session.Options{})
		run(t, s, "import os", session.OK)
		result, err := s.Run(timeout(t), "print('last words')\nos._exit(3)")
		if err != nil {
			t.Fatalf("run: %v", err)
		}
		if result.Status != session.Lost || result.Stdout != "last words\n" || result.Failure == nil || !strings.Contains(result.Failure.Value, "os._exit(3)") {
			t.Errorf("result %+v, failure %+v; events %s", result, result.Failure, describe(r.all()))
		}
	})
}
