//go:build linux || darwin

package sandbox

import (
	"os"
	"runtime"
	"sync"
	"syscall"
)

// spawner starts processes and takes their exit statuses: those of orphans too, which an init inherits.
type spawner struct {
	jobs chan func()

	mu    sync.Mutex
	exits map[int]chan syscall.WaitStatus // processes started and not yet taken
}

func newSpawner() *spawner {
	s := &spawner{jobs: make(chan func()), exits: map[int]chan syscall.WaitStatus{}}
	go func() {
		// One thread, for life: a child's death signal comes when the thread that made it ends.
		runtime.LockOSThread()
		for job := range s.jobs {
			job()
		}
	}()
	return s
}

// process is one that this init started.
type process struct {
	spawner *spawner
	pid     int
	exit    <-chan syscall.WaitStatus
}

// start runs argv with files as its first descriptors, in a process group of its own.
func (s *spawner) start(argv, environment []string, files []*os.File) (*process, error) {
	descriptors := make([]uintptr, len(files))
	for i, file := range files {
		descriptors[i] = file.Fd()
	}
	attributes := &syscall.ProcAttr{Env: environment, Files: descriptors, Sys: commandAttributes()}
	started := &process{spawner: s}
	done := make(chan error, 1)
	s.jobs <- func() {
		s.mu.Lock() // or it could end before it is known
		defer s.mu.Unlock()
		var err error
		if started.pid, err = syscall.ForkExec(argv[0], argv, attributes); err == nil {
			exit := make(chan syscall.WaitStatus, 1)
			started.exit, s.exits[started.pid] = exit, exit
		}
		done <- err
	}
	err := <-done
	runtime.KeepAlive(files)
	return started, err
}

// kill ends the process's whole group. Once the process is taken its number means nothing.
func (p *process) kill() {
	p.spawner.mu.Lock()
	defer p.spawner.mu.Unlock()
	if _, alive := p.spawner.exits[p.pid]; alive {
		_ = syscall.Kill(-p.pid, syscall.SIGKILL)
	}
}

// reap takes every exit status there is.
func (s *spawner) reap() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		if exit, ours := s.exits[pid]; ours {
			delete(s.exits, pid)
			exit <- status
		}
	}
}
