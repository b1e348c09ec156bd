package contract

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/sandrepl/sandrepl/client/testdata/wire"
)

// exchange is one case of a story; its format is described beside the stories.
type exchange struct {
	Name     string
	When     []string
	Request  request
	Response response
}

type request struct {
	Method  string
	Path    string
	Query   string
	Headers map[string]*string
	Body    json.RawMessage
	Raw     *string
	Base64  *string
}

type response struct {
	Status  int
	Headers map[string]string
	Body    map[string]any
	Loose   map[string]matcher
}

type matcher struct {
	Type     string
	Regex    string
	Contains string
	Has      []any
}

func stories(t *testing.T, s Server) {
	names, err := fs.Glob(wire.Files, "*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(name, ".json"), func(t *testing.T) { story(t, s, name) })
	}
}

func story(t *testing.T, s Server, name string) {
	b, err := wire.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var cases []exchange
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&cases); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	fill := s.placeholders(t)
	for _, c := range cases {
		if !s.is(c.When) {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			got := s.send(t, c.Request, fill)
			for _, problem := range c.Response.problems(got) {
				t.Error(problem)
			}
		})
	}
}

func (s Server) is(when []string) bool {
	kinds := map[string]bool{"token": s.Token != "", "open": s.Token == "", "ours": s.Ours, "list": s.Lists}
	return !slices.ContainsFunc(when, func(k string) bool { return !kinds[k] })
}

// placeholders makes two fresh sandboxes, destroyed at the test's end where the server can.
func (s Server) placeholders(t *testing.T) *strings.Replacer {
	return strings.NewReplacer("$SANDBOX", s.sandbox(t), "$OTHER", s.sandbox(t), "$TOKEN", s.Token)
}

// sandbox names one that does not exist yet.
func (s Server) sandbox(t *testing.T) string {
	id := "contract-" + uuid.NewString()
	if s.Ours {
		t.Cleanup(func() {
			got := s.send(t, request{Method: "DELETE", Path: "/sandbox", Query: "sandbox_id=" + id}, strings.NewReplacer("$TOKEN", s.Token))
			if got.status != http.StatusOK {
				t.Errorf("destroying %s: %v", id, got)
			}
		})
	}
	return id
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) String() string {
	return fmt.Sprintf("%d %s", a.status, a.body[:min(len(a.body), 500)])
}

// send makes the request as it is written, once.
func (s Server) send(t *testing.T, r request, fill *strings.Replacer) answer {
	t.Helper()
	body, err := r.payload(fill)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(bounded(t), r.Method, s.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.URL.Path += r.Path
	req.URL.RawQuery = fill.Replace(r.Query)
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	if s.Token != "" {
		req.Header.Set("Authorization", "Bearer "+s.Token)
	}
	for name, value := range r.Headers {
		req.Header.Del(name)
		if value != nil {
			req.Header.Set(name, fill.Replace(*value))
		}
	}
	resp, err := s.HTTPClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, got}
}

func (r request) payload(fill *strings.Replacer) ([]byte, error) {
	switch {
	case r.Raw != nil:
		return []byte(fill.Replace(*r.Raw)), nil
	case r.Base64 != nil:
		return base64.StdEncoding.DecodeString(*r.Base64)
	}
	return []byte(fill.Replace(string(r.Body))), nil
}

// problems says in what the answer differs from what was expected.
func (want response) problems(got answer) (problems []string) {
	say := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if got.status != want.Status {
		say("status %d, want %d: %v", got.status, want.Status, got)
		return problems
	}
	for name, pattern := range want.Headers {
		if v := got.header.Get(name); !regexp.MustCompile(pattern).MatchString(v) {
			say("%s: %q, want %s", name, v, pattern)
		}
	}
	if kind, _, _ := mime.ParseMediaType(got.header.Get("Content-Type")); kind != "application/json" {
		say("Content-Type: %q, want application/json", got.header.Get("Content-Type"))
	}
	if !utf8.Valid(got.body) {
		say("the body is not UTF-8")
	}
	var body map[string]any
	if err := json.Unmarshal(got.body, &body); err != nil {
		say("the body is no JSON object: %v: %v", err, got)
		return problems
	}
	for field, example := range want.Body {
		value, ok := body[field]
		loose, isLoose := want.Loose[field]
		switch {
		case !ok:
			say("%q is missing: %v", field, got)
		case isLoose:
			if why := loose.problem(value); why != "" {
				say("%q: %s", field, why)
			}
		case !reflect.DeepEqual(value, example):
			say("%q is %#v, want %#v", field, value, example)
		}
	}
	return problems
}

func (m matcher) problem(value any) string {
	kinds := map[string]any{"string": "", "number": 0.0, "boolean": false, "array": []any{}}
	if m.Type != "" && reflect.TypeOf(kinds[m.Type]) != reflect.TypeOf(value) {
		return fmt.Sprintf("%#v is no %s", value, m.Type)
	}
	if m.Regex != "" || m.Contains != "" {
		text, ok := value.(string)
		if !ok || !regexp.MustCompile(m.Regex).MatchString(text) || !strings.Contains(text, m.Contains) {
			return fmt.Sprintf("%#v does not match %s%s", value, m.Regex, m.Contains)
		}
	}
	for _, item := range m.Has {
		list, ok := value.([]any)
		if !ok || !slices.Contains(list, item) {
			return fmt.Sprintf("%#v lacks %#v", value, item)
		}
	}
	return ""
}
