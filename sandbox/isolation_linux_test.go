package sandbox

import "testing"

func TestFirst(t *testing.T) {
	s := serve(t, Options{})
	for _, c := range []string{"id; pwd; ls -la / /dev /etc /home /root; env; cat /proc/self/status | grep -E 'Cap|NoNew|Secc|Groups'; ulimit -a", "ps aux; cat /proc/mounts", "which python3 python pip; python3 -c 'import sys; print(sys.executable, sys.path)'; pip --version",
		"pip install --no-index x; touch /x /usr/x ~/x /tmp/x; ls -la ~ /workspace /tmp; mount -t tmpfs x /tmp; unshare -Ur id; echo $?; cat /etc/shadow; ls /proc/1/fd; cat /proc/1/environ; kill -9 1; kill 1; kill -SEGV 1; kill -STOP 1"} {
		r := s.run("a", c)
		t.Logf("%s\n%s\n%s\n%d", c, r.Stdout, r.Stderr, r.ExitCode)
	}
}
