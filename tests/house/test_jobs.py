"""A job is named by a dotted path; nothing else would notice that it leads nowhere."""

from importlib import import_module

import pytest

from lti_app import queue

JOBS = {name: value for name, value in vars(queue).items() if isinstance(value, queue.Job)}


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_every_job_is_there_and_its_queue_is_served(job: queue.Job):
    module, _, function = job.path.rpartition(".")
    assert callable(getattr(import_module(module), function))
    assert job.queue in queue.QUEUES


def test_every_time_limit_is_that_of_a_queue():
    assert set(queue.TIME_LIMITS) <= set(queue.QUEUES)
