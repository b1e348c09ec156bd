package strict

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/sandrepl/sandrepl/client"
)

// shell is one persistent bash in a sandbox. Its folder there holds `in`, a FIFO
// that it reads commands from, `done`, a FIFO that it tells their ends on, and
// `pid`, its process group.
type shell struct {
	dir    string
	header http.Header // of the request that started it, for the token
	calls  int
}

// start runs bash under a keeper, which says when it is dead: by a file to the
// calls that come later, on the FIFO to one that waits already.
const start = `mkdir -m 700 %[1]s && mkfifo %[1]s/in %[1]s/done || exit
setsid bash -c 'echo $$ >%[1]s/pid; exec 7<>%[1]s/in; bash --norc 0<&7 7>&-; : >%[1]s/dead; echo dead >%[1]s/done' >/dev/null 2>&1 </dev/null &
until [ -s %[1]s/pid ]; do sleep 0.002; done`

// feed is what bash reads: a command as it came, between braces.
const feed = `{
%[3]s
} </dev/null >%[1]s/out%[2]d 2>%[1]s/err%[2]d
echo %[2]d $? >%[1]s/done
`

// call hands a feed to bash, waits for the command's end or bash's, and prints "ok CODE" or
// "dead" before what the command printed. It looks for the file `dead` once it listens, so
// that it misses no death. A feed that a FIFO cannot hold is written from the background,
// because a dead bash would never take it.
const call = `d=%[1]s; n=%[2]d; if ! [ -p $d/done ]; then echo dead; exit; fi
exec 8<>$d/done 9<>$d/in
if [ -e $d/dead ]; then echo dead; exit; fi
printf '%%s' %[3]s >&9 %[4]s
while read -r m rc <&8 && [ "$m" != "$n" ] && [ "$m" != dead ]; do :; done
if [ "$m" = dead ]; then [ -z "$!" ] || kill -9 $!; echo dead; exit; fi
echo ok $rc
cat $d/out$n
[ -s $d/err$n ] && cat $d/err$n >&2
rm -f $d/out$n $d/err$n`

// pipeHolds is less than what a FIFO takes while nobody reads (64 KiB).
const pipeHolds = 32 << 10

const kill = `kill -9 -- -$(cat %[1]s/pid); rm -rf %[1]s`

// run runs a command in the sandbox's shell, which it starts if need be. The caller holds the lock.
func (s *Strict) run(r *http.Request, box *sandbox, req client.ExecRequest) answer {
	// A client that goes away does not end its command.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), s.Timeout)
	defer cancel()
	if box.shell == nil {
		sh := &shell{dir: "/tmp/.strict-" + uuid.NewString(), header: r.Header}
		if got, err := s.upstreamExec(ctx, r.Header, req.SandboxID, fmt.Sprintf(start, sh.dir)); err != nil || got.reply.ExitCode != 0 {
			return got.raw
		}
		box.shell = sh
	}
	sh := box.shell
	sh.calls++
	background := ""
	if len(req.Command) > pipeHolds {
		background = "2>/dev/null &"
	}
	lines := fmt.Sprintf(feed, sh.dir, sh.calls, strings.ReplaceAll(req.Command, "\x00", ""))
	got, err := s.upstreamExec(ctx, r.Header, req.SandboxID, fmt.Sprintf(call, sh.dir, sh.calls, quote(lines), background))
	if ctx.Err() != nil {
		s.kill(req.SandboxID, box)
		return answerOf(http.StatusInternalServerError, client.ErrorResponse{Error: fmt.Sprintf("Command timed out after %v", s.Timeout)})
	}
	if err != nil {
		return got.raw
	}
	head, stdout, _ := strings.Cut(got.reply.Stdout, "\n")
	code := 0
	if _, err := fmt.Sscanf(head, "ok %d", &code); err != nil {
		s.kill(req.SandboxID, box)
		return answerOf(http.StatusGone, client.ErrorResponse{Error: "Session terminated: the shell has ended", Code: "SESSION_TERMINATED"})
	}
	return answerOf(http.StatusOK, client.ExecResponse{
		Stdout: strings.TrimSuffix(strings.ReplaceAll(stdout, "\x00", ""), "\n"),
		Stderr: strings.ReplaceAll(got.reply.Stderr, "\x00", ""), ExitCode: code, Success: code == 0,
	})
}

// kill ends the sandbox's shell, if there is one, and what it runs. The caller holds the lock.
func (s *Strict) kill(id string, box *sandbox) {
	if box.shell == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.Timeout)
	defer cancel()
	_, _ = s.upstreamExec(ctx, box.shell.header, id, fmt.Sprintf(kill, box.shell.dir)) // it may be dead already
	box.shell = nil
}

type execAnswer struct {
	raw   answer
	reply client.ExecResponse
}

var errRefused = errors.New("the wrapped server did not run the command")

func (s *Strict) upstreamExec(ctx context.Context, header http.Header, id, command string) (execAnswer, error) {
	body, err := json.Marshal(client.ExecRequest{SandboxID: id, Command: command})
	if err != nil {
		return execAnswer{}, err
	}
	got := execAnswer{raw: s.send(ctx, http.MethodPost, client.PathExec, header, body)}
	if got.raw.status != http.StatusOK {
		return got, errRefused
	}
	return got, json.Unmarshal(got.raw.body, &got.reply)
}

// quote makes one word of s for the shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
