package sandbox

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"syscall"
	"unsafe"

	"github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// harden gives up, for this thread and what it executes, every privilege that the setup needed.
func harden() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("give up gaining privileges: %w", err)
	}
	if err := restrictPaths(); err != nil {
		return err
	}
	if err := dropCapabilities(); err != nil {
		return err
	}
	return denySystemCalls()
}

// restrictPaths is a second wall behind the mounts, where the kernel has Landlock. It also
// keeps the sandbox from signals to and abstract sockets of processes outside, which are not files.
func restrictPaths() error {
	rights := landlock.V6
	rights.HandledAccessNet = 0
	err := rights.BestEffort().Restrict(
		landlock.RODirs("/"),
		landlock.ROFiles("/proc/self/exe"), // this binary, which lies outside the root
		landlock.RWDirs(insideTmp, insideWorkspace, insideHome, "/dev/shm").WithRefer(),
		landlock.RWDirs("/dev/pts", "/proc").WithIoctlDev(),
		landlock.RWFiles("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty").WithIoctlDev(),
	)
	if err != nil {
		return fmt.Errorf("restrict paths: %w", err)
	}
	return nil
}

func dropCapabilities() error {
	for capability := uintptr(0); capability <= unix.CAP_LAST_CAP; capability++ {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0); err != nil && err != unix.EINVAL { // EINVAL: this kernel has fewer
			return fmt.Errorf("give up capability %d: %w", capability, err)
		}
	}
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil {
		return fmt.Errorf("give up ambient capabilities: %w", err)
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	if err := unix.Capset(&header, &none[0]); err != nil {
		return fmt.Errorf("give up capabilities: %w", err)
	}
	return nil
}

// denied are calls that a Python program has no use for, and that reach deep into the kernel or across processes.
var denied = []string{
	"mount", "umount2", "pivot_root", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "chroot",
	"unshare", "setns", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp",
	"keyctl", "add_key", "request_key", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register",
	"kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot", "swapon", "swapoff", "acct",
	"quotactl", "quotactl_fd", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname",
	"open_by_handle_at", "name_to_handle_at", "fanotify_init", "lookup_dcookie", "nfsservctl", "syslog", "vhangup", "iopl", "ioperm",
}

// newNamespaces are the flags of clone that make namespaces.
const newNamespaces = unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP

func denySystemCalls() error {
	info, err := arch.GetInfo("")
	if err != nil {
		return fmt.Errorf("filter system calls: %w", err)
	}
	known := func(name string) bool { _, ok := info.SyscallNames[name]; return ok }
	policy := seccomp.Policy{DefaultAction: seccomp.ActionAllow, Syscalls: []seccomp.SyscallGroup{
		{Action: seccomp.ActionErrno | seccomp.Action(unix.EPERM), Names: slices.DeleteFunc(slices.Clone(denied), func(name string) bool { return !known(name) })},
		{Action: seccomp.ActionErrno | seccomp.Action(unix.EPERM), NamesWithCondtions: cloneInto(newNamespaces)},
		// clone3 has its flags in memory, where no filter can look: without it, libraries use clone.
		{Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS), Names: []string{"clone3"}},
	}}
	program, err := policy.Assemble()
	if err != nil {
		return fmt.Errorf("filter system calls: %w", err)
	}
	return loadFilter(append(refuseForeign(info), program...))
}

func cloneInto(flags uint64) []seccomp.NameWithConditions {
	return []seccomp.NameWithConditions{{Name: "clone", Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.BitsSet, Value: flags}}}}
}

// refuseForeign denies the calls of other architectures that this kernel also speaks (32-bit ones):
// their numbers differ, so the rest of the filter would let them by.
func refuseForeign(info *arch.Info) []bpf.Instruction {
	const offsetOfArch = 4
	return []bpf.Instruction{
		bpf.LoadAbsolute{Off: offsetOfArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(info.ID), SkipTrue: 1},
		bpf.RetConstant{Val: uint32(seccomp.ActionErrno) | uint32(unix.ENOSYS)},
	}
}

func loadFilter(program []bpf.Instruction) error {
	raw, err := bpf.Assemble(program)
	if err != nil {
		return fmt.Errorf("filter system calls: %w", err)
	}
	filter := make([]unix.SockFilter, len(raw))
	for i, instruction := range raw {
		filter[i] = unix.SockFilter{Code: instruction.Op, Jt: instruction.Jt, Jf: instruction.Jf, K: instruction.K}
	}
	handed := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&handed)))
	runtime.KeepAlive(filter)
	if errno != 0 {
		return fmt.Errorf("filter system calls: %w", errno)
	}
	return nil
}

// setUp turns this process, fresh in its namespaces, into a confined init, and executes it anew: what one
// thread gave up, the whole process has then given up.
func setUp(config initConfig) error {
	runtime.LockOSThread()
	if err := setUpRoot(config.Root); err != nil {
		return err
	}
	if err := limit(true); err != nil {
		return err
	}
	if err := yieldMemory(); err != nil {
		return fmt.Errorf("yield memory: %w", err)
	}
	if err := harden(); err != nil {
		return err
	}
	for _, fd := range []int{configFD, listenerFD, readyFD} {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0); err != nil {
			return fmt.Errorf("keep the init's files: %w", err)
		}
	}
	err := syscall.Exec("/proc/self/exe", []string{initName, stageServe}, os.Environ())
	return fmt.Errorf("execute the init: %w", err)
}
