package sandbox

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// insideID is the user and the group that a sandbox's processes see themselves as.
const insideID = 1000

// nobody is who they are on the host when root runs the server: root's own files must stay closed to them.
const nobody = 65534

func outsideIDs() (uid, gid int) {
	if asNobody() {
		return nobody, nobody
	}
	return os.Geteuid(), os.Getegid()
}

// asNobody reports whether we are root and can make another user's processes; a root that is
// the only user of its user namespace cannot, and is a user like any other on the host.
var asNobody = sync.OnceValue(func() bool {
	users, err := os.ReadFile("/proc/self/uid_map")
	return os.Geteuid() == 0 && err == nil && maps(string(users), nobody)
})

// maps reports whether a user namespace's map (lines of: first inside, first outside, how many) has id.
func maps(table string, id int) bool {
	for line := range strings.Lines(table) {
		var inside, outside, count int
		if n, _ := fmt.Sscan(line, &inside, &outside, &count); n == 3 && inside <= id && id-inside < count {
			return true
		}
	}
	return false
}

// giveAway makes a folder belong to whom the sandbox's processes are on the host.
func giveAway(path string) error {
	uid, gid := outsideIDs()
	return os.Lchown(path, uid, gid)
}

// initCommand is this binary as an init, which works even where its file is gone (go run removes it).
func initCommand(isolation Isolation) *exec.Cmd {
	command := &exec.Cmd{Path: "/proc/self/exe", Args: []string{initName, stageServe}, Dir: "/", Env: []string{}}
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if isolation == None {
		return command
	}
	uid, gid := outsideIDs()
	root := asNobody()
	command.Args[1] = stageSetUp
	command.SysProcAttr = &syscall.SysProcAttr{
		Setsid:                     true,
		Cloneflags:                 unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP,
		UidMappings:                []syscall.SysProcIDMap{{ContainerID: insideID, HostID: uid, Size: 1}},
		GidMappings:                []syscall.SysProcIDMap{{ContainerID: insideID, HostID: gid, Size: 1}},
		GidMappingsEnableSetgroups: root,
		Credential:                 &syscall.Credential{Uid: insideID, Gid: insideID, NoSetGroups: !root},
		AmbientCaps:                []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_SYS_RESOURCE, unix.CAP_SETPCAP},
	}
	return command
}

func explainStart(err error) error {
	if errors.Is(err, syscall.EACCES) && asNobody() {
		return fmt.Errorf("start the sandbox's init: %w: run by root, it runs as nobody, who must be able to execute this program's file: chmod a+rx it", err)
	}
	return fmt.Errorf("start the sandbox's init: %w", err)
}

// selfExecutable is this program, even where its file is gone.
func selfExecutable() (string, error) { return "/proc/self/exe", nil }
