"""The parts that have edges of their own: the journal on disk, taken ids, WebSocket frames."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import unittest

from harness import KERNEL

sys.path.insert(0, KERNEL)

from sandrepl_kernel import errors, websocket  # noqa: E402
from sandrepl_kernel.bounded import Writer  # noqa: E402
from sandrepl_kernel.interrupts import Interrupts  # noqa: E402
from sandrepl_kernel.journal import Cursor, Journal  # noqa: E402
from sandrepl_kernel.requests import Taken  # noqa: E402


class InFolder(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="kernel-test-")
        self.addCleanup(shutil.rmtree, self.folder)


class Journals(InFolder):
    def fill(self, journal: Journal, count: int) -> None:
        for n in range(count):
            journal.append("stream", "p", {"name": "stdout", "text": f"{n:050d}"})

    def read(self, cursor: Cursor, limit: int = 700) -> list:
        parts = []
        while True:
            data = cursor.read(limit)
            if not data:
                return [json.loads(line) for line in b"".join(parts).splitlines()]
            self.assertLessEqual(len(data), limit)
            parts.append(data)

    def test_a_cursor_starts_anywhere(self) -> None:
        journal = Journal(self.folder, segment_bytes=1000)
        self.fill(journal, 50)
        self.assertGreater(len(journal.segments), 5)
        for after in range(51):
            cursor = Cursor(journal, after)
            self.assertEqual([event["seq"] for event in self.read(cursor)], list(range(after + 1, 51)), after)
            self.fill(journal, 0)
            cursor.close()

    def test_a_cursor_follows(self) -> None:
        journal = Journal(self.folder, segment_bytes=1000)
        cursor = Cursor(journal, 0)
        seen = []
        for _ in range(30):
            self.fill(journal, 1)
            seen += [event["seq"] for event in self.read(cursor)]
        self.assertEqual(seen, list(range(1, 31)))
        cursor.close()

    def test_the_oldest_is_dropped_and_said(self) -> None:
        journal = Journal(self.folder, segment_bytes=1000, total_bytes=5000)
        early = Cursor(journal, 0)
        self.fill(journal, 200)
        self.assertLess(sum(journal.sizes), 7000)
        cursor = Cursor(journal, 0)
        self.assertEqual(cursor.after, journal.segments[0] - 1)
        events = self.read(cursor)
        self.assertEqual([event["seq"] for event in events], list(range(journal.segments[0], journal.last + 1)))
        discarded = [event["content"] for event in events if event["type"] == "discarded"]
        self.assertEqual(discarded[-1]["last"], journal.segments[0] - 1)
        late = [event["seq"] for event in self.read(early)]
        self.assertEqual((late[0], late[-1]), (1, journal.last))
        early.close()
        cursor.close()

    def test_reopened(self) -> None:
        first = Journal(self.folder, segment_bytes=1000)
        self.fill(first, 20)
        with open(first.path(first.segments[-1]), "ab") as file:
            file.write(b'{"seq": 21, "tor')
        second = Journal(self.folder, segment_bytes=1000)
        self.assertEqual((second.last, second.id), (20, first.id))
        self.fill(second, 1)
        cursor = Cursor(second, 19)
        self.assertEqual([event["seq"] for event in self.read(cursor)], [20, 21])
        cursor.close()

    def test_a_full_disk_loses_text_only_and_says_so(self) -> None:
        """/dev/full takes nothing: a descriptor of it stands for the segment's while the disk is full."""
        journal = Journal(self.folder)
        self.fill(journal, 2)
        segment, full = journal._file, os.open("/dev/full", os.O_WRONLY)
        self.addCleanup(os.close, full)
        journal._file = full
        truncate, os.ftruncate = os.ftruncate, lambda file, size: None
        self.addCleanup(setattr, os, "ftruncate", truncate)
        self.fill(journal, 3)
        journal.append("execute_reply", "p", {"status": "ok"})
        self.assertTrue(journal.waiting)
        self.assertEqual(journal.last, 2)
        journal._file = segment
        journal.retry()
        self.assertFalse(journal.waiting)
        cursor = Cursor(journal, 2)
        said, reply = self.read(cursor)
        cursor.close()
        self.assertIn("3 pieces of output were lost: No space left on device", said["content"]["text"])
        self.assertEqual((reply["type"], reply["seq"]), ("execute_reply", 4))

    def test_long_text_is_cut_into_events(self) -> None:
        journal = Journal(self.folder)
        journal.stream("stdout", None, "é\ud800" * 100000, 1.5)
        cursor = Cursor(journal, 0)
        events = self.read(cursor, 1 << 20)
        cursor.close()
        self.assertEqual("".join(event["content"]["text"] for event in events), "é\ud800" * 100000)
        self.assertEqual((len(events), events[0]["time"], events[0]["parent"]), (4, 1.5, None))


class EarlyInterrupts(unittest.TestCase):
    def test_one_that_comes_before_the_code_runs_is_owed_to_that_cell_alone(self) -> None:
        interrupts = Interrupts()
        interrupts.coming = "a"
        interrupts.send()
        interrupts.begin("b")
        interrupts.running = None
        with self.assertRaises(KeyboardInterrupt):
            interrupts.begin("a")
        interrupts.begin("a")


class Ids(InFolder):
    def test_once_and_for_all(self) -> None:
        path = os.path.join(self.folder, "requests")
        taken = Taken(path, kept=10)
        self.assertEqual([taken.take("a"), taken.take("a"), taken.take("b")], [True, False, True])
        with open(path, "a") as file:
            file.write("torn")
        again = Taken(path, kept=10)
        self.assertEqual([again.take("a"), again.take("b"), again.take("torn")], [False, False, True])

    def test_bounded(self) -> None:
        path = os.path.join(self.folder, "requests")
        taken = Taken(path, kept=10)
        for n in range(100):
            self.assertTrue(taken.take(f"id{n}"))
        self.assertFalse(taken.take("id99"))
        with open(path) as file:
            self.assertLessEqual(len(file.readlines()), 21)


class Frames(unittest.TestCase):
    def masked(self, opcode: int, payload: bytes, final: bool = True) -> bytes:
        mask = b"\x01\x02\x03\x04"
        size = len(payload)
        head = bytes([(0x80 if final else 0) | opcode])
        head += bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + size.to_bytes(2, "big")
        return head + mask + bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))

    def test_byte_by_byte(self) -> None:
        data = self.masked(1, b"hel", final=False) + self.masked(9, b"!")
        data += self.masked(0, b"lo") + self.masked(2, b"x" * 300)
        parser = websocket.Parser(1000)
        got = []
        for n in range(len(data)):
            parser.feed(data[n : n + 1])
            message = parser.next()
            if message:
                got.append(message)
        self.assertEqual(got, [(9, b"!"), (1, b"hello"), (2, b"x" * 300)])

    def test_all_at_once(self) -> None:
        parser = websocket.Parser(1000)
        parser.feed(self.masked(1, b"a") + self.masked(1, b"b"))
        self.assertEqual([parser.next(), parser.next(), parser.next()], [(1, b"a"), (1, b"b"), None])

    def test_refused(self) -> None:
        bad = {
            "unmasked": b"\x81\x01a",
            "an extension": b"\xc1\x81\0\0\0\0a",
            "an unknown opcode": b"\x83\x81\0\0\0\0a",
            "a long ping": b"\x89\xfe\x00\x7e" + bytes(130),
            "a ping in parts": b"\x09\x80\0\0\0\0",
            "a continuation of nothing": self.masked(0, b"x"),
            "a message in a message": self.masked(1, b"x", final=False) + self.masked(1, b"y"),
            "too much": self.masked(1, b"x" * 700, final=False) + self.masked(0, b"x" * 400),
        }
        for name, data in bad.items():
            with self.subTest(name):
                parser = websocket.Parser(1000)
                parser.feed(data)
                with self.assertRaises(websocket.ProtocolError):
                    while parser.next() is not None:
                        pass

    def test_the_example_of_the_rfc(self) -> None:
        head = (
            b"GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13"
        )
        answer, opened = websocket.handshake(head)
        self.assertTrue(opened)
        self.assertIn(b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", answer)


class Bounded(unittest.TestCase):
    def test_exact_where_it_fits_and_a_prefix_where_not(self) -> None:
        mixed = [1, "two", (3.0,), {"k": {4}}, frozenset(), b"5", None, True, ...]
        values = [mixed, {}, (), set(), "quote ' and \" both", -1]
        for value in values:
            for limit in range(1, 90):
                text = Writer(limit, lambda foreign, room: "?").text(value)
                exact = repr(value)
                self.assertLessEqual(len(text), max(limit, 1))
                if len(exact) <= limit:
                    self.assertEqual(text, exact)
                elif not isinstance(value, str):
                    self.assertEqual(text, exact[: limit - 1] + "…")


class Interrupted(unittest.TestCase):
    def test_an_interrupt_of_an_import_of_the_kernels_own_shows_no_frames(self) -> None:
        class Finder:
            @staticmethod
            def find_spec(name, path=None, target=None):
                if name == "a_module_that_loads_long":
                    raise KeyboardInterrupt

        sys.meta_path.insert(0, Finder)
        self.addCleanup(sys.meta_path.remove, Finder)
        own = os.path.join(KERNEL, "sandrepl_kernel", "execute.py")
        self.assertEqual(self.interrupt("import a_module_that_loads_long", own)["traceback"], ["KeyboardInterrupt"])
        shown = self.interrupt("import a_module_that_loads_long", "<cell 1>")["traceback"]
        self.assertIn('  File "<cell 1>", line 1, in <module>', shown)

    def interrupt(self, code: str, filename: str) -> dict:
        try:
            exec(compile(code, filename, "exec"), {})
        except KeyboardInterrupt as error:
            error.__traceback__ = error.__traceback__.tb_next  # this test's own frame
            return errors.describe(error, filename)
        raise AssertionError("nothing was interrupted")


if __name__ == "__main__":
    unittest.main()
