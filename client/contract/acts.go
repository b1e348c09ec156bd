package contract

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/client"
)

// post sends v and decodes a 200 into out.
func (s Server) post(t *testing.T, path string, v, out any) {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	s.expect(t, request{Method: http.MethodPost, Path: path, Body: body}, out)
}

func (s Server) get(t *testing.T, path string, query url.Values, out any) {
	t.Helper()
	s.expect(t, request{Method: http.MethodGet, Path: path, Query: query.Encode()}, out)
}

func (s Server) expect(t *testing.T, r request, out any) {
	t.Helper()
	got := s.send(t, r, strings.NewReplacer()) // data is sent as it is
	if got.status != http.StatusOK {
		t.Fatalf("%s %s: %v", r.Method, r.Path, got)
	}
	if err := json.Unmarshal(got.body, out); err != nil {
		t.Fatalf("%s %s: %v: %v", r.Method, r.Path, err, got)
	}
}

func (s Server) exec(t *testing.T, id, command string) client.ExecResponse {
	t.Helper()
	var r client.ExecResponse
	s.post(t, client.PathExec, client.ExecRequest{SandboxID: id, Command: command}, &r)
	return r
}

// run is an exec that must succeed; it returns what was printed.
func (s Server) run(t *testing.T, id, command string) string {
	t.Helper()
	r := s.exec(t, id, command)
	if !r.Success || r.ExitCode != 0 {
		t.Fatalf("%s: exit %d: %s", command[:min(len(command), 100)], r.ExitCode, r.Stderr)
	}
	return r.Stdout
}

func (s Server) write(t *testing.T, id, path, content string) {
	t.Helper()
	var r client.WriteResponse
	s.post(t, client.PathWrite, client.WriteRequest{SandboxID: id, Path: path, Content: &content}, &r)
	if !r.Success {
		t.Fatalf("write %s: no success", path)
	}
}

func (s Server) read(t *testing.T, id, path string) string {
	t.Helper()
	var r client.ReadResponse
	s.get(t, client.PathRead, url.Values{"sandbox_id": {id}, "path": {path}}, &r)
	return r.Content
}

func (s Server) list(t *testing.T) map[string]client.SandboxInfo {
	t.Helper()
	var r client.ListResponse
	s.get(t, client.PathList, nil, &r)
	infos := map[string]client.SandboxInfo{}
	for _, info := range r.Sandboxes {
		infos[info.ID] = info
	}
	return infos
}
