package pricing

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// An Estimate is a sum and what it was made of.
type Estimate struct {
	AsOf     string   `json:"as_of"`
	Instance Instance `json:"instance"`
	Usage    Usage    `json:"-"`
	Cost     Cost     `json:"cost"`
	Total    float64  `json:"total"`
	Idling   float64  `json:"idling_until_sleep"` // what the time from the last request until sleep adds
}

// Estimate works a usage's sum out.
func (i Instance) Estimate(u Usage) Estimate {
	cost := i.Cost(u)
	return Estimate{
		AsOf: AsOf, Instance: i, Usage: u, Cost: cost, Total: cost.Total(),
		Idling: i.Cost(Usage{Awake: Sleep}).Total(),
	}
}

// Span writes a duration without the parts that are zero: 2h, 10m, 1m30s.
func Span(d time.Duration) string {
	s := d.Round(time.Second).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Explain writes for a person how the sum comes about, what is included, and what idling adds.
func (e Estimate) Explain(w io.Writer) error {
	i, u, included := e.Instance, e.Usage, e.Instance.Included()
	hour, full := i.Cost(Usage{Awake: time.Hour}).Total(), i.Cost(Usage{Busy: time.Hour}).Total()
	fmt.Fprintf(w, "An estimate, from Cloudflare's prices of %s. The bill is Cloudflare's, and counts all that runs in your account.\n\n", e.AsOf)
	table := tabwriter.NewWriter(w, 0, 8, 3, ' ', 0)
	fmt.Fprintf(table, "%s\tprice\tsum\n", i.Name)
	fmt.Fprintf(table, "%g GiB of memory, awake %s\t$%.7f a GiB-second\t%s\n", i.Memory, Span(u.Awake), Memory, Dollars(e.Cost.Memory))
	fmt.Fprintf(table, "%g GB of disk, awake %s\t$%.8f a GB-second\t%s\n", i.Disk, Span(u.Awake), Disk, Dollars(e.Cost.Disk))
	fmt.Fprintf(table, "%g vCPU at most, busy %s\t$%.6f a vCPU-second\t%s\n", i.VCPU, Span(u.Busy), CPU, Dollars(e.Cost.CPU))
	fmt.Fprintf(table, "in all\t\t%s\n", Dollars(e.Total))
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, `
An hour awake costs %s, and %s when it computes all the time.
A sandbox is awake while a REPL is open on it, and for %s after its last request; that end adds %s each time.
sandrepl rm SANDBOX_ID puts it to sleep at once, with all that is in it.

Workers Paid, $%.0f a month, includes %.0f vCPU-minutes, %.0f GiB-hours of memory and %.0f GB-hours of disk each month,
for the whole account: one %s container awake for %s, of it busy for %s. The sum above is what comes beyond them.
Requests, Durable Objects and traffic are not in it; they are small beside it for a REPL.
`, Dollars(hour), Dollars(full), Span(Sleep), Dollars(e.Idling),
		Plan, IncludedCPU.Minutes(), IncludedMemory.Hours(), IncludedDisk.Hours(),
		i.Name, Span(included.Awake.Round(time.Minute)), Span(included.Busy.Round(time.Minute)))
	return err
}
