package llm

import "time"

// SetPatience shortens what one try may take.
func (e *Endpoint) SetPatience(d time.Duration) { e.http.Timeout = d }
