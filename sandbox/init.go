//go:build linux || darwin

package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sandrepl/sandrepl/client"
)

// The stages of an init: it sets its namespaces up, then executes itself to serve in them.
const (
	stageSetUp = "set-up"
	stageServe = "serve"
)

// InitMain must be the first call of main, and of TestMain: where this process
// was executed as a sandbox's init it runs that and does not return.
func InitMain() {
	if len(os.Args) != 2 || os.Args[0] != initName {
		return
	}
	ready := os.NewFile(readyFD, "ready")
	if err := runInit(os.Args[1], ready); err != nil {
		_, _ = fmt.Fprintf(ready, "set up the sandbox: %v", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func runInit(stage string, ready *os.File) error {
	config, err := readConfig()
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	closeInherited(firstTreeFD + config.Root.opened())
	switch stage {
	case stageSetUp:
		return setUp(config)
	case stageServe:
		return serveInit(config, ready)
	}
	return fmt.Errorf("unknown stage %q", stage)
}

// readConfig leaves the descriptor open, for the next stage to read again.
func readConfig() (config initConfig, err error) {
	fd, err := unix.FcntlInt(configFD, unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return config, err
	}
	file := os.NewFile(uintptr(fd), "configuration")
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return config, err
	}
	return config, json.NewDecoder(file).Decode(&config)
}

// initServer is the init at work: it answers the requests that the server passes on.
type initServer struct {
	config initConfig
	spawn  *spawner
	shell  string
}

func serveInit(config initConfig, ready *os.File) error {
	// Every signal gets a handler, or a program of the sandbox could end its own init.
	signals := make(chan os.Signal, 64)
	signal.Notify(signals)
	if err := becomeInit(config.Isolated); err != nil {
		return err
	}
	syscall.Umask(0o022)
	if err := os.Chdir(config.Workspace); err != nil {
		return fmt.Errorf("enter the workspace: %w", err)
	}
	for fd := configFD; fd <= readyFD; fd++ {
		unix.CloseOnExec(fd) // commands have none of them
	}
	inherited := os.NewFile(listenerFD, "listener")
	listener, err := net.FileListener(inherited)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	_ = inherited.Close()
	s := &initServer{config: config, spawn: newSpawner(), shell: findShell()}
	go s.mind(signals)
	if _, err := io.WriteString(ready, readyWord); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	_ = ready.Close()
	return http.Serve(listener, s.routes()) //nolint:gosec // no timeouts: the peer is our server, and its lease waits for ever
}

// mind takes signals until the server asks for the end.
func (s *initServer) mind(signals <-chan os.Signal) {
	for received := range signals {
		switch received {
		case syscall.SIGCHLD:
			s.spawn.reap()
		case syscall.SIGTERM:
			if !s.config.Isolated { // an isolated init is ended by SIGKILL, from outside; this came from inside
				s.spawn.killAll()
				os.Exit(0)
			}
		}
	}
}

func (s *initServer) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+client.PathExec, s.exec)
	mux.HandleFunc("POST "+client.PathWrite, s.write)
	mux.HandleFunc("GET "+client.PathRead, s.read)
	mux.HandleFunc("GET "+client.PathSandboxHealth, s.health)
	mux.HandleFunc("GET "+client.PathConnect, s.connect)
	mux.HandleFunc("GET "+pathProcesses, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, s.spawn.count(s.config.Isolated))
	})
	return mux
}

func (s *initServer) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 30*time.Second)
	defer cancel()
	result, err := s.run(ctx, "python3 --version")
	if err == nil && result.ExitCode != 0 {
		err = errors.New("python3 --version exited with " + strconv.Itoa(result.ExitCode) + ": " + result.Stderr)
	}
	if err != nil {
		refuse(http.StatusInternalServerError, "the sandbox's Python does not run: %v", err).unhealthy().write(w)
		return
	}
	reply(w, http.StatusOK, client.SandboxHealth{Status: "healthy", Python: firstLine(result.Stdout)})
}

func firstLine(text string) string {
	for i, r := range text {
		if r == '\n' {
			return text[:i]
		}
	}
	return text
}
