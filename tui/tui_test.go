package tui_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/client"
)

func TestTheMainJob(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle", "connect", "Python 3.")
	s.press("def area(w, h):" + enter)
	s.press("return w * h" + enter + enter)
	s.shows("def area(w, h):", "function")
	s.press("for i in range(3):" + enter + "print('row', area(i, 10))" + enter + enter)
	s.shows("row 0", "row 10", "row 20")
	s.press("area(6, 7)" + enter)
	s.shows("42")
	s.press("area('x')" + enter)
	s.shows("TypeError", "missing 1 required positional argument")
	s.press("total = area(4, 5); names = ['ada', 'bob']" + enter)
	s.shows("total", "20", "names", "['ada', 'bob']", "list")
}

func TestLinesShowAsTheyArePrinted(t *testing.T) {
	p := newPlace(t)
	s := start(t, p, 120, 36)
	s.shows("idle")
	s.paste("import os, time\nprint('early')\nwhile not os.path.exists('/tmp/go-on'):\n    time.sleep(0.005)\nprint('late')")
	s.press(enter)
	if text := s.shows("early", "busy"); strings.Count(text, "late") > 1 {
		t.Errorf("the cell did not wait:\n%s", text)
	}
	c, err := client.New(client.Options{URL: p.url})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Write(context.Background(), p.sandboxID, "/tmp/go-on", ""); err != nil {
		t.Fatal(err)
	}
	s.until("the late line", func(text string) bool { return strings.Count(text, "late") == 2 })
	s.shows("idle")
}

func TestComingBackShowsWhatWas(t *testing.T) {
	p := newPlace(t)
	first := start(t, p, 120, 36)
	first.shows("idle")
	first.press("import math" + enter)
	first.shows("module")
	first.press("answer = 6 * 7; print('worked out')" + enter)
	first.until("the output", func(text string) bool { return strings.Count(text, "worked out") == 2 })
	first.press(ctrlD)
	first.left()

	second := start(t, p, 120, 36)
	second.shows("import math", "answer = 6 * 7", "worked out", "answer", "42", "math")
	second.press("math.floor(answer / 4)" + enter)
	second.shows("= 10")
	second.press(up + up)
	second.until("the older cell in the editor", func(text string) bool { return strings.Count(text, "answer = 6 * 7") == 2 })
}

func TestEarlierCellsThatBeginAsTypedComeBack(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press("11 + 1" + enter + "22 + 2" + enter + "11 + 3" + enter)
	s.shows("= 14")
	edits := func(code string) {
		t.Helper()
		s.until("the input "+code, func(text string) bool { return strings.Contains(text, "❯ "+code+" ") })
	}
	s.press("11" + up)
	edits("11 + 3")
	s.press(up + up) // there is no older one
	edits("11 + 1")
	s.press(down)
	edits("11 + 3")
	s.press(down + " - 9")
	edits("11 - 9")
	s.press("\x15" + up + up)
	edits("22 + 2")
	s.press("\x7f0" + up) // a changed cell is a draft of its own
	edits("22 + 0")
	s.press("\x15" + up)
	edits("11 + 1")
	s.press(down + down)
	edits("11 + 3")
}

func TestEarlierCellsAreSuggested(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press("answer = 6 * 7" + enter)
	s.shows("answer", "42")
	s.press("answer = 6")
	s.until("the suggestion", func(text string) bool { return strings.Count(text, "answer = 6 * 7") == 2 })
	s.press("\x1b[C + 1" + enter) // → takes it
	s.shows("43")
}

func TestASandboxThatLostItsVariablesSaysSo(t *testing.T) {
	p := newPlace(t)
	first := start(t, p, 120, 36)
	first.shows("idle")
	first.press("kept = 41" + enter)
	if text := first.shows("kept", "int"); strings.Contains(text, "are gone") {
		t.Errorf("a sandbox that nobody knows has lost nothing:\n%s", text)
	}
	first.press(ctrlD)
	first.left()
	if err := first.model.Session().Close(); err != nil { // or it comes back to what is destroyed
		t.Fatal(err)
	}
	c, err := client.New(client.Options{URL: p.url})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Destroy(context.Background(), p.sandboxID); err != nil {
		t.Fatal(err)
	}
	second := start(t, p, 120, 36)
	second.shows("The variables of 20", "when you were last in this sandbox")
}

func TestInterruptKeepsTheSession(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press("kept = 1" + enter)
	s.shows("kept", "idle")
	s.paste("print('spinning')\nwhile True:\n    pass")
	s.press(enter + enter) // a block ends with a blank line
	s.until("the loop", func(text string) bool { return strings.Count(text, "spinning") == 2 && strings.Contains(text, "busy") })
	s.press(ctrlC)
	s.shows("KeyboardInterrupt", "idle")
	s.press("kept + 1" + enter)
	s.shows("= 2")
}

func TestRestartIsTheWayOutOfACellThatWillNotStop(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.paste("print('stuck')\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass")
	s.press(enter + enter)
	s.until("the loop", func(text string) bool { return strings.Count(text, "stuck") == 2 && strings.Contains(text, "busy") })
	s.press(f4)
	s.shows("Restart the kernel?")
	s.press("\t" + enter)
	s.shows("started anew", "lost", "idle")
	s.press("'fresh'" + enter)
	s.shows("= 'fresh'")
}

func TestExitLeaves(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press("exit()" + enter)
	s.left()
}

func TestInputIsAskedAndAnswered(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press("name = input('your name? ')" + enter)
	s.shows("your name? ", "waiting for your input")
	s.press("Grace" + enter)
	s.shows("your name? Grace", "'Grace'", "idle")
	s.press("import getpass; key = len(getpass.getpass('key? '))" + enter)
	s.shows("key? ", "waiting for your input")
	s.press("hunter2" + enter)
	s.until("the end of the cell", func(text string) bool { return strings.Contains(text, "idle") && !strings.Contains(text, "waiting") })
	if strings.Contains(s.sent(), "hunter2") {
		t.Error("the password was shown")
	}
}

func TestThePersonAnswersWhatCellsAskAModel(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press("print('bef' + 'ore'); y = llm_query('Which year\\nis it?', model='clock'); print('aft' + 'er'); y" + enter)
	s.shows("llm_query (clock) asks: Which year", "is it?", "reply❯", "waiting for your input")
	s.press("2026" + enter)
	text := s.shows("= '2026'", "idle")
	for _, later := range []string{"before", "asks: Which", "is it?", "was answered: 2026", "after", "= '2026'"} { // in the order in which it came
		var found bool
		if _, text, found = strings.Cut(text, later); !found {
			t.Fatalf("%q is not where it belongs:\n%s", later, s.text())
		}
	}
	s.press("sorted(llm_query_batched(['b?', 'a?']))" + enter)
	s.shows("1 of 2 asks: b?", "2 of 2 asks: a?", "reply to 1 of 2❯")
	s.press("second" + enter)
	s.shows("reply to 2 of 2❯")
	s.press("first" + enter)
	s.shows("['first', 'second']", "1 of 2 was answered: second", "idle")
	s.press("llm_query('nobody?')" + enter)
	s.shows("asks: nobody?", "reply❯")
	s.press(ctrlD)
	s.shows("'Error: the person at the keyboard gave no reply'", "idle")
	s.press("llm_query('stop?')" + enter)
	s.shows("asks: stop?", "reply❯")
	s.press(ctrlC)
	s.until("the interrupt", func(text string) bool {
		return strings.Contains(text, "KeyboardInterrupt") && strings.Contains(text, "idle") && !strings.Contains(text, "reply❯")
	})
}

func TestDisplaysAreUpdatedAndOutputIsCleared(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.paste("shown = display('first', display_id='bar')\nprint('between')")
	s.press(enter)
	s.shows("'first'", "between", "idle")
	s.press("shown.update('second')" + enter)
	s.until("the update where the display stood", func(text string) bool {
		update := strings.Index(text, "= 'second'")
		return update >= 0 && update < strings.LastIndex(text, "between") && !strings.Contains(text, "= 'first'")
	})
}

func TestAConflictWithAnAgentIsShown(t *testing.T) {
	p := newPlace(t)
	s := start(t, p, 120, 36)
	s.shows("idle")
	s.press("total = 'mine'" + enter)
	s.shows("total", "'mine'", "idle")
	worker, err := client.New(client.Options{URL: p.url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(worker.Close)
	if err := worker.Write(t.Context(), p.sandboxID, "/tmp/rlm_state.json", `{"total": 7}`); err != nil {
		t.Fatal(err)
	}
	s.shows("The agent changed total", "total_age")
}

func TestTablesFollowThePanelsWidth(t *testing.T) {
	s := start(t, newPlace(t), 200, 30)
	s.shows("idle")
	s.press("import os; wide = int(os.environ['COLUMNS'])" + enter)
	s.shows("wide", "131")
	s.resize(100, 30)
	s.press("os.environ['COLUMNS']" + enter)
	s.shows("= '61'")
}

func TestHostileOutputNeverReachesTheTerminal(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.paste(`print('\x1b]52;c;cHduZWQ=\x07\x1b]0;owned\x07\x1bP0;1|dcs\x1b\\\x1b_Gapc\x1b\\\x1b[2J\x1b[Hsafe \x1b[31mred\x1b[0m')
class Evil:
    def __repr__(self): return '\x1b]0;owned\x07\x1b[2Jevil'
bad = Evil(); bad`)
	s.press(enter)
	s.shows("safe red", "evil", "idle")
	for _, sequence := range []string{"\x1b]52;", "\x1b]0;owned", "\x1bP0", "\x1b_G"} {
		if strings.Contains(s.sent(), sequence) {
			t.Errorf("%q reached the terminal", sequence)
		}
	}
}

func TestHelpComesFromTheKeyTable(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press(f1)
	s.shows("interrupt the cell", "ctrl+d", "f1")
	s.press(escape)
	s.until("no help", func(text string) bool { return !strings.Contains(text, "interrupt the cell") })
}

func TestAServerThatIsNotThereIsExplained(t *testing.T) {
	p := newPlace(t)
	p.url = "http://127.0.0.1:1"
	s := start(t, p, 120, 36)
	s.press("typed = 'before'" + enter + "also = 'this'" + enter)
	s.shows("cannot be reached", "RLM_CF_WORKER_URL")
	s.press(escape)
	s.shows("no session", "typed = 'before'", "also = 'this'")
}

func TestAFloodLeavesThePromptAlive(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.paste("for i in range(200_000): print('line', i, '.' * 48)")
	s.press(enter)
	s.shows("line 199999", "idle")
	s.press("1 + 1" + enter)
	s.shows("= 2")
}

func TestTheMouseSelectsInTheEditor(t *testing.T) {
	s := start(t, newPlace(t), 100, 30)
	s.shows("idle")
	s.press("old = 5")
	s.shows("old = 5")
	row := strings.Count(strings.Split(s.text(), "old = 5")[0], "\n") + 1
	column := strings.Index(strings.Split(s.text(), "\n")[row-1], "old")
	column = len([]rune(strings.Split(s.text(), "\n")[row-1][:column])) + 1
	s.press(fmt.Sprintf("\x1b[<0;%d;%dM\x1b[<32;%d;%dM\x1b[<0;%d;%dm", column, row, column+3, row, column+3, row))
	s.press("fresh")
	s.shows("fresh = 5")
}

func TestASuggestionIsTakenByRight(t *testing.T) {
	s := start(t, newPlace(t), 100, 30)
	s.shows("idle")
	s.press("first_long_name = 6 * 7" + enter)
	s.shows("first_long_name", "42")
	s.press("first_lo")
	s.until("the suggestion", func(text string) bool { return strings.Count(text, "first_long_name = 6 * 7") == 2 })
	s.press("\x1b[C" + " + 1" + enter)
	s.shows("first_long_name = 6 * 7 + 1", "43")
}

func TestADraftSurvivesACrash(t *testing.T) {
	p := newPlace(t)
	first := start(t, p, 100, 30)
	first.shows("idle")
	first.paste("for i in range(3):\n    keep(i)")
	files := func() []string {
		found, err := filepath.Glob(filepath.Join(p.history, "drafts", "*.py"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	first.eventually("the draft", func() bool { return len(files()) == 1 })
	if info, err := os.Stat(files()[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the draft: %v, %v", info, err)
	}
	first.program.Kill()
	<-first.done
	first.closed()

	second := start(t, p, 100, 30)
	second.shows("keep(i)")
	beside := start(t, p, 100, 30)
	beside.shows("idle")
	beside.press("mine = 1")
	beside.eventually("a draft of its own", func() bool { return len(files()) == 2 })
	beside.press(ctrlC)
	beside.eventually("that draft's end", func() bool { return len(files()) == 1 })
	second.press(ctrlC)
	second.eventually("the draft's end", func() bool { return len(files()) == 0 })
}

func TestWithoutAnEditorOneIsToldHowToNameIt(t *testing.T) {
	t.Setenv("VISUAL", "")
	t.Setenv("EDITOR", "")
	s := start(t, newPlace(t), 100, 30)
	s.shows("idle")
	t.Setenv("PATH", "")
	s.press("a = 1\x18\x05")
	s.shows("set VISUAL or EDITOR")
}
