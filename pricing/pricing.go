// Package pricing knows what a sandbox on Cloudflare costs: the published prices as data with their date, the sizes of
// instances, and the sum of a session. All of it is an estimate; the bill is Cloudflare's.
package pricing

import (
	"fmt"
	"strings"
	"time"
)

// AsOf is when the prices and sizes below were published.
const AsOf = "November 2025"

// Prices in US dollars, from Cloudflare's pages on the pricing and the limits of Containers. Memory and disk are paid for
// as long as a container is awake, in full; CPU only while it computes.
const (
	Plan   = 5.0        // Workers Paid, a month
	CPU    = 0.000020   // a vCPU-second
	Memory = 0.0000025  // a GiB-second
	Disk   = 0.00000007 // a GB-second
)

// Included in the plan each month, for the whole account.
const (
	IncludedCPU    = 375 * time.Minute // of one vCPU
	IncludedMemory = 25 * time.Hour    // of one GiB
	IncludedDisk   = 200 * time.Hour   // of one GB
)

// Sleep is how long after its last request a sandbox goes to sleep, unless its Worker says otherwise.
const Sleep = 10 * time.Minute

// An Instance is a size of containers.
type Instance struct {
	Name   string  `json:"name"`
	VCPU   float64 `json:"vcpu"`
	Memory float64 `json:"memory_gib"`
	Disk   float64 `json:"disk_gb"`
}

// Instances are the sizes, smallest first.
var Instances = []Instance{
	{"lite", 1. / 16, 0.25, 2},
	{"basic", 1. / 4, 1, 4},
	{"standard-1", 1. / 2, 4, 8},
	{"standard-2", 1, 6, 12},
	{"standard-3", 2, 8, 16},
	{"standard-4", 4, 12, 20},
}

// DefaultInstance is what the Worker's configuration names.
const DefaultInstance = "basic"

// ParseInstance finds an instance by its name.
func ParseInstance(name string) (Instance, error) {
	var names []string
	for _, known := range Instances {
		if known.Name == name {
			return known, nil
		}
		names = append(names, known.Name)
	}
	return Instance{}, fmt.Errorf("there is no instance type %q: it is one of %s", name, strings.Join(names, ", "))
}

// Usage is what a container did.
type Usage struct {
	Awake time.Duration `json:"awake"`
	Busy  time.Duration `json:"busy"` // of it, while cells ran: at most so long it computed
}

// Cost is a sum by its parts, in US dollars.
type Cost struct {
	CPU    float64 `json:"cpu"`
	Memory float64 `json:"memory"`
	Disk   float64 `json:"disk"`
}

// Total is the sum.
func (c Cost) Total() float64 { return c.CPU + c.Memory + c.Disk }

// Cost is what the usage costs beyond what the plan includes. A busy container is taken to compute all the time with
// all it has, so the CPU's part is the most that it can be.
func (i Instance) Cost(u Usage) Cost {
	awake, busy := max(u.Awake, u.Busy, 0).Seconds(), max(u.Busy, 0).Seconds()
	return Cost{CPU: busy * i.VCPU * CPU, Memory: awake * i.Memory * Memory, Disk: awake * i.Disk * Disk}
}

// Included is how long, each month, the plan's quotas last for one container of this size: awake, as the first of memory
// and disk runs out, and busy.
func (i Instance) Included() Usage {
	awake := min(over(IncludedMemory, i.Memory), over(IncludedDisk, i.Disk))
	return Usage{Awake: awake, Busy: min(awake, over(IncludedCPU, i.VCPU))}
}

func over(quota time.Duration, share float64) time.Duration {
	return time.Duration(float64(quota) / share)
}

// Dollars shows a sum with as many digits as tell something: $0.0042, $0.18, $12.40.
func Dollars(sum float64) string {
	switch {
	case sum >= 0.1:
		return fmt.Sprintf("$%.2f", sum)
	case sum >= 0.0001:
		return fmt.Sprintf("$%.4f", sum)
	}
	return "$0.0000"
}
