package contract

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// The suite is only worth what it refuses.
func TestProblemsAreSeen(t *testing.T) {
	const want = `{"status": 200, "body": {"stdout": "x\n", "exitCode": 0, "python": "Python 3.11", "list": ["a"], "n": 1},
		"loose": {"python": {"regex": "^Python 3"}, "list": {"has": ["a", "b"]}, "n": {"type": "number"}},
		"headers": {"X-Name": "^v"}}`
	const good = `{"stdout": "x\n", "exitCode": 0, "python": "Python 3.9", "list": ["c", "b", "a"], "n": 7, "extra": null}`
	for _, test := range []struct {
		name, body, kind, header string
		status                   int
		says                     string // "" for no problem
	}{
		{"good", good, "application/json; charset=utf-8", "value", 200, ""},
		{"status", good, "application/json", "value", 500, "status 500, want 200"},
		{"content type", good, "text/plain", "value", 200, "application/json"},
		{"header", good, "application/json", "other", 200, "X-Name"},
		{"no JSON", "hello", "application/json", "value", 200, "no JSON object"},
		{"no UTF-8", strings.Replace(good, "x", "\xff", 1), "application/json", "value", 200, "not UTF-8"},
		{"value", strings.Replace(good, "x", "y", 1), "application/json", "value", 200, `"stdout" is`},
		{"type of value", strings.Replace(good, ": 0", `: "0"`, 1), "application/json", "value", 200, `"exitCode" is`},
		{"missing", strings.Replace(good, "exitCode", "exit_code", 1), "application/json", "value", 200, `"exitCode" is missing`},
		{"regex", strings.Replace(good, "Python 3", "Perl 5", 1), "application/json", "value", 200, `"python"`},
		{"list", strings.Replace(good, `"a"`, `"d"`, 1), "application/json", "value", 200, `lacks "a"`},
		{"loose type", strings.Replace(good, `: 7`, `: "7"`, 1), "application/json", "value", 200, "is no number"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var r response
			if err := json.Unmarshal([]byte(want), &r); err != nil {
				t.Fatal(err)
			}
			header := http.Header{"Content-Type": {test.kind}, "X-Name": {test.header}}
			got := strings.Join(r.problems(answer{test.status, header, []byte(test.body)}), "\n")
			if (got == "") != (test.says == "") || !strings.Contains(got, test.says) {
				t.Errorf("problems: %q, want %q", got, test.says)
			}
		})
	}
}
