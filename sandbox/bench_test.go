//go:build linux || darwin

package sandbox

import (
	"fmt"
	"testing"
)

func BenchmarkExec(b *testing.B) {
	s := serve(b, Options{})
	s.output("a", "true")
	for b.Loop() {
		s.output("a", "true")
	}
}

// From nothing to the reply of a first command.
func BenchmarkNewSandbox(b *testing.B) {
	s := serve(b, Options{})
	for i := 0; b.Loop(); i++ {
		s.output(fmt.Sprint(i), "true")
		b.StopTimer()
		s.destroy(fmt.Sprint(i))
		b.StartTimer()
	}
}
