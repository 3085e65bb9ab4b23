package sandbox

import "testing"

func TestLastWordsTellAnEndByMemory(t *testing.T) {
	for _, test := range []struct {
		name, words string
		want        bool
	}{
		{"the runtime says so", "fatal error: runtime: out of memory\n", true},
		{"the collector gets none", "SIGSEGV: segmentation violation\nPC=0x43741d m=2 sigcode=1 addr=0x0\n\n" +
			"goroutine 0 gp=0x2f1b m=2 [idle]:\nruntime.(*spanQueue).tryDrain(0x3)\n", true},
		{"a fault elsewhere", "SIGSEGV: segmentation violation\nPC=0x1 m=0\n\ngoroutine 7 gp=0x1 [running]:\n", false},
		{"a panic", "panic: lost\n\ngoroutine 9 [running]:\n", false},
		{"nothing", "", false},
	} {
		if got := outOfMemory(test.words); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
