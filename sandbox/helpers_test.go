package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/sandrepl/sandrepl/client"
)

// service is a Server on loopback, and how tests speak to it.
type service struct {
	*Server
	url    string
	token  string // "" sends none
	client *http.Client
	t      testing.TB
}

func serve(t testing.TB, options Options) *service {
	t.Helper()
	if options.StateDir == "" {
		options.StateDir = t.TempDir()
	}
	server, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(server)
	t.Cleanup(func() {
		front.Close()
		if err := server.DestroyAll(context.Background()); err != nil {
			t.Error(err)
		}
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return &service{Server: server, url: front.URL, client: front.Client(), t: t}
}

// call sends a request and gives the reply's status and body.
func (s *service) call(method, path string, body any) (int, []byte) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, s.url+path, content)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.token != "" {
		request.Header.Set("Authorization", "Bearer "+s.token)
	}
	response, err := s.client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	reply, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, reply
}

// run executes a command and gives what it did.
func (s *service) run(id, command string) client.ExecResponse {
	s.t.Helper()
	status, body := s.call(http.MethodPost, client.PathExec, client.ExecRequest{SandboxID: id, Command: command})
	if status != http.StatusOK {
		s.t.Fatalf("exec %.200q: %d %s", command, status, body)
	}
	var response client.ExecResponse
	if err := json.Unmarshal(body, &response); err != nil {
		s.t.Fatal(err)
	}
	return response
}

// output is the stdout of a command that must succeed.
func (s *service) output(id, command string) string {
	s.t.Helper()
	response := s.run(id, command)
	if !response.Success {
		s.t.Fatalf("exec %.200q: exit %d, stdout %.500q, stderr %.500q", command, response.ExitCode, response.Stdout, response.Stderr)
	}
	return response.Stdout
}

func (s *service) put(id, path, content string) (int, []byte) {
	s.t.Helper()
	return s.call(http.MethodPost, client.PathWrite, client.WriteRequest{SandboxID: id, Path: path, Content: &content})
}

func (s *service) get(id, path string) (int, client.ReadResponse, string) {
	s.t.Helper()
	status, body := s.call(http.MethodGet, client.PathRead+"?"+url.Values{"sandbox_id": {id}, "path": {path}}.Encode(), nil)
	var reply struct {
		client.ReadResponse
		Error string `json:"error"`
	}
	if err := json.Unmarshal(body, &reply); err != nil {
		s.t.Fatalf("read %s: %d %s", path, status, body)
	}
	return status, reply.ReadResponse, reply.Error
}

func (s *service) list() []client.SandboxInfo {
	s.t.Helper()
	status, body := s.call(http.MethodGet, client.PathList, nil)
	var reply client.ListResponse
	if err := json.Unmarshal(body, &reply); err != nil || status != http.StatusOK {
		s.t.Fatalf("list: %d %s", status, body)
	}
	return reply.Sandboxes
}

func (s *service) destroy(id string) {
	s.t.Helper()
	if status, body := s.call(http.MethodDelete, client.PathDestroy+"?sandbox_id="+url.QueryEscape(id), nil); status != http.StatusOK {
		s.t.Fatalf("destroy %s: %d %s", id, status, body)
	}
}
