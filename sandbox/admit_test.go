//go:build linux || darwin

package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/client"
)

func TestAdmission(t *testing.T) {
	s := serve(t, Options{Token: "secret", Isolation: None})
	const allowed = http.StatusBadRequest // the body is missing: it was looked at
	for _, c := range []struct {
		name                  string
		host, origin, bearing string
		want                  int
	}{
		{"by address", "", "", "Bearer secret", allowed},
		{"by name", "localhost:1", "", "bearer secret", allowed},
		{"by a name under it", "x.localhost", "", "BEARER secret", allowed},
		{"by IPv6", "[::1]:8787", "", "Bearer secret", allowed},
		{"from its own page", "localhost:1", "http://localhost:1", "Bearer secret", allowed},
		{"no token", "", "", "", http.StatusUnauthorized},
		{"an empty token", "", "", "Bearer ", http.StatusUnauthorized},
		{"a wrong token", "", "", "Bearer secret2", http.StatusUnauthorized},
		{"another scheme", "", "", "Basic secret", http.StatusUnauthorized},
		{"a rebound name", "evil.example", "", "Bearer secret", http.StatusForbidden},
		{"a name that pretends", "localhost.evil.example", "", "Bearer secret", http.StatusForbidden},
		{"another address", "192.0.2.1", "", "Bearer secret", http.StatusForbidden},
		{"a foreign page", "", "https://evil.example", "Bearer secret", http.StatusForbidden},
		{"a page without an origin", "", "null", "Bearer secret", http.StatusForbidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+client.PathExec, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			if c.host != "" {
				request.Host = c.host
			}
			for name, value := range map[string]string{"Origin": c.origin, "Authorization": c.bearing} {
				if value != "" {
					request.Header.Set(name, value)
				}
			}
			response, err := s.client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			var body client.ErrorResponse
			if err := json.NewDecoder(response.Body).Decode(&body); err != nil || body.Error == "" || response.StatusCode != c.want {
				t.Errorf("got %d %+v (%v), want %d", response.StatusCode, body, err, c.want)
			}
		})
	}
	if n := s.Sandboxes(); n != 0 {
		t.Errorf("refused requests made %d sandboxes", n)
	}
}

// A unix socket is guarded by its file, and has no host to name.
func TestAnyHostOverUnix(t *testing.T) {
	s := serve(t, Options{Isolation: None})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://anything"+client.PathList, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := s.overUnix().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %d", response.StatusCode)
	}
}

func TestTheTokenStaysOutside(t *testing.T) {
	s := serve(t, Options{Token: "secret"})
	const listen = `
import socket
server = socket.create_server(("127.0.0.1", 0))
open("/tmp/port.new", "w").write(str(server.getsockname()[1]))
import os; os.rename("/tmp/port.new", "/tmp/port")
open("/tmp/head", "wb").write(server.accept()[0].recv(65536))
`
	authorized := *s
	authorized.client = &http.Client{Transport: withToken{s.client.Transport}}
	authorized.output("a", "python3 -c "+quote(listen)+" >/dev/null 2>&1 </dev/null &")
	var port string
	eventually(t, "the program in the sandbox listens", func() bool {
		_, reply, _ := authorized.get("a", "/tmp/port")
		port = reply.Content
		return port != ""
	})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+client.PathConnect+"?sandbox_id=a&port="+port, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Cookie": "secret=1"} {
		request.Header.Set(name, value)
	}
	response, err := authorized.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusBadGateway {
		t.Errorf("a server that hangs up: %d", response.StatusCode)
	}
	if head := authorized.output("a", "cat /tmp/head"); strings.Contains(head, "secret") || !strings.Contains(head, "Upgrade: websocket") {
		t.Errorf("the program saw %q", head)
	}
}

// withToken sends the token with each request.
type withToken struct{ http.RoundTripper }

func (w withToken) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer secret")
	return w.RoundTripper.RoundTrip(r)
}
