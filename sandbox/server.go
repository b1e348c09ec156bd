package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
)

// Isolation says what keeps a sandbox apart from the host and from other sandboxes.
type Isolation int

const (
	// Namespaces gives each sandbox its own root, users and processes (Linux).
	Namespaces Isolation = iota
	// None gives each sandbox folders of its own and nothing else: its commands can
	// do whatever the user who runs the server can.
	None
)

// ErrIsolation says that sandboxes are kept apart in another way than the one asked for.
var ErrIsolation = errors.New("the sandboxes here are isolated in another way")

// String is the word that --isolation takes.
func (i Isolation) String() string {
	if i == None {
		return "none"
	}
	return "namespaces"
}

// ParseIsolation is the inverse of [Isolation.String].
func ParseIsolation(word string) (Isolation, error) {
	for _, i := range []Isolation{Namespaces, None} {
		if word == i.String() {
			return i, nil
		}
	}
	return 0, fmt.Errorf("unknown isolation %q: it is namespaces or none", word)
}

// Options are what a Server needs to know. The zero value serves without a token, isolated, from [DefaultStateDir].
type Options struct {
	StateDir  string    // the sandboxes' folders and sockets; made 0700; "" is DefaultStateDir()
	Python    string    // what sandboxes get as python3; "" is the python3 of PATH
	Isolation Isolation // what keeps sandboxes apart
	Token     string    // the bearer token that requests must carry; "" lets any in
	Version   string    // named by /health
	Log       *slog.Logger
}

// Server answers the Worker API. It holds its state folder alone: a second Server on the same folder is refused.
type Server struct {
	options Options
	lock    *os.File
	boxes   *boxes
	mux     *http.ServeMux
}

// New takes over the state folder, with the sandboxes that are still alive in it; one of another isolation is an [ErrIsolation].
func New(options Options) (*Server, error) {
	if options.StateDir == "" {
		options.StateDir = DefaultStateDir()
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := filepath.Abs(options.StateDir)
	if err != nil {
		return nil, fmt.Errorf("find the state folder: %w", err)
	}
	options.StateDir = dir
	lock, err := lockStateDir(dir)
	if err != nil {
		return nil, err
	}
	pythons := &interpreters{stateDir: dir}
	python, err := pythons.find(options.Python)
	if err == nil {
		err = checkIsolation(options.Isolation, python)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	launch := launcher{isolation: options.Isolation, python: python, others: pythons}
	boxes, err := openBoxes(filepath.Join(dir, "sandboxes"), launch, options.Log)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	server := &Server{options: options, lock: lock, boxes: boxes}
	if id, found := boxes.ofOther(options.Isolation); found {
		err := fmt.Errorf("%w: an earlier server left sandbox %q in %s, which was not made with --isolation %s: %s",
			ErrIsolation, id, dir, options.Isolation, isolationAdvice(dir))
		return nil, errors.Join(err, server.Close())
	}
	server.mux = server.routes()
	return server, nil
}

// Close lets go of the state folder and leaves the sandboxes alive.
func (s *Server) Close() error {
	s.boxes.release()
	return s.lock.Close()
}

// DestroyAll ends every sandbox and removes its files.
func (s *Server) DestroyAll(ctx context.Context) error { return s.boxes.destroyAll(ctx) }

// Sandboxes is the number of sandboxes that are alive.
func (s *Server) Sandboxes() int { return s.boxes.count() }

// ServeHTTP answers one request of the Worker API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if refused := s.admit(r); refused != nil {
		refused.write(w)
		return
	}
	s.mux.ServeHTTP(w, r)
}
