package sandbox

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// becomeInit makes orphans this process's children and keeps others out of its memory.
func becomeInit(isolated bool) error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("close the init's memory: %w", err)
	}
	if isolated { // the set-up did the rest
		return nil
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("become a subreaper: %w", err)
	}
	return limit(isolated)
}

func commandAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// count is the number of the sandbox's processes besides its init.
func (s *spawner) count(isolated bool) int {
	if isolated {
		return len(numericEntries("/proc")) - 1
	}
	return len(descendants(os.Getpid()))
}

// killAll ends every process that came of this one. Orphans come back to it, so it is
// done when there are none; one that hangs in the kernel, which nothing ends, is not waited for.
func (s *spawner) killAll() {
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		doomed := descendants(os.Getpid())
		if len(doomed) == 0 {
			return
		}
		for _, pid := range doomed {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		s.reap()
	}
}

// descendants are the living processes that came of ancestor.
func descendants(ancestor int) []int {
	children := map[int][]int{}
	for _, pid := range numericEntries("/proc") {
		if parent, ok := parentOf(pid); ok {
			children[parent] = append(children[parent], pid)
		}
	}
	var found []int
	for next := slices.Clone(children[ancestor]); len(next) > 0; next = next[1:] {
		found = append(found, next[0])
		next = append(next, children[next[0]]...)
	}
	return found
}

// parentOf reads the fourth field of stat; the second, a name, may hold anything but ends at the last parenthesis.
func parentOf(pid int) (int, bool) {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return 0, false
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 {
		return 0, false
	}
	parent, err := strconv.Atoi(string(fields[1]))
	return parent, err == nil
}

func numericEntries(dir string) []int {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var numbers []int
	for _, entry := range entries {
		if number, err := strconv.Atoi(entry.Name()); err == nil {
			numbers = append(numbers, number)
		}
	}
	return numbers
}
