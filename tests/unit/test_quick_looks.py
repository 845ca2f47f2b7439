"""What is looked at quickly in a large file says what a look at every character says."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.uploads.formats.encoding import detect_encoding, is_utf8
from data.uploads.formats.large import _clean_text
from data.uploads.limits import UNSEEN_RE2, may_be_unseen, visible

EDGES = [0x00, 0x08, 0x0B, 0x0C, 0x0E, 0x1F, 0x7F, 0x80, 0x9F]
EDGES += [0x200B, 0x200F, 0x202A, 0x202E, 0x2060, 0x2069, 0xFEFF]
NEAR = sorted({code + step for code in EDGES for step in (-1, 0, 1) if code + step >= 0})
CHARACTERS = st.one_of(
    st.sampled_from([chr(code) for code in NEAR]),
    st.sampled_from("\t\n\r aZ~甲·—“”，😀"),
    st.characters(codec="utf-8"),
)
TEXTS = st.lists(st.none() | st.text(CHARACTERS, max_size=8), max_size=8)


def has_unseen(text: str) -> bool:
    return bool(pc.match_substring_regex(pa.array([text]), UNSEEN_RE2)[0].as_py())


def test_every_character_that_is_not_seen_may_be_there():
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    unseen = pc.match_substring_regex(pa.array(every), UNSEEN_RE2).to_pylist()
    found = [one for one, is_unseen in zip(every, unseen, strict=True) if is_unseen]
    assert len(found) > 80
    assert all(may_be_unseen(one.encode()) for one in found)
    assert not any(may_be_unseen(one.encode()) for one in "aZ~ 甲，é😀")
    assert not may_be_unseen(b"")


@given(text=st.text(CHARACTERS))
def test_a_quick_no_is_certain(text):
    content = text.encode()
    if not may_be_unseen(content):
        assert not has_unseen(text)
        assert visible(text) == text
    assert may_be_unseen(content) == may_be_unseen(memoryview(content))


@given(texts=TEXTS, cut=st.integers(0, 8), longest=st.integers(1, 6))
def test_a_column_is_cleaned_as_by_the_pattern_alone(texts, cut, longest):
    # Parts of a larger array, as a column may come: the rest of it is none of the column's.
    whole = pa.array([*texts, "\u200b" * 20], pa.string())
    column = pa.chunked_array([whole.slice(0, cut), whole.slice(cut, max(len(texts) - cut, 0))])
    plain = pc.replace_substring_regex(column, UNSEEN_RE2, "")
    plain = pc.utf8_slice_codeunits(plain, 0, longest)
    assert _clean_text(column, longest).to_pylist() == plain.to_pylist()


BYTES = st.one_of(
    st.binary(max_size=12),
    st.text(max_size=6).map(lambda text: text.encode("gb18030", errors="replace")),
    st.text(CHARACTERS, max_size=6).map(str.encode),
    st.tuples(st.text(CHARACTERS, max_size=4), st.binary(max_size=3)).map(
        lambda parts: parts[0].encode() + parts[1]
    ),
)


@given(content=BYTES)
def test_utf_8_is_what_python_decodes(content):
    try:
        content.decode("utf-8")
        decodes = True
    except UnicodeDecodeError:
        decodes = False
    assert is_utf8(content) == decodes


@pytest.mark.parametrize(
    "wrong", [b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe4\xb8", b"\x80", b"\xff"]
)
def test_what_is_no_utf_8(wrong):
    assert not is_utf8(wrong)
    assert not is_utf8("甲".encode() * 50 + wrong)
    with pytest.raises(UnicodeDecodeError, match=re.escape("'utf-8' codec")):
        wrong.decode("utf-8")


def test_the_encoding_of_a_text_that_is_no_utf_8():
    assert detect_encoding("甲,乙\n".encode("gb18030")) == "gb18030"
    assert detect_encoding(b"") == "utf-8"
    assert detect_encoding("甲,乙\n".encode("utf-8-sig")) == "utf-8-sig"
