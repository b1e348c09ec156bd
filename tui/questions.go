package tui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/tui/editor"
	"github.com/sandrepl/sandrepl/tui/transcript"
)

// A question waits for the person at the keyboard: a cell's input(), or a prompt of its
// llm_query. They are answered in the order in which they came.
type question struct {
	cell     string
	seq      int64 // of the event that asked; 0 for a prompt
	prompt   string
	password bool
	answer   func(value string, eof bool) error
	over     <-chan struct{} // closed when nobody waits for the answer any more; nil for input()
}

// ask adds a question.
func (m Model) ask(q question) Model {
	m.questions = append(slices.Clip(m.questions), q)
	return m.asking()
}

// drop takes away the questions that are answered, or that nobody waits for.
func (m Model) drop(gone func(question) bool) Model {
	m.questions = slices.DeleteFunc(slices.Clone(m.questions), gone)
	return m.asking()
}

// asking puts the editor into answering the first question, or back to cells.
func (m Model) asking() Model {
	m.status.asked = len(m.questions) > 0
	switch {
	case !m.status.asked:
		m.editor = m.editor.EndReadline()
	case !m.editor.Reading() || m.answering != m.questions[0].id():
		m.answering = m.questions[0].id()
		m.editor = m.editor.SetReadline(m.questions[0].prompt, m.questions[0].password)
	}
	return m.layout()
}

// id tells questions apart.
func (q question) id() any {
	if q.over != nil {
		return q.over
	}
	return q.seq
}

// reply sends what was typed to whoever asked.
func (m Model) reply(msg editor.ReplyMsg) (tea.Model, tea.Cmd) {
	if len(m.questions) == 0 {
		return m, nil
	}
	first := m.questions[0]
	if err := first.answer(msg.Value, msg.EOF); err != nil {
		return m.asking().notice(err), nil
	}
	if first.over == nil {
		m.echo = append(slices.Clip(m.echo), first)
	}
	return m.drop(func(q question) bool { return q.id() == first.id() }), nil
}

// asksInput shows a cell's input().
func (m Model) asksInput(e session.Event, r session.InputRequest) Model {
	return m.ask(question{cell: e.Cell, seq: e.Seq, prompt: r.Prompt, password: r.Password, answer: func(value string, eof bool) error {
		if eof {
			return m.session.ReplyEOF()
		}
		return m.session.Reply(value)
	}})
}

// answered shows the prompt and what was typed after it, as a terminal would have.
func (m Model) answered(e session.Event, r session.InputReply) Model {
	asked := func(q question) bool { return q.over == nil && q.seq == r.Seq }
	line := ""
	for _, q := range slices.Concat(m.questions, m.echo) {
		if asked(q) {
			line = q.prompt
		}
	}
	m.echo = slices.DeleteFunc(slices.Clone(m.echo), asked)
	if r.Value != nil {
		line += *r.Value
	}
	m.transcript = m.transcript.Append(e.Cell, transcript.Stdout, safeText(line)+"\n")
	return m.drop(asked)
}

// A promptMsg is a prompt that the person at the keyboard is to answer.
type promptMsg struct {
	n, of    int // which of the request's prompts it is, from 1
	over     <-chan struct{}
	response chan<- response
}

type response struct {
	text string
	err  error
}

// promptOverMsg says that nobody waits for the answer to a prompt any more.
type promptOverMsg struct{ over <-chan struct{} }

var errNoReply = errors.New("the person at the keyboard gave no reply")

// answer is the session's Answerer where no model is: the person at the keyboard is it.
func (q queue) answer(ctx context.Context, r session.ModelRequest) ([]string, error) {
	var responses []string
	for i := range r.Prompts {
		one, over := context.WithCancel(ctx)
		given := make(chan response, 1)
		select {
		case q.prompts <- promptMsg{i + 1, len(r.Prompts), one.Done(), given}:
		case <-ctx.Done():
		case <-q.life.Done():
		}
		var got response
		select {
		case got = <-given:
		case <-ctx.Done():
			got.err = ctx.Err()
		case <-q.life.Done():
			got.err = errNoReply
		}
		over()
		if got.err != nil {
			return nil, got.err
		}
		responses = append(responses, got.text)
	}
	return responses, nil
}

// nextPrompt waits for a prompt.
func (q queue) nextPrompt() tea.Msg {
	select {
	case prompt := <-q.prompts:
		return prompt
	case <-q.life.Done():
		return nil
	}
}

// prompted asks the person at the keyboard what a cell asks a model; the prompt stands in the cell's output.
func (m Model) prompted(msg promptMsg) (tea.Model, tea.Cmd) {
	prompt := "reply❯ "
	if msg.of > 1 {
		prompt = fmt.Sprintf("reply to %d of %d❯ ", msg.n, msg.of)
	}
	m = m.ask(question{prompt: prompt, over: msg.over, answer: func(value string, eof bool) error {
		if eof {
			msg.response <- response{err: errNoReply}
		} else {
			msg.response <- response{text: value}
		}
		return nil
	}})
	over := func() tea.Msg {
		select {
		case <-msg.over:
			return promptOverMsg{msg.over}
		case <-m.queue.life.Done():
			return nil
		}
	}
	return m, tea.Batch(m.queue.nextPrompt, over)
}

// prompting shows what a cell asks a model, where it stands among what the cell prints.
func (m Model) prompting(cell string, r session.ModelRequest) Model {
	who := "llm_query"
	if r.Model != nil {
		who = fmt.Sprintf("llm_query (%s)", safeLine(*r.Model))
	}
	for i, prompt := range r.Prompts {
		m = m.noted(cell, who+which(i, len(r.Prompts))+" asks: "+cut(safeText(prompt), maxPrompt))
	}
	return m
}

// responded shows what became of a cell's prompts.
func (m Model) responded(cell string, r session.ModelReply) Model {
	if r.Error != "" {
		return m.noted(cell, "llm_query was not answered: "+cut(safeText(r.Error), maxPrompt))
	}
	for i, response := range r.Responses {
		m = m.noted(cell, "llm_query"+which(i, len(r.Responses))+" was answered: "+cut(safeText(response), maxPrompt))
	}
	return m
}

// which says which of several it is.
func which(i, of int) string {
	if of == 1 {
		return ""
	}
	return fmt.Sprintf(" %d of %d", i+1, of)
}

func (m Model) noted(cell, text string) Model {
	m.transcript = m.transcript.Append(cell, transcript.Note, text+"\n")
	return m
}

// maxPrompt is how much of a prompt is shown, in bytes.
const maxPrompt = 4000

// cut keeps the beginning, and says how much there was.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return fmt.Sprintf("%s … (%d more bytes)", strings.ToValidUTF8(text[:most], ""), len(text)-most)
}
