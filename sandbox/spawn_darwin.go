package sandbox

import "syscall"

func becomeInit(isolated bool) error { return limit(isolated) }

func commandAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// count is the number of commands that run; what they left in the background is not known here.
func (s *spawner) count(bool) int { return len(s.groups()) }

// killAll ends the commands that run, with their groups.
func (s *spawner) killAll() {
	for _, group := range s.groups() {
		_ = syscall.Kill(-group, syscall.SIGKILL)
	}
}

func systemLimits(bool) []resourceLimit { return nil }

func setUp(initConfig) error { return errNoNamespaces }

// groups are the process groups of the commands that run.
func (s *spawner) groups() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	groups := make([]int, 0, len(s.exits))
	for pid := range s.exits {
		groups = append(groups, pid)
	}
	return groups
}
