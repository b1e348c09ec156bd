package session

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/kernel"
)

// An Explanation is an error for the person at the keyboard.
type Explanation struct {
	What string // what happened
	Why  string // why, as far as is known
	Next string // what to do
}

func (e Explanation) String() string {
	lines := []string{e.What}
	if e.Why != "" {
		lines = append(lines, "  why: "+e.Why)
	}
	if e.Next != "" {
		lines = append(lines, "  do:  "+e.Next)
	}
	return strings.Join(lines, "\n")
}

// Explain words every error that opening, running or talking to a server can end in.
// Any other speaks for itself.
func Explain(err error) Explanation {
	for _, known := range explanations {
		if errors.Is(err, known.kind) {
			return Explanation{What: known.what, Why: err.Error(), Next: known.next}
		}
	}
	return Explanation{What: err.Error()}
}

// explanations are tried in order: the first whose kind the error is.
var explanations = []struct {
	kind       error
	what, next string
}{
	{client.ErrInsecureToken, "The token was not sent.", "Use an https:// Worker URL, or a loopback address; a token never travels in the clear."},
	{client.ErrUnauthorized, "The Worker refused the token.", "Set RLM_CF_AUTH_TOKEN to the value of the Worker's AUTH_TOKEN secret (npx wrangler secret put AUTH_TOKEN sets a new one)."},
	{client.ErrNoSandbox, "The sandbox is gone: it was removed, or its processes were ended.", "f4 in the REPL makes a new one of the same name, empty; so does the next sandrepl with its SANDBOX_ID."},
	{client.ErrNoSandboxes, "The Worker has no sandboxes to give.", "Its wrangler config needs the container, the Durable Object binding named Sandbox and its migration, on a Workers Paid plan; then run: npm run deploy"},
	{client.ErrInstanceLimit, "The Worker has reached its limit of running containers.", "Wait for one to fall asleep (10 minutes after its last request), use a sandbox_id that runs already, or raise max_instances in its wrangler config and deploy."},
	{client.ErrColdStart, "The sandbox's container is still starting.", "A first start takes 2 to 24 seconds, and minutes right after a deployment: try again; --timeout waits longer."},
	{client.ErrSessionTerminated, "The sandbox's shell ended.", "Try again: the Worker starts a new shell, and the namespace lives on in the kernel."},
	{client.ErrUnsupported, "The Worker does not offer that.", "For connect, leave --transport at auto. A Worker that offers more is written by: sandrepl worker init. Cloudflare's dashboard lists the sandboxes."},
	{client.ErrTooLarge, "The Worker's answer was larger than is taken.", "Print less in one go, or write it to a file in the sandbox."},
	{ErrTooLarge, "That is too large to send.", "Write it to a file in the sandbox in pieces, and read it there."},
	{client.ErrBrokenReply, "What answered is not a Worker of this kind.", "Check RLM_CF_WORKER_URL (or --worker-url): GET /health there must answer {\"status\":\"ok\",\"service\":\"rlm-sandbox\"}; a login page or a proxy in between breaks it."},
	{client.ErrNotFound, "The Worker does not know that path.", "Check that the URL is the Worker's root, with nothing after the host."},
	{client.ErrBadRequest, "The server refused the request.", "Mend what the line above names."},
	{ErrNoPython, "The sandbox has no such Python.", "Install it in the sandbox's image, or name another with --python. A sandbox on this machine keeps the Python that it was made with: sandrepl rm SANDBOX_ID ends it, and --python chooses for the next one of that name."},
	{kernel.ErrProtocol, "The sandbox runs a kernel of another version of sandrepl.", "Use that version, or end the kernel (its variables are lost) by removing the sandbox: sandrepl rm SANDBOX_ID"},
	{ErrKernelStart, "The kernel did not start in the sandbox.", "Look at /tmp/.sandrepl/kernel.log there; a full disk, or a Python older than 3.8, are the usual reasons."},
	{errKernelGone, "The kernel ended.", "Run the cell again: a new kernel starts, with an empty namespace."},
	{client.ErrUnreachable, "The Worker cannot be reached.", "Check the URL and the network. For a Worker on this machine: sandrepl serve, or npm run dev in its folder. Without RLM_CF_WORKER_URL sandrepl runs its own."},
	{client.ErrServer, "The Worker failed.", "Try again; npx wrangler tail shows what it logs."},
	{ErrStopped, "The server on this machine was stopped, and its sandboxes with it.", "f4 in the REPL begins anew, with an empty sandbox; so does the next sandrepl."},
	{ErrOver, "The server on this machine cannot be used.", "Do what the line above says; then f4 in the REPL tries again, or open sandrepl anew."},
	{ErrOffline, "The kernel cannot be asked while the line is cut.", "It is joined again by itself: ask once more then."},
	{ErrOvertaken, "A newer question took its place.", ""},
	{ErrQuery, "The kernel has no answer.", "Do what the line above says, or ask for something else."},
	{ErrSilent, "The kernel does not answer.", "C code that keeps Python to itself, or a line that is cut, are the usual reasons: ctrl+c interrupts, f4 restarts."},
	{ErrEnded, "The session has no kernel.", "f4 in the REPL tries to bring one up; what it says then tells what is wrong."},
	{ErrClosed, "The session is closed.", "Open it again with the same sandbox_id: what its sandbox still holds is there."},
	{context.DeadlineExceeded, "It took longer than it may.", "Raise --timeout; the sandbox is still there."},
	{context.Canceled, "It was cancelled.", ""},
}

// Hint is the explanation on one line, for a status line.
func (e Explanation) Hint() string { return fmt.Sprintf("%s %s", e.What, e.Next) }
