package pricing

import (
	"math"
	"testing"
	"time"
)

// near compares sums of money: a millionth of a cent is none.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-8 {
		t.Errorf("%s: %.9f, want %.9f", what, got, want)
	}
}

func instance(t *testing.T, name string) Instance {
	t.Helper()
	found, err := ParseInstance(name)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestAnHour holds sums that were worked out by hand from the published prices.
func TestAnHour(t *testing.T) {
	for _, row := range []struct {
		instance          string
		usage             Usage
		cpu, memory, disk float64
	}{
		{"basic", Usage{Awake: time.Hour}, 0, 0.009, 0.001008},
		{"basic", Usage{Awake: time.Hour, Busy: 10 * time.Minute}, 0.003, 0.009, 0.001008},
		{"lite", Usage{Awake: time.Hour, Busy: time.Hour}, 0.0045, 0.00225, 0.000504},
		{"standard-4", Usage{Awake: time.Minute, Busy: time.Second}, 0.00008, 0.0018, 0.000084},
		{"basic", Usage{Awake: -time.Hour, Busy: -time.Hour}, 0, 0, 0},
	} {
		got := instance(t, row.instance).Cost(row.usage)
		near(t, row.instance+" cpu", got.CPU, row.cpu)
		near(t, row.instance+" memory", got.Memory, row.memory)
		near(t, row.instance+" disk", got.Disk, row.disk)
		near(t, row.instance+" in all", got.Total(), row.cpu+row.memory+row.disk)
	}
}

func TestABusyContainerIsAwake(t *testing.T) {
	basic := instance(t, "basic")
	near(t, "memory", basic.Cost(Usage{Busy: time.Hour}).Memory, basic.Cost(Usage{Awake: time.Hour}).Memory)
}

func TestIncluded(t *testing.T) {
	for name, want := range map[string]Usage{
		"basic":      {25 * time.Hour, 25 * time.Hour}, // 375 min ÷ ¼ vCPU, and 25 GiB-h ÷ 1 GiB
		"lite":       {100 * time.Hour, 100 * time.Hour},
		"standard-2": {25 * time.Hour / 6, 25 * time.Hour / 6},
		"standard-4": {25 * time.Hour / 12, 375 * time.Minute / 4},
	} {
		if got := instance(t, name).Included(); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestAnUnknownInstanceNamesTheKnown(t *testing.T) {
	_, err := ParseInstance("huge")
	want := `there is no instance type "huge": it is one of lite, basic, standard-1, standard-2, standard-3, standard-4`
	if err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
	if _, err := ParseInstance(DefaultInstance); err != nil {
		t.Error(err)
	}
}

func TestDollars(t *testing.T) {
	for sum, want := range map[float64]string{0: "$0.0000", 0.00003: "$0.0000", 0.00417: "$0.0042", 0.0999: "$0.0999", 0.184: "$0.18", 12.4: "$12.40"} {
		if got := Dollars(sum); got != want {
			t.Errorf("%v: %s, want %s", sum, got, want)
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 400 * time.Millisecond: "0s", 10 * time.Second: "10s", 10 * time.Minute: "10m", time.Hour: "1h", 100 * time.Hour: "100h",
		90 * time.Second: "1m30s", time.Hour + time.Second: "1h0m1s", time.Hour + 30*time.Minute: "1h30m",
	} {
		if got := Span(d); got != want {
			t.Errorf("%d: %s, want %s", d, got, want)
		}
	}
}
