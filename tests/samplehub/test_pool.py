import pytest

from monitor.samplehub import process
from monitor.samplehub.pool import BUFFER_BYTES, Buffer, BufferPool


def pool(*, enabled=True, capacity=64):
    made = BufferPool(capacity)
    made.switch(enabled)
    return made


def test_a_returned_buffer_is_reused():
    """The second task gets the first one's buffer: a hit, and no new memory."""
    buffers = pool()
    first = buffers.lease()
    buffers.release(first)
    assert buffers.lease() is first
    counts = buffers.counts
    assert (counts.hits, counts.misses) == (1, 1)
    assert (counts.reused_bytes, counts.allocated_bytes) == (BUFFER_BYTES, BUFFER_BYTES)


def test_no_task_sees_the_bytes_of_another():
    """A reused buffer is clean."""
    buffers = pool()
    first = buffers.lease()
    first.write(b"secret")
    buffers.release(first)
    assert buffers.lease().read(6) == bytes(6)


def test_without_the_pool_each_task_maps_its_own():
    """Off, every lease is fresh memory that is unmapped on return, and the pool is not asked."""
    buffers = pool(enabled=False)
    first = buffers.lease()
    buffers.release(first)
    with pytest.raises(ValueError, match="closed"):
        first.read(1)
    assert buffers.lease() is not first
    counts = buffers.counts
    assert (counts.hits, counts.misses, counts.allocated_bytes) == (0, 0, 2 * BUFFER_BYTES)


def test_the_pool_is_bounded():
    """What comes back beyond the capacity is unmapped instead of kept."""
    buffers = pool(capacity=2)
    leased = [buffers.lease() for _ in range(4)]
    for buffer in leased:
        buffers.release(buffer)
    assert buffers.in_use == 0
    assert [buffers.lease() in leased for _ in range(3)] == [True, True, False]


def test_switching_off_unmaps_the_idle_and_later_the_lent():
    """After the switch nothing stays mapped that no task uses."""
    buffers = pool()
    idle, lent = buffers.lease(), buffers.lease()
    buffers.release(idle)
    buffers.switch(False)
    buffers.release(lent)
    for buffer in (idle, lent):
        with pytest.raises(ValueError, match="closed"):
            buffer.read(1)
    assert buffers.in_use == 0


def test_longer_data_than_the_buffer_is_refused():
    """A write beyond the end is an error, not a cut."""
    buffer = Buffer(touched=False, pooled=True)
    with pytest.raises(ValueError, match="do not fit"):
        buffer.write(bytes(BUFFER_BYTES + 1))
    buffer.close()


@pytest.mark.skipif(process.resident_bytes() is None, reason="the system does not tell")
def test_resident_memory_follows_the_mechanism():
    """Fresh mappings are resident in full, pool buffers only where written, and closing gives all back."""
    before = process.resident_bytes()
    fresh = pool(enabled=False)
    leased = [fresh.lease() for _ in range(40)]
    in_full = process.resident_bytes() - before
    for buffer in leased:
        fresh.release(buffer)
    afterwards = process.resident_bytes() - before
    pooled = pool()
    for buffer in [pooled.lease() for _ in range(40)]:
        buffer.write(b"x" * 500)
    written = process.resident_bytes() - before - afterwards
    assert in_full > 35 * BUFFER_BYTES
    assert afterwards < 5 * BUFFER_BYTES
    assert written < 10 * BUFFER_BYTES
