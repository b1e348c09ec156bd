package sandbox

import (
	"os/exec"
	"testing"
)

// A 64-bit program can make 32-bit system calls, whose numbers differ: 20 is getpid there. The filter must not miss them.
// Some systems run none at all, and kill the program with SIGSEGV, outside a sandbox too.
func TestIsolationDeniesForeignSystemCalls(t *testing.T) {
	s := serve(t, Options{})
	const program = `
import ctypes, mmap
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20; int 0x80; ret
print(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))())
`
	want := "-38\n" // ENOSYS
	if err := exec.CommandContext(t.Context(), "python3", "-c", program).Run(); err != nil {
		want = "139\n" // 128 + SIGSEGV
	}
	if got := s.output("a", "python3 -c "+quote(program)+" || echo $?"); got != want {
		t.Errorf("a 32-bit getpid: %q, want %q", got, want)
	}
}
