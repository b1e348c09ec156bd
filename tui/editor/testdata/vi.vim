" Makes the last two columns of vi.txt, or of the file that $VI_TABLE names, from the first two, by asking vim. `go generate`
" runs it. The columns, between tabs: a text with U+2502 at the cursor, keys, the text that they lead to with U+2506 at the other
" end of what is selected, and the mode.
set encoding=utf-8
scriptencoding utf-8
" As the editor is.
set autoindent expandtab shiftwidth=4 softtabstop=4 shiftround tabstop=4 textwidth=0 formatoptions= nojoinspaces
set ignorecase smartcase wrapscan startofline whichwrap= backspace=indent,eol,start nrformats= hidden notimeout

let s:cursor = "\u2502"
let s:other = "\u2506"
let s:modes = {'n': 'normal', 'i': 'insert', 'R': 'replace', 'v': 'visual', 'V': 'lines'}

function! Tell()
	let s:mode = mode()
	let s:at = getpos('.')[1:2]
	let s:from = getpos('v')[1:2]
	let s:lines = getline(1, '$')
endfunction
noremap <F12> <Cmd>call Tell()<CR>
noremap! <F12> <Cmd>call Tell()<CR>

function! s:put(lines, at, sign)
	let line = a:lines[a:at[0] - 1]
	let a:lines[a:at[0] - 1] = strpart(line, 0, a:at[1] - 1) . a:sign . strpart(line, a:at[1] - 1)
endfunction

function! s:play(start, keys)
	enew!
	let lines = split(eval(a:start), "\n", 1)
	for number in range(len(lines))
		let at = stridx(lines[number], s:cursor)
		if at >= 0
			let cursor = [number + 1, at + 1]
			let lines[number] = substitute(lines[number], s:cursor, '', '')
		endif
	endfor
	for name in split('abcdefghijklmnopqrstuvwxyz0123456789-"', '\zs')
		call setreg(name, [])
	endfor
	let @/ = ''
	call setcharsearch({'char': "\x01", 'forward': 1, 'until': 0})
	set undolevels=-1
	call setline(1, lines)
	set undolevels=1000
	call cursor(cursor)
	let keys = substitute(escape(a:keys, '\"'), '<\([a-z-]\+\)>', '\\<\1>', 'g')
	let s:mode = '?'
	silent! call feedkeys(eval('"' . keys . '\<F12>"'), 'tx')
	let lines = copy(s:lines)
	let places = [[s:at, s:cursor]]
	if s:mode ==? 'v' && s:from != s:at
		call add(places, [s:from, s:other])
		if s:at[0] < s:from[0] || s:at[0] == s:from[0] && s:at[1] < s:from[1]
			call reverse(places)
		endif
	endif
	for [at, sign] in places
		call s:put(lines, at, sign)
	endfor
	let text = substitute(escape(join(lines, "\n"), '\"'), "\n", '\\n', 'g')
	return '"' . substitute(text, "\t", '\\t', 'g') . '"' . "\t" . get(s:modes, s:mode, s:mode)
endfunction

let s:file = empty($VI_TABLE) ? expand('<sfile>:p:h') . '/vi.txt' : $VI_TABLE
let s:rows = readfile(s:file)
for s:n in range(len(s:rows))
	let s:columns = split(s:rows[s:n], "\t", 1)
	if s:rows[s:n] =~# '^"'
		let s:rows[s:n] = s:columns[0] . "\t" . s:columns[1] . "\t" . s:play(s:columns[0], s:columns[1])
	endif
endfor
call writefile(s:rows, s:file)
qall!
