package sandbox

import (
	"os"

	"golang.org/x/sys/unix"
)

// systemLimits are those that only Linux has in a form that fits.
func systemLimits(isolated bool) []resourceLimit {
	var limits []resourceLimit
	if isolated { // counted in the sandbox's own user namespace; without one, it would count all of the user's processes
		limits = append(limits, resourceLimit{"processes", unix.RLIMIT_NPROC, 4096})
	}
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil { // no process gets more than the machine has: it sees a MemoryError instead
		memory := uint64(info.Totalram) * uint64(info.Unit) //nolint:unconvert // narrower on 32-bit machines
		limits = append(limits, resourceLimit{"memory", unix.RLIMIT_DATA, memory})
	}
	return limits
}

// yieldMemory makes the kernel, when memory runs out, end a sandbox's processes before the user's own.
func yieldMemory() error { return os.WriteFile("/proc/self/oom_score_adj", []byte("800"), 0) }
