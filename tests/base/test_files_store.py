"""The file store: uploads, deduplication by content, sweeping, and crashes."""

import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from cop.base import clock, errors, files
from cop.base.files.spool import CHUNK, PREFIX
from cop.base.files.store import AT_ONCE

HOUR = timedelta(hours=1)
LIMIT = 10_000_000


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path):
    """Return a store of each kind; the bucket is obstore's in-memory store."""
    if request.param == "folder":
        return files.open_store(f"file://{tmp_path}/files")
    memory = pytest.importorskip("obstore.store").MemoryStore()
    from cop.base.files.bucket import BucketStore

    return BucketStore(memory, tmp_path / "spool")


@pytest.fixture
def folder(tmp_path):
    return files.open_store(f"file://{tmp_path}/files")


@pytest.fixture
def later():
    """Move the clock of the product forward."""
    yield clock.shift
    clock.shift(AT_ONCE)


def keep(store, content):
    return store.keep(store.spool(io.BytesIO(content), LIMIT))


def uploads(folder):
    """Return the unfinished uploads in the folder of a local store."""
    return list((folder.root / "tmp").glob(f"{PREFIX}*"))


def test_kept_file_can_be_read(store):
    content = "Verslag van de intervisie, één regel per deelnemer.\n".encode() * 9000
    blob = keep(store, content)
    assert blob == files.Blob(hashlib.sha256(content).hexdigest(), len(content), "text/plain")
    assert store.has(blob.sha256)
    assert store.size(blob.sha256) == len(content)
    with store.open(blob.sha256) as file:
        assert file.read() == content


def test_ranges_are_read_by_seeking(store):
    content = random.Random(7).randbytes(3_000_000)
    sha256 = keep(store, content).sha256
    with store.open(sha256) as file:
        assert file.seekable()
        file.seek(2_500_000)
        assert file.read(10) == content[2_500_000:2_500_010]
        file.seek(-5, os.SEEK_END)
        assert file.read() == content[-5:]
        file.seek(1)
        assert file.read(2_000_000) == content[1:2_000_001]
        file.seek(4_000_000)
        assert file.read(1) == b""


def test_same_content_is_stored_once(store):
    first, second = keep(store, b"twee keer hetzelfde"), keep(store, b"twee keer hetzelfde")
    assert first == second
    assert list(store.each()) == [first.sha256]


def test_keeping_twice_is_harmless(store):
    spooled = store.spool(io.BytesIO(b"een keer"), LIMIT)
    assert store.keep(spooled) == store.keep(spooled)
    store.discard(spooled)
    assert store.has(spooled.sha256)


def test_discarded_upload_cannot_be_kept(store):
    spooled = store.spool(io.BytesIO(b"toch niet"), LIMIT)
    store.discard(spooled)
    with pytest.raises(OSError):
        store.keep(spooled)
    assert not store.has(spooled.sha256)


def test_removed_file_is_gone(store):
    sha256 = keep(store, b"weg ermee").sha256
    assert store.remove(sha256) is True
    assert store.remove(sha256) is False
    assert not store.has(sha256)
    assert list(store.each()) == []
    with pytest.raises(FileNotFoundError):
        store.open(sha256)
    with pytest.raises(FileNotFoundError):
        store.size(sha256)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "/" + "a" * 63])
def test_only_a_digest_is_a_valid_address(store, digest):
    for question in (store.open, store.path, store.has, store.size, store.remove):
        with pytest.raises(ValueError):
            question(digest)


def test_orphan_that_is_kept_again_is_not_removed(store):
    sha256 = keep(store, b"nog niet verwezen").sha256
    assert list(store.each(untouched_for=HOUR)) == []
    assert store.remove(sha256, untouched_for=HOUR) is False
    assert store.has(sha256)


def test_old_orphan_is_removed(store, later):
    sha256 = keep(store, b"vergeten").sha256
    later(2 * HOUR)
    assert list(store.each(untouched_for=HOUR)) == [sha256]
    assert store.remove(sha256, untouched_for=HOUR) is True
    assert not store.has(sha256)


def test_keeping_again_resets_the_age(folder):
    sha256 = keep(folder, b"vergeten").sha256
    long_ago = time.time() - 7200
    os.utime(folder.path(sha256), (long_ago, long_ago))
    assert list(folder.each(untouched_for=HOUR)) == [sha256]
    keep(folder, b"vergeten")
    assert list(folder.each(untouched_for=HOUR)) == []
    assert folder.remove(sha256, untouched_for=HOUR) is False


def test_age_counts_from_keeping(folder):
    spooled = folder.spool(io.BytesIO(b"lang onderweg"), LIMIT)
    long_ago = time.time() - 7200
    os.utime(spooled.path, (long_ago, long_ago))
    folder.keep(spooled)
    assert list(folder.each(untouched_for=HOUR)) == []


def test_size_limit_is_exact(store):
    assert store.spool(io.BytesIO(b"x" * 1000), 1000).size == 1000
    with pytest.raises(files.TooLarge) as refused:
        store.spool(io.BytesIO(b"x" * 1001), 1000)
    assert refused.value.limit == 1000
    assert (refused.value.status, refused.value.reason) == (413, "too_large")
    assert isinstance(refused.value, errors.Problem)


def test_endless_stream_is_stopped_at_the_limit(folder):
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(files.TooLarge):
        folder.spool(stream, 3 * CHUNK + 5)
    assert stream.given == 3 * CHUNK + 6
    assert uploads(folder) == []


def test_broken_stream_leaves_nothing(folder):
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        folder.spool(Broken(), LIMIT)
    assert uploads(folder) == []


def test_refused_upload_leaves_nothing(folder):
    with pytest.raises(files.Refused):
        folder.spool(io.BytesIO(b"PK\x03\x04 is geen zip"), LIMIT)
    assert uploads(folder) == []


def test_content_is_stored_by_digest_with_private_permissions(folder):
    sha256 = keep(folder, b"vertrouwelijk").sha256
    assert folder.path(sha256) == folder.root / sha256[:2] / sha256[2:4] / sha256
    assert folder.path(sha256).stat().st_mode & 0o077 == 0
    assert (folder.root / "tmp").stat().st_mode & 0o077 == 0


def test_keeping_again_repairs_a_damaged_file(folder):
    blob = keep(folder, b"heel en gaaf")
    folder.path(blob.sha256).write_bytes(b"heel en")
    keep(folder, b"heel en gaaf")
    assert folder.path(blob.sha256).read_bytes() == b"heel en gaaf"


def test_concurrent_uploads_keep_one_complete_file(folder):
    content, failures = random.Random(1).randbytes(1_000_000), []

    def upload():
        try:
            keep(folder, content)
            folder.remove(hashlib.sha256(content).hexdigest(), untouched_for=HOUR)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=upload) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    (sha256,) = folder.each()
    assert folder.path(sha256).read_bytes() == content
    assert uploads(folder) == []


def test_foreign_files_in_the_folder_are_ignored(folder):
    sha256 = keep(folder, b"echt").sha256
    folder.path(sha256).with_name("notitie.txt").write_text("hoort hier niet")
    assert list(folder.each()) == [sha256]


UPLOADER = """
import sys, time
from cop.base import files
files.open_store(sys.argv[1]).spool(sys.stdin.buffer, 10_000_000)
print("spooled", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("finished", [False, True], ids=["during the upload", "before it is stored"])
def test_killed_upload_is_swept(folder, finished):
    uploader = subprocess.Popen(
        [sys.executable, "-c", UPLOADER, f"file://{folder.root}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        uploader.stdin.write(b"x" * (2 * CHUNK))
        uploader.stdin.flush()
        if finished:
            uploader.stdin.close()
            assert uploader.stdout.readline() == b"spooled\n"
        else:
            wait_until(lambda: any(upload.stat().st_size for upload in uploads(folder)))
    finally:
        os.kill(uploader.pid, signal.SIGKILL)
        uploader.wait()
        uploader.stdout.close()
        uploader.stdin.close()
    assert len(uploads(folder)) == 1
    assert list(folder.each()) == []
    assert folder.sweep(older_than=HOUR) == 0
    assert folder.sweep(older_than=AT_ONCE) == 1
    assert uploads(folder) == []


def wait_until(true, seconds=20):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_sweep_keeps_stored_files(store):
    sha256 = keep(store, b"blijft").sha256
    assert store.sweep(older_than=AT_ONCE) == 0
    assert store.has(sha256)


def test_folder_name_may_contain_a_space(tmp_path):
    store = files.open_store(f"file://{tmp_path}/met%20spatie")
    assert store.root == tmp_path / "met spatie"


@pytest.mark.parametrize("url", ["", "/var/files", "file://server/share", "ftp://x/y", "s3://", "file://"])
def test_other_url_schemes_are_refused(url):
    with pytest.raises(ValueError):
        files.open_store(url)


def test_missing_bucket_dependency_is_named(monkeypatch):
    for module in [m for m in sys.modules if m.startswith(("obstore.", "cop.base.files.bucket"))]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(ModuleNotFoundError, match=r"cop\[s3\]"):
        files.open_store("s3://bestanden")


@pytest.mark.parametrize("url", ["s3://sleutel:geheim@bestanden", "s3://bestanden?secret_access_key=geheim"])
def test_bucket_url_must_not_contain_keys(url, tmp_path):
    pytest.importorskip("obstore")
    with pytest.raises(ValueError) as refused:
        files.open_store(url, tmp_path)
    assert "geheim" not in str(refused.value)


def test_unreachable_bucket_raises_a_storage_error(tmp_path):
    obstore = pytest.importorskip("obstore.store")
    from cop.base.files.bucket import BucketStore

    nobody = obstore.S3Store(
        "bestanden",
        config={
            "endpoint": "http://127.0.0.1:9",
            "region": "x",
            "access_key_id": "x",
            "secret_access_key": "x",
        },
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    store = BucketStore(nobody, tmp_path / "spool")
    with pytest.raises(OSError, match="bucket") as failed:
        store.has("a" * 64)
    assert not isinstance(failed.value, FileNotFoundError)


def test_bucket_spools_in_a_private_folder(monkeypatch, tmp_path):
    pytest.importorskip("obstore")
    from cop.base.files import bucket

    monkeypatch.setattr(bucket.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = bucket._private_folder()
    assert folder == bucket._private_folder()
    assert folder.stat().st_mode & 0o077 == 0
    folder.rmdir()
    folder.symlink_to(Path("/"))
    with pytest.raises(PermissionError):
        bucket._private_folder()
