package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sandrepl/sandrepl/client"
)

// maxBody leaves room for 32 MiB of content and the JSON around it.
const maxBody = 34 << 20

var endpoints = []string{
	"GET " + client.PathHealth, "POST " + client.PathExec, "POST " + client.PathWrite, "GET " + client.PathRead,
	"GET " + client.PathSandboxHealth, "GET " + client.PathConnect, "GET " + client.PathList, "DELETE " + client.PathDestroy,
}

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.health)
	mux.HandleFunc("GET "+client.PathHealth, s.health)
	mux.HandleFunc("POST "+client.PathExec, s.exec)
	mux.HandleFunc("POST "+client.PathWrite, s.write)
	mux.HandleFunc("GET "+client.PathRead, s.read)
	mux.HandleFunc("GET "+client.PathSandboxHealth, s.sandboxHealth)
	mux.HandleFunc("GET "+client.PathConnect, s.connect)
	mux.HandleFunc("GET "+client.PathList, s.list)
	mux.HandleFunc("DELETE "+client.PathDestroy, s.destroy)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusNotFound, client.ErrorResponse{Error: "Not found", Endpoints: endpoints})
	})
	return mux
}

func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, client.Health{
		Status: "ok", Service: "rlm-sandbox", Timestamp: time.Now().UnixMilli(), Version: s.options.Version,
		Isolation: s.options.Isolation.String(), Features: []string{client.FeatureConnect, client.FeatureList, client.FeatureDestroy, client.FeatureExisting},
	})
}

func (s *Server) exec(w http.ResponseWriter, r *http.Request) {
	var request client.ExecRequest
	body, refused := readBody(w, r, &request)
	if refused == nil {
		refused = validID(request.SandboxID)
	}
	if refused == nil {
		refused = required("command", request.Command)
	}
	if refused != nil {
		refused.write(w)
		return
	}
	s.forward(w, r, request.SandboxID, body, (*refusal).asIs)
}

func (s *Server) write(w http.ResponseWriter, r *http.Request) {
	var request client.WriteRequest
	body, refused := readBody(w, r, &request)
	if refused == nil {
		refused = validID(request.SandboxID)
	}
	if refused == nil {
		refused = required("path", request.Path)
	}
	if refused == nil && request.Content == nil {
		refused = refuse(http.StatusBadRequest, "content is missing: send it as a string (an empty one makes an empty file)")
	}
	if refused != nil {
		refused.unsuccessful().write(w)
		return
	}
	s.forward(w, r, request.SandboxID, body, (*refusal).unsuccessful)
}

func (s *Server) read(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	id := query.Get("sandbox_id")
	refused := validID(id)
	if refused == nil {
		refused = required("path", query.Get("path"))
	}
	if refused != nil {
		refused.unread().write(w)
		return
	}
	s.forward(w, r, id, nil, (*refusal).unread)
}

func (s *Server) sandboxHealth(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("sandbox_id")
	if id == "" {
		id = client.DefaultSandboxID
	}
	if refused := validID(id); refused != nil {
		refused.write(w)
		return
	}
	s.forward(w, r, id, nil, (*refusal).unhealthy)
}

// connect checks for the upgrade before anything else, so that a plain request never reaches a sandbox.
func (s *Server) connect(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	id := query.Get("sandbox_id")
	if !upgrades(r) {
		w.Header().Set("Upgrade", "websocket")
		refuse(http.StatusUpgradeRequired, "this endpoint speaks WebSocket only: connect with an Upgrade: websocket header").write(w)
		return
	}
	refused := validID(id)
	if refused == nil {
		refused = validPort(query.Get("port"))
	}
	if refused != nil {
		refused.write(w)
		return
	}
	s.forward(w, r, id, nil, (*refusal).asIs)
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	reply(w, http.StatusOK, client.ListResponse{Sandboxes: s.boxes.list(r.Context())})
}

func (s *Server) destroy(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("sandbox_id")
	if refused := validID(id); refused != nil {
		refused.unsuccessful().write(w)
		return
	}
	if err := s.boxes.destroy(r.Context(), id); err != nil {
		refuse(http.StatusInternalServerError, "destroy sandbox %q: %v", id, err).unsuccessful().write(w)
		return
	}
	reply(w, http.StatusOK, client.DestroyResponse{Success: true})
}

// forward hands the request to the sandbox's init, which answers it; shape fits our own errors to the endpoint.
func (s *Server) forward(w http.ResponseWriter, r *http.Request, id string, body []byte, shape func(*refusal) *refusal) {
	box, err := s.boxes.use(r.Context(), id, wished(r))
	if errors.Is(err, errNoSandbox) {
		shape(refuse(http.StatusPreconditionFailed, "no sandbox %q is here; without If-Match one is made", id)).write(w)
		return
	}
	if errors.Is(err, errNoPython) {
		shape(refuse(http.StatusBadRequest, "start sandbox %q: %v", id, err)).write(w)
		return
	}
	if err != nil {
		s.options.Log.Error("sandbox not started", "sandbox", id, "error", err)
		shape(refuse(http.StatusInternalServerError, "start sandbox %q: %v", id, err)).write(w)
		return
	}
	if body != nil {
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	box.forward(w, r, shape)
}

// wished reads what a request's head asks of its sandbox. Only this machine's user names a program that is run outside of one.
func wished(r *http.Request) wish {
	w := wish{existing: r.Header.Get("If-Match") == "*"}
	if !overNetwork(r) {
		w.python = r.Header.Get(client.HeaderPython)
	}
	return w
}

func (f *refusal) asIs() *refusal { return f }

// unhealthy adds what clients of /sandbox/health look for.
func (f *refusal) unhealthy() *refusal {
	f.body.Status = "unhealthy"
	return f
}

// readBody reads a request's JSON into v and gives its bytes too, to be passed on.
func readBody(w http.ResponseWriter, r *http.Request, v any) ([]byte, *refusal) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, refuse(http.StatusRequestEntityTooLarge, "the request is larger than %d MiB: send it in parts", maxBody>>20)
	case err != nil:
		return nil, refuse(http.StatusBadRequest, "the request's body broke off: %v", err)
	case !utf8.Valid(body):
		return nil, refuse(http.StatusBadRequest, "the request is not UTF-8: send bytes that are not text in base64")
	}
	if err := json.Unmarshal(body, v); err != nil {
		return nil, refuse(http.StatusBadRequest, "the request is not the JSON that this endpoint takes: %v", err)
	}
	return body, nil
}

func validID(id string) *refusal {
	if id == "" {
		return refuse(http.StatusBadRequest, "sandbox_id is missing: %s", client.IDRule)
	}
	if err := client.ValidateSandboxID(id); err != nil {
		return refuse(http.StatusBadRequest, "%v", err)
	}
	return nil
}

func required(field, value string) *refusal {
	if value == "" {
		return refuse(http.StatusBadRequest, "%s is missing or empty", field)
	}
	if strings.ContainsRune(value, 0) {
		return refuse(http.StatusBadRequest, "%s holds a NUL character, which no %s can", field, field)
	}
	return nil
}

func validPort(text string) *refusal {
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port < 1024 || port == 3000 {
		return refuse(http.StatusBadRequest, "the port %q is not one that a sandbox may serve on: 1024 to 65535 except 3000", text)
	}
	return nil
}

func upgrades(r *http.Request) bool { return strings.EqualFold(r.Header.Get("Upgrade"), "websocket") }
