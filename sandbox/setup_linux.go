package sandbox

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// scaffold is where the new root is built; it is covered only for the init, in its own mounts.
const scaffold = "/tmp"

// setUpRoot makes plan the root of this process, which must be alone in new user, mount, pid, ipc and uts namespaces.
func setUpRoot(plan root) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("keep mounts private: %w", err)
	}
	if err := openTrees(plan.Binds); err != nil { // all of them, before the scaffold covers some
		return err
	}
	if err := unix.Mount("sandbox", scaffold, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=755,size=4m"); err != nil {
		return fmt.Errorf("make a root folder: %w", err)
	}
	for _, bind := range plan.Binds {
		if err := bind.attach(); err != nil {
			return fmt.Errorf("show %s: %w", bind.Target, err)
		}
	}
	for _, link := range plan.Links {
		if err := makeLink(link); err != nil {
			return err
		}
	}
	if err := mountSystem(); err != nil {
		return err
	}
	if err := writeAccounts(); err != nil {
		return err
	}
	return enterRoot()
}

func openTrees(binds []bind) error {
	for i := range binds {
		if binds[i].FD != 0 {
			unix.CloseOnExec(binds[i].FD)
			continue
		}
		fd, err := binds[i].openTree()
		if err != nil {
			return err
		}
		binds[i].FD = fd
	}
	return nil
}

// attach puts the bind's tree, which is open, into the new root.
func (b bind) attach() error {
	attributes := unix.MountAttr{Attr_set: unix.MOUNT_ATTR_NOSUID}
	switch b.Access {
	case readOnly:
		attributes.Attr_set |= unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NODEV
	case readWrite:
		attributes.Attr_set |= unix.MOUNT_ATTR_NODEV
	case device:
		attributes.Attr_set |= unix.MOUNT_ATTR_NOEXEC
	}
	if err := unix.MountSetattr(b.FD, "", unix.AT_EMPTY_PATH|unix.AT_RECURSIVE, &attributes); err != nil {
		return fmt.Errorf("restrict: %w", err)
	}
	var stat unix.Stat_t
	if err := unix.Fstat(b.FD, &stat); err != nil {
		return fmt.Errorf("look at: %w", err)
	}
	target := scaffold + b.Target
	if err := makeMountPoint(target, stat.Mode&unix.S_IFMT == unix.S_IFDIR); err != nil {
		return err
	}
	if err := unix.MoveMount(b.FD, "", unix.AT_FDCWD, target, unix.MOVE_MOUNT_F_EMPTY_PATH); err != nil {
		return fmt.Errorf("mount: %w", err)
	}
	return unix.Close(b.FD)
}

func makeMountPoint(path string, folder bool) error {
	if folder {
		return os.MkdirAll(path, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	return file.Close()
}

func makeLink(l link) error {
	path := scaffold + l.Path
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("show %s: %w", l.Path, err)
	}
	if err := os.Symlink(l.Target, path); err != nil {
		return fmt.Errorf("show %s: %w", l.Path, err)
	}
	return nil
}

// mountSystem makes what the kernel provides.
func mountSystem() error {
	const safe = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC
	for _, m := range []struct {
		kind, path, data string
		flags            uintptr
	}{
		{"proc", "/proc", "", safe},
		{"devpts", "/dev/pts", "newinstance,ptmxmode=0666,mode=620", unix.MS_NOSUID | unix.MS_NOEXEC},
		{"tmpfs", "/dev/shm", "mode=1777,size=1g", unix.MS_NOSUID | unix.MS_NODEV},
	} {
		if err := os.MkdirAll(scaffold+m.path, 0o755); err != nil {
			return fmt.Errorf("make %s: %w", m.path, err)
		}
		if err := unix.Mount(m.kind, scaffold+m.path, m.kind, m.flags, m.data); err != nil {
			return fmt.Errorf("mount a new %s: %w", m.path, err)
		}
	}
	if err := settleSettings(); err != nil {
		return err
	}
	for _, l := range []link{
		{"/proc/self/fd", "/dev/fd"}, {"/proc/self/fd/0", "/dev/stdin"}, {"/proc/self/fd/1", "/dev/stdout"},
		{"/proc/self/fd/2", "/dev/stderr"}, {"pts/ptmx", "/dev/ptmx"}, {"/tmp", "/var/tmp"},
	} {
		if err := makeLink(l); err != nil {
			return err
		}
	}
	return nil
}

// settleSettings forbids further namespaces, the largest way into the kernel, and then closes the
// kernel's settings: a server that is the host's root in all but name could still write those.
func settleSettings() error {
	if err := os.WriteFile(scaffold+"/proc/sys/user/max_user_namespaces", []byte("0"), 0); err != nil {
		return fmt.Errorf("forbid further namespaces: %w", err)
	}
	for _, path := range []string{"/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus"} {
		setting := bind{Source: scaffold + path, Target: path, Access: readOnly}
		if _, err := os.Lstat(setting.Source); err != nil {
			continue // this kernel does not have it
		}
		fd, err := setting.openTree()
		if err != nil {
			return err
		}
		setting.FD = fd
		if err := setting.attach(); err != nil {
			return fmt.Errorf("close %s: %w", path, err)
		}
	}
	return nil
}

// writeAccounts makes the few files of /etc that name users and hosts.
func writeAccounts() error {
	hosts, _ := os.ReadFile("/etc/hosts") // names that the shared network knows; a host may have none
	files := map[string]string{
		"passwd":        fmt.Sprintf("root:x:0:0:root:/:/usr/sbin/nologin\nsandbox:x:%d:%d:sandbox:%s:/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n", insideID, insideID, insideHome),
		"group":         fmt.Sprintf("root:x:0:\nsandbox:x:%d:\nnogroup:x:65534:\n", insideID),
		"nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
		"hostname":      hostName + "\n",
		"hosts":         "127.0.0.1 localhost " + hostName + "\n::1 localhost\n" + string(hosts),
	}
	for name, content := range files {
		if err := os.WriteFile(scaffold+"/etc/"+name, []byte(content), 0o644); err != nil {
			return fmt.Errorf("write /etc/%s: %w", name, err)
		}
	}
	return nil
}

const hostName = "sandbox"

// enterRoot turns the scaffold into / and lets go of the host's root.
func enterRoot() error {
	if err := os.Chdir(scaffold); err != nil {
		return fmt.Errorf("enter the new root: %w", err)
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("enter the new root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("leave the host's root: %w", err)
	}
	if err := unix.MountSetattr(unix.AT_FDCWD, "/", 0, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY}); err != nil {
		return fmt.Errorf("make the root read-only: %w", err)
	}
	if err := unix.Sethostname([]byte(hostName)); err != nil {
		return fmt.Errorf("name the sandbox: %w", err)
	}
	return os.Chdir(insideWorkspace)
}
