from monitor.samplehub.admission import CAPACITY, AdmissionQueue
from monitor.samplehub.task import Task


def task(number, lane=0):
    return Task(number, float(number), lane, None)


def filled(*lanes):
    queue = AdmissionQueue()
    for number, lane in enumerate(lanes):
        queue.put(task(number, lane))
    return queue


def test_the_bound_holds_for_both_lanes_together():
    """With 32 waiting tasks the queue is full, however they are spread over the lanes."""
    queue = filled(*([0] * 20 + [1] * (CAPACITY - 21)))
    assert not queue.full
    queue.put(task(99, 1))
    assert queue.full
    assert len(queue) == CAPACITY == 32


def test_a_lane_gives_only_its_own_tasks():
    """Static assignment takes the tasks of one lane, in their order."""
    queue = filled(0, 1, 0, 1, 0)
    assert [taken.id for taken in queue.take(2, 0)] == [0, 2]
    assert (queue.depth(0), queue.depth(1), queue.depth(None)) == (1, 2, 3)


def test_all_lanes_together_give_the_oldest_first():
    """Without an assignment, tasks leave in the order of their intended starts."""
    assert [taken.id for taken in filled(1, 0, 0, 1).take(9, None)] == [0, 1, 2, 3]


def test_the_oldest_of_an_empty_lane_is_unknown():
    """Nothing waits, so there is no age."""
    queue = filled(1)
    assert queue.oldest(0) is None
    assert queue.oldest(1) == queue.oldest(None) == 0.0
