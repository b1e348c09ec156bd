package sandbox

import "testing"

// A 64-bit program can make 32-bit system calls, whose numbers differ: 20 is getpid there. The filter must not miss them.
func TestIsolationDeniesForeignSystemCalls(t *testing.T) {
	s := serve(t, Options{})
	const program = `
import ctypes, mmap
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20; int 0x80; ret
print(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))())
`
	if got := s.output("a", "python3 -c "+quote(program)); got != "-38\n" {
		t.Errorf("a 32-bit getpid: %q, want ENOSYS", got)
	}
}
