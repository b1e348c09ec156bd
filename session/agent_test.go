package session_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/session"
)

// agentScript is what an agent's client writes for each of its cells.
const agentScript = `import base64, contextlib, io, json, os, traceback
code = base64.b64decode("CODE").decode()
state, names = "/tmp/rlm_state.json", {}
if os.path.exists(state):
    names = json.load(open(state))
out, err = io.StringIO(), io.StringIO()
with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
    try:
        exec(code, names)
    except Exception:
        traceback.print_exc()
def kept(value):
    try:
        json.dumps(value)
        return value
    except (TypeError, ValueError):
        return repr(value)
mine = {name: value for name, value in names.items() if not name.startswith("_")}
with open(state, "w") as file:
    json.dump({name: kept(value) for name, value in mine.items()}, file)
print(json.dumps({"stdout": out.getvalue(), "stderr": err.getvalue(), "locals": {name: repr(mine[name]) for name in mine}}))
`

// agentCell is the last line that a cell's process prints.
type agentCell struct{ Stdout, Stderr string }

// anAgent is a client of another program in the same sandbox: its requests are as that program sends them.
type anAgent struct{ url, sandbox string }

func (a anAgent) post(t *testing.T, path string, body map[string]string, into any) {
	t.Helper()
	body["sandbox_id"] = a.sandbox
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(timeout(t), http.MethodPost, a.url+path, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer ")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v: %s", path, response.Status, err, answer)
	}
	if err := json.Unmarshal(answer, into); err != nil {
		t.Fatalf("%s: %v: %s", path, err, answer)
	}
}

// run runs a cell of the agent's: it writes the script, then runs it.
func (a anAgent) run(t *testing.T, code string) agentCell {
	t.Helper()
	script := strings.Replace(agentScript, "CODE", base64.StdEncoding.EncodeToString([]byte(code)), 1)
	var written struct{ Success bool }
	a.post(t, "/sandbox/write", map[string]string{"path": "/tmp/rlm_exec.py", "content": script}, &written)
	var ran struct{ Stdout, Stderr string }
	a.post(t, "/sandbox/exec", map[string]string{"command": "python3 /tmp/rlm_exec.py"}, &ran)
	lines := strings.Split(strings.TrimSpace(ran.Stdout), "\n")
	var cell agentCell
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &cell); err != nil || !written.Success {
		t.Fatalf("the agent's cell %q: %v: %+v", code, err, ran)
	}
	return cell
}

// told waits for all events of the agent's cell with that code.
func (r *recorder) told(t *testing.T, code string) []session.Event {
	t.Helper()
	input := r.wait(t, "cell of the agent's", is(func(in session.Input) bool { return in.Code == code && in.Author == "agent" }))
	r.wait(t, "the agent's variables", func(e session.Event) bool {
		_, ok := e.Body.(session.LocalsChange)
		return ok && e.Cell == input.Cell
	})
	return slices.DeleteFunc(r.all(), func(e session.Event) bool { return e.Cell != input.Cell })
}

func conflicts(events []session.Event) string {
	var found []string
	for _, e := range events {
		if c, ok := e.Body.(session.Conflict); ok {
			found = append(found, c.Name+" as "+c.Kept)
		}
	}
	return strings.Join(found, ", ")
}

func TestAnAgentWorksBesideUs(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, r := open(t, w, session.Options{})
		run(t, s, "'the kernel is there'", session.OK)
		agent := anAgent{w.url, s.Info().SandboxID}

		agent.run(t, "import math\ntotal, words = 12, ['a']")
		events := r.told(t, "import math\ntotal, words = 12, ['a']")
		if reply, ok := events[1].Body.(session.Reply); !ok || reply.Status != session.OK || reply.Duration <= 0 {
			t.Errorf("the agent's cell ended so: %+v", events[1].Body)
		}
		if got := run(t, s, "total, words, math[:7]", session.OK).Value; got != "(12, ['a'], '<module')" {
			t.Errorf("after the agent's first cell: %s", got)
		}

		run(t, s, "import math\ntotal = 'ours'", session.OK)
		agent.run(t, "total += 1\nwords.append('b')")
		if got := conflicts(r.told(t, "total += 1\nwords.append('b')")); got != "total as total_agent" {
			t.Errorf("conflicts: %q", got)
		}
		if got := run(t, s, "total, total_agent, words, math.floor(1.5)", session.OK).Value; got != "('ours', 13, ['a', 'b'], 1)" {
			t.Errorf("after the agent's second cell: %s", got)
		}

		run(t, s, "table = {'rows': [1, 2]}\n%push total table", session.OK)
		if got := agent.run(t, "print(total, table['rows'])\ntable['rows'].append(3)"); got.Stdout != "ours [1, 2]\n" || got.Stderr != "" {
			t.Errorf("the agent's third cell has %+v", got)
		}
		if got := conflicts(r.told(t, "print(total, table['rows'])\ntable['rows'].append(3)")); got != "" {
			t.Errorf("conflicts: %q", got)
		}
		if got := run(t, s, "total, table", session.OK).Value; got != "('ours', {'rows': [1, 2, 3]})" {
			t.Errorf("after the agent's third cell: %s", got)
		}
	})
}

// TestAnAgentsCellAndOursRunAtOnce has each side in the middle of a cell when the other changes something.
func TestAnAgentsCellAndOursRunAtOnce(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, r := open(t, w, session.Options{})
		run(t, s, "'the kernel is there'", session.OK)
		agent := anAgent{w.url, s.Info().SandboxID}
		agent.run(t, "shared = other = 'first'")
		r.told(t, "shared = other = 'first'")

		ours, err := s.Execute("input()\nprint('still', other)")
		if err != nil {
			t.Fatal(err)
		}
		r.wait(t, "question", is(func(session.InputRequest) bool { return true }))
		agent.run(t, "other = 'second'")
		input := r.wait(t, "agent's cell while ours runs", is(func(in session.Input) bool { return in.Code == "other = 'second'" }))
		if err := s.Reply(""); err != nil {
			t.Fatal(err)
		}
		r.wait(t, "what our cell has", printed("still first\n"))
		if events := r.told(t, input.Body.(session.Input).Code); conflicts(events) != "" {
			t.Errorf("conflicts: %s", describe(events))
		}
		if got := run(t, s, "other", session.OK).Value; got != "'second'" {
			t.Errorf("other is %s (cell %s)", got, ours)
		}

		const long = "import os, time\nopen('/tmp/in', 'w').close()\nwhile not os.path.exists('/tmp/out'): time.sleep(0.005)\nother = 'third'"
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			agent.run(t, long)
		}()
		run(t, s, "import os, time\nwhile not os.path.exists('/tmp/in'): time.sleep(0.005)\nshared = 'pushed'\n%push shared\nopen('/tmp/out', 'w').close()", session.OK)
		<-ended
		if got := conflicts(r.told(t, long)); got != "" {
			t.Errorf("conflicts: %q", got)
		}
		run(t, s, "import json, time\nwhile True:\n    try:\n        if json.load(open('/tmp/rlm_state.json'))['shared'] == 'pushed': break\n    except ValueError: pass\n    time.sleep(0.005)", session.OK)
		if got := agent.run(t, "print(shared, other)"); got.Stdout != "pushed third\n" {
			t.Errorf("the agent has %+v", got)
		}
		if got := run(t, s, "shared, other", session.OK).Value; got != "('pushed', 'third')" {
			t.Errorf("we have %s", got)
		}
	})
}
