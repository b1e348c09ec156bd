package sandbox

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	llsyscall "github.com/landlock-lsm/go-landlock/landlock/syscall"
)

// Each test here proves a sentence of what a sandbox cannot do. TestAsNobody runs them
// all again without root's rights, which take another way through the set-up.

func TestIsolationHidesTheHost(t *testing.T) {
	s := serve(t, Options{})
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret") // beside the state folder, under the host's /tmp
	if err := os.WriteFile(secret, []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{secret, s.options.StateDir, "/etc/shadow", "/etc/ssh", "/etc/machine-id", "/run", "/sys", "/boot", "/var/lib", "/mnt", "/srv"} {
		if got := s.run("a", "ls "+path); got.Success {
			t.Errorf("%s is visible: %s", path, got.Stdout)
		}
	}
	// The interpreter may live under the home: then the way there is all that shows.
	visible := s.run("a", "find "+quote(home)+" -maxdepth 1 -type f; find "+quote(home)+" -maxdepth 1 -writable")
	if visible.Stdout != "" {
		t.Errorf("the home shows %s", visible.Stdout)
	}
	open, err := syscall.Open("/etc/shadow", syscall.O_RDONLY, 0) // without close-on-exec, as a careless parent leaves it
	if err != nil {
		open, err = syscall.Dup(0)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(open)
	if got := s.output("b", "ls /proc/self/fd"); got != "0\n1\n2\n3\n" {
		t.Errorf("open files of the host are visible: %q", got)
	}
	t.Setenv("SOME_TOKEN", "hunter2")
	if got := s.output("a", "env; tr '\\0' '\\n' < /proc/self/environ"); strings.Contains(got, "hunter2") || strings.Contains(got, "SOME_TOKEN") {
		t.Errorf("the host's environment is visible: %s", got)
	}
	if got := s.output("a", "hostname; id -un; pwd; echo $HOME"); got != "sandbox\nsandbox\n/workspace\n/home/sandbox\n" {
		t.Errorf("who and where: %q", got)
	}
}

func TestIsolationKeepsWritesInside(t *testing.T) {
	s := serve(t, Options{})
	prefix := strings.TrimSpace(s.output("a", "python3 -c 'import sys; print(sys.prefix)'"))
	for _, path := range []string{"/x", "/usr/x", "/etc/x", "/etc/passwd", "/opt/x", "/opt/sandrepl/bin/pip", "/home/x", "/dev/x", "/var/x", "/proc/sys/kernel/hostname", prefix + "/x"} {
		if got := s.run("a", "echo x >> "+quote(path)); got.Success {
			t.Errorf("%s can be written", path)
		}
		if status, body := s.put("a", path, "x"); status == 200 {
			t.Errorf("%s can be written by the server: %s", path, body)
		}
	}
	for _, path := range []string{"/tmp/x", "/workspace/x", "/home/sandbox/x", "/var/tmp/y", "/dev/shm/x", "/dev/null"} {
		if got := s.run("a", "echo x >> "+path); !got.Success {
			t.Errorf("%s cannot be written: %s", path, got.Stderr)
		}
	}
	s.output("a", "mkdir p q && echo x > p/f && mv p/f q/f && ln q/f p/g && cat p/g") // Landlock must let files move
	// A link out of the sandbox's folders leads nowhere, for the init as for a command.
	s.output("a", "ln -s /etc/shadow /tmp/link; ln -s ../../../../../../etc/shadow /workspace/link")
	for _, path := range []string{"/tmp/link", "/workspace/link", "../../../etc/shadow"} {
		if status, reply, _ := s.get("a", path); status == 200 {
			t.Errorf("read %s: %q", path, reply.Content)
		}
	}
}

func TestIsolationKeepsSandboxesApart(t *testing.T) {
	s := serve(t, Options{})
	s.output("a", "echo mine | tee /tmp/f /workspace/f ~/f /dev/shm/f; sleep 4242 >/dev/null 2>&1 </dev/null & ")
	if got := s.run("b", "cat /tmp/f /workspace/f ~/f /dev/shm/f; grep -l '[4]242' /proc/[0-9]*/cmdline; ls -A /tmp /workspace /dev/shm"); strings.Contains(got.Stdout, "mine") || strings.Contains(got.Stdout, "/proc") || strings.Contains(got.Stdout, "f\n") {
		t.Errorf("another sandbox is visible: %q", got.Stdout)
	}
	if got := s.output("b", "ls -d /proc/[0-9]* | wc -l; kill -9 -1; true"); got == "" {
		t.Errorf("processes: %q", got)
	}
	if got := s.output("a", "pgrep -c sleep"); got != "1\n" {
		t.Errorf("another sandbox's kill reached this one: %q", got)
	}
	pid := os.Getpid()
	if got := s.run("a", fmt.Sprintf("kill -0 %d || test -e /proc/%[1]d/status && grep -q sandbox.test /proc/%[1]d/cmdline", pid)); got.Success {
		t.Error("the host's processes are visible")
	}
	if got := s.output("a", "ipcmk -M 64 >/dev/null; ipcs -m | grep -c 0x"); got != "1\n" {
		t.Errorf("its own shared memory: %q", got)
	}
	if got := s.run("b", "ipcs -m | grep -c 0x"); got.Stdout != "0\n" {
		t.Errorf("another's shared memory is visible: %q", got.Stdout)
	}
}

func TestIsolationGivesUpPrivileges(t *testing.T) {
	s := serve(t, Options{})
	status := s.output("a", "cat /proc/self/status")
	for _, line := range []string{"CapInh:\t0000000000000000", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "CapAmb:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"} {
		if !strings.Contains(status, line+"\n") {
			t.Errorf("%q is not in %s", line, status)
		}
	}
	if got := s.output("a", "grep -h -E '^(Cap(Eff|Bnd)|NoNewPrivs|Seccomp):' /proc/1/status"); got != "CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n" {
		t.Errorf("the init's own: %q", got)
	}
	for _, command := range []string{
		"mount -t tmpfs x /tmp", "unshare -U true", "unshare -m true", "chroot / true", "cat /proc/1/environ", "ls /proc/1/fd", "cat /proc/1/mem", "dmesg", "hostname x", "su -c true",
		`python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None, use_errno=True).ptrace(0, 0, 0, 0) != 0)'`,
		`python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10000000) != 0)'`,
	} {
		if got := s.run("a", command); got.Success {
			t.Errorf("%s works: %s", command, got.Stdout)
		}
	}
	// No signal from inside ends the init.
	s.run("a", "for i in $(seq 1 31); do kill -$i 1; done")
	if got := s.output("a", "echo alive"); got != "alive\n" {
		t.Errorf("after signals to the init: %q", got)
	}
}

func TestIsolationHoldsLimits(t *testing.T) {
	s := serve(t, Options{})
	if got := s.output("a", "ulimit -c; ulimit -n; ulimit -u; cat /proc/self/oom_score_adj"); got != "0\n16384\n4096\n800\n" {
		t.Errorf("limits: %q", got)
	}
	// Processes are counted for this sandbox alone, or so low a limit would fail at once where its user has more.
	forks := `python3 -c 'import os, time
for _ in range(60): os.fork() or time.sleep(600)' >/dev/null 2>/tmp/err </dev/null & wait; tail -1 /tmp/err`
	if got := s.output("a", "ulimit -u 40; "+forks); !strings.Contains(got, "BlockingIOError") {
		t.Errorf("60 processes under a limit of 40: %q", got)
	}
	if count := s.output("b", "for i in $(seq 60); do sleep 600 >/dev/null 2>&1 </dev/null & done; jobs -p | wc -l"); count != "60\n" {
		t.Errorf("one sandbox's processes count for another: %q", count)
	}
	if got := s.run("a", "pkill python3; python3 -c 'bytearray(1 << 45)'"); !strings.Contains(got.Stderr, "MemoryError") {
		t.Errorf("32 TiB: %q", got.Stderr)
	}
}

// Without namespaces too, where daemons come back to the init as orphans.
func TestIsolationDestroysEverything(t *testing.T) {
	for _, isolation := range []Isolation{Namespaces, None} {
		t.Run(isolation.String(), func(t *testing.T) { destroysEverything(t, serve(t, Options{Isolation: isolation})) })
	}
}

func destroysEverything(t *testing.T, s *service) {
	mark := fmt.Sprintf("%d.25", 1_000_000+os.Getpid())
	s.output("a", "mkdir ~/closed && touch ~/closed/f && chmod 0 ~/closed; setsid sleep "+mark+" >/dev/null 2>&1 </dev/null & (sleep "+mark+" >/dev/null 2>&1 &)")
	running := func() bool { return exec.Command("pgrep", "-f", "sleep "+mark).Run() == nil }
	if !running() {
		t.Fatal("the host does not see the sandbox's process")
	}
	s.destroy("a")
	eventually(t, "its processes are gone", func() bool { return !running() })
	left, err := os.ReadDir(filepath.Join(s.options.StateDir, "sandboxes"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// The network is shared, so abstract sockets are there: Landlock keeps them shut, from its sixth ABI on.
func TestIsolationClosesAbstractSockets(t *testing.T) {
	s := serve(t, Options{})
	name := fmt.Sprintf("sandrepl-test-%d", os.Getpid())
	listener, err := net.Listen("unix", "@"+name)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	got := s.run("a", `python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect("\0`+name+`")'`)
	if abi, err := llsyscall.LandlockGetABIVersion(); err == nil && abi >= 6 && !strings.Contains(got.Stderr, "PermissionError") {
		t.Errorf("the host's abstract socket: exit %d, %q", got.ExitCode, got.Stderr)
	}
}

// Where the kernel refuses namespaces, the error says why and names the way out. This test runs itself
// again where that is so: in a user namespace that may have none beneath it.
func TestIsolationRefusedByTheKernel(t *testing.T) {
	const variable = "SANDREPL_TEST_REFUSED"
	if os.Getenv(variable) != "" {
		if err := CheckNamespaces(); err == nil || !strings.Contains(err.Error(), "--isolation none") || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("namespaces refused: %v", err)
		}
		server, err := New(Options{StateDir: t.TempDir(), Isolation: None})
		if err != nil {
			t.Fatal(err)
		}
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := `echo 0 >/proc/sys/user/max_user_namespaces && exec "$0" -test.run '^TestIsolationRefusedByTheKernel$'`
	command := exec.CommandContext(t.Context(), "/bin/sh", "-c", script, self)
	command.Env = append(os.Environ(), variable+"=1")
	command.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

// What Python programs do must go on working behind the walls.
func TestIsolationLetsPythonWork(t *testing.T) {
	s := serve(t, Options{})
	for _, program := range []string{
		"import multiprocessing as m; p = m.get_context('fork').Pool(2); print(p.map(abs, [-1, -2])); p.terminate()",
		"import multiprocessing as m; q = m.Queue(); q.put(1); print(q.get()); l = m.Lock(); l.acquire()",
		"from multiprocessing.shared_memory import SharedMemory as S; s = S(create=True, size=10); s.buf[0] = 1; s.close(); s.unlink()",
		"import threading; t = threading.Thread(target=print); t.start(); t.join()",
		"import subprocess; print(subprocess.run(['python3', '--version'], capture_output=True, check=True))",
		"import tempfile; f = tempfile.NamedTemporaryFile(); f.write(b'x'); tempfile.TemporaryDir if 0 else None",
		"import pty, os; m, s = pty.openpty(); os.write(s, b'x'); print(os.ttyname(s))",
		"import asyncio; print(asyncio.run(asyncio.create_subprocess_shell('true')))",
		"import socket; s = socket.create_server(('127.0.0.1', 0)); print(socket.create_connection(s.getsockname()))",
		"import ssl, sqlite3, ctypes, pwd, getpass, platform; print(getpass.getuser(), platform.node(), pwd.getpwuid(1000))",
		"import os, signal; signal.signal(signal.SIGINT, lambda *a: print('got it')); os.kill(os.getpid(), signal.SIGINT)",
		"import os; os.mkfifo('/tmp/fifo'); os.symlink('/tmp', '/tmp/link'); os.chmod('/tmp/fifo', 0o600)",
		"import fcntl; f = open('/tmp/lock', 'w'); fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB); fcntl.flock(f, fcntl.LOCK_EX)",
		"import site, os; assert os.path.isdir(site.getusersitepackages())",
	} {
		if got := s.run("a", "python3 -c "+quote(program)); !got.Success {
			t.Errorf("%s: %s", program, got.Stderr)
		}
	}
	if got := s.output("a", "python --version && pip --version && pip3 --version"); !strings.HasPrefix(got, "Python 3.") || strings.Count(got, "\npip ") != 2 {
		t.Errorf("python and pip: %q", got)
	}
}

// TestAsNobody runs what depends on who runs the server as a user without rights.
func TestAsNobody(t *testing.T) {
	if os.Geteuid() != 0 {
		return // then this is how they ran in the first place
	}
	dir, err := os.MkdirTemp("", "nobody-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chown(dir, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "sandbox.test")
	if err := os.WriteFile(binary, self, 0o755); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), binary, "-test.run", "^Test(Isolation|Sandboxes|Exec)", "-test.timeout", "5m")
	command.Dir = dir
	command.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "TMPDIR=" + dir, "HOME=" + dir}
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}
