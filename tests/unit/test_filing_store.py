"""The files' store: nothing is lost, nothing is read by who sees the disk, and what is broken says so."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from services.filing.check import check
from services.filing.store import FileStore, FileUnreadable
from services.messaging.clock import SystemClock
from services.messaging.errors import Unavailable
from services.messaging.settings import Secret

CONTENT = b"%PDF-1.7 a statement of a midwife" * 100
PDF = "application/pdf"
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
TODAY = datetime(2026, 11, 20, tzinfo=UTC)


def store_in(folder, key="k" * 40):
    return FileStore(folder, Secret(key), token=SystemClock().token)


@pytest.fixture
def store(tmp_path):
    return store_in(tmp_path)


def on_disk(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def aged(folder, file_id, at=LONG_AGO):
    [path] = folder.rglob(file_id)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def test_what_was_stored_comes_back_whole(store):
    file = store.put(CONTENT, PDF)
    assert store.get(file.id) == (file, CONTENT)
    assert (file.size, file.media_type) == (len(CONTENT), PDF)


def test_the_disk_tells_neither_content_nor_kind_nor_which_file_it_is(store, tmp_path):
    file = store.put(CONTENT, PDF)
    [path] = on_disk(tmp_path)
    raw = path.read_bytes()
    assert b"midwife" not in raw and b"pdf" not in raw
    assert path == tmp_path / file.id[:2] / file.id[2:4] / file.id
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert store_in(tmp_path / "..", key="o" * 40)._id_of(CONTENT) != file.id  # who has no key cannot look for a file


def test_the_same_content_twice_is_one_file(store, tmp_path):
    assert store.put(CONTENT, PDF) == store.put(CONTENT, PDF)
    assert len(on_disk(tmp_path)) == 1


def test_an_empty_file_and_a_large_one_are_files_too(store):
    for content in (b"", b"\0\n" * 5_000_000):
        assert store.get(store.put(content, PDF).id)[1] == content


def test_many_at_once_store_the_same_and_all_can_read_it(store, tmp_path):
    with ThreadPoolExecutor(8) as people:
        files = list(people.map(lambda _: store.put(CONTENT, PDF), range(40)))
    assert len(set(files)) == 1
    assert store.get(files[0].id)[1] == CONTENT
    assert len(on_disk(tmp_path)) == 1


@pytest.mark.parametrize("place", [0, 5, 6, 17, 18, 40, -1])
def test_one_wrong_bit_is_noticed_wherever_it_is(store, tmp_path, place):
    file = store.put(CONTENT, PDF)
    [path] = on_disk(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(raw)
    with pytest.raises(FileUnreadable) as caught:
        store.get(file.id)
    assert caught.value.reason == "damaged"


@pytest.mark.parametrize("left", [0, 3, 10, 30, 100])
def test_half_a_file_is_no_file(store, tmp_path, left):
    file = store.put(CONTENT, PDF)
    [path] = on_disk(tmp_path)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(FileUnreadable, match="damaged"):
        store.get(file.id)


def test_a_file_under_the_name_of_another_is_not_taken_for_it(store, tmp_path):
    one, other = store.put(CONTENT, PDF), store.put(b"other", PDF)
    [path] = tmp_path.rglob(one.id)
    [place] = tmp_path.rglob(other.id)
    place.write_bytes(path.read_bytes())
    with pytest.raises(FileUnreadable, match="damaged"):
        store.get(other.id)


def test_a_file_that_is_gone_is_told_as_missing(store, tmp_path):
    file = store.put(CONTENT, PDF)
    on_disk(tmp_path)[0].unlink()
    with pytest.raises(FileUnreadable) as caught:
        store.get(file.id)
    assert caught.value.reason == "missing"


def test_with_another_secret_nothing_opens(store, tmp_path):
    file = store.put(CONTENT, PDF)
    with pytest.raises(FileUnreadable, match="damaged"):
        store_in(tmp_path, key="o" * 40).get(file.id)


def test_what_was_stored_under_an_older_secret_still_opens_and_new_files_do_not_need_it(store, tmp_path):
    old = store.put(CONTENT, PDF)
    changed = FileStore(tmp_path, Secret("n" * 40), token=SystemClock().token, previous=Secret("k" * 40))
    assert changed.get(old.id)[1] == CONTENT
    new = changed.put(CONTENT, PDF)
    assert new.id != old.id
    assert store_in(tmp_path, key="n" * 40).get(new.id)[1] == CONTENT


def test_storing_again_mends_a_damaged_file(store, tmp_path):
    file = store.put(CONTENT, PDF)
    on_disk(tmp_path)[0].write_bytes(b"spoilt")
    assert store.put(CONTENT, PDF) == file
    assert store.get(file.id)[1] == CONTENT


@pytest.mark.parametrize("bad", ["", "..", "../" * 20 + "0000", "A" * 64, "0" * 63, "0" * 64 + "\n", "0" * 60 + "/../"])
def test_only_ids_of_ours_lead_to_the_disk(store, bad):
    with pytest.raises(ValueError, match="no id"):
        store.get(bad)


def test_a_full_disk_tells_so_and_leaves_nothing_half_written(store, tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable):
        store.put(CONTENT, PDF)
    assert on_disk(tmp_path) == []


def test_a_file_has_its_name_only_after_its_bytes_are_safe(store, tmp_path, monkeypatch):
    seen = []
    flush = os.fsync

    def watched(handle):
        seen.append([path.parent.name for path in on_disk(tmp_path)])
        flush(handle)

    monkeypatch.setattr(os, "fsync", watched)
    file = store.put(CONTENT, PDF)
    # first the bytes, while the file has no name of its own; then each folder up to the root
    assert seen == [["coming-in"], *[[file.id[2:4]]] * 3]


# --- looking after


def test_the_check_reads_every_file_and_names_those_that_are_not_whole(store, tmp_path):
    good, bad, gone = (store.put(content, PDF) for content in (b"a", b"b", b"c"))
    [path] = tmp_path.rglob(bad.id)
    path.write_bytes(b"spoilt")
    assert check(store, None) == (3, [f"damaged      {bad.id}"])
    assert sorted(store.ids()) == sorted([good.id, bad.id, gone.id])


def test_old_files_are_set_aside_and_can_come_back(store, tmp_path):
    file = store.put(CONTENT, PDF)
    aged(tmp_path, file.id)
    assert store.set_aside(file.id, before=TODAY - WEEK)
    with pytest.raises(FileUnreadable, match="missing"):
        store.get(file.id)
    assert list(store.ids()) == []
    assert store.bring_back(file.id)
    assert store.get(file.id)[1] == CONTENT
    assert not store.bring_back(file.id)


def test_a_young_file_stays_where_it_is(store, tmp_path):
    file = store.put(CONTENT, PDF)
    aged(tmp_path, file.id, TODAY)
    assert not store.set_aside(file.id, before=TODAY - WEEK)
    assert store.get(file.id)[1] == CONTENT


def test_what_is_stored_again_while_it_is_set_aside_stays(store, tmp_path, monkeypatch):
    file = store.put(CONTENT, PDF)
    path = aged(tmp_path, file.id)
    rename = type(path).rename

    def stored_just_before(self, target):
        if self == path:
            store.put(CONTENT, PDF)  # between the look at its date and the move
        return rename(self, target)

    monkeypatch.setattr(type(path), "rename", stored_just_before)
    assert not store.set_aside(file.id, before=TODAY - WEEK)
    assert store.get(file.id)[1] == CONTENT


def test_setting_aside_what_is_not_there_does_nothing(store):
    assert not store.set_aside("0" * 64, before=TODAY)


def test_what_was_set_aside_is_thrown_away_a_month_later_and_not_before(store, tmp_path):
    file = store.put(CONTENT, PDF)
    aged(tmp_path, file.id, TODAY - timedelta(days=300))
    store.set_aside(file.id, before=TODAY - WEEK)
    # the month begins when it was set aside, not when it was written
    assert store.throw_away(before=TODAY - timedelta(days=30)) == 0
    aged(tmp_path, file.id, TODAY - timedelta(days=31))
    assert store.throw_away(before=TODAY - timedelta(days=30)) == 1
    assert on_disk(tmp_path) == []
