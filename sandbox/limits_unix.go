//go:build linux || darwin

package sandbox

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// resourceLimit bounds one thing that a sandbox's processes may take.
type resourceLimit struct {
	name     string
	resource int
	max      uint64
}

// limit sets the limits for this process and all that come of it.
func limit(isolated bool) error {
	limits := append(systemLimits(isolated),
		resourceLimit{"core files", unix.RLIMIT_CORE, 0},
		resourceLimit{"open files", unix.RLIMIT_NOFILE, 16384},
		resourceLimit{"file size", unix.RLIMIT_FSIZE, 16 << 30})
	for _, l := range limits {
		if err := lower(l.resource, l.max); err != nil {
			return fmt.Errorf("limit %s: %w", l.name, err)
		}
	}
	return nil
}

// lower sets a limit for good, unless it is lower already.
func lower(resource int, to uint64) error {
	var now unix.Rlimit
	if err := unix.Getrlimit(resource, &now); err != nil {
		return err
	}
	now.Max = min(now.Max, to)
	now.Cur = now.Max
	return unix.Setrlimit(resource, &now)
}
