"""Several workers count together: whichever is asked adds up what all of them have counted."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

ROOT = Path(__file__).parent.parent
# Forks workers, one after another, which count and wait; the last line tells their pids. Then it is the asked one.
WORKERS = """
import os, sys
from prometheus_client import multiprocess
from lumina import metrics

def work(number):
    metrics.messages_sent.inc(number)
    metrics.requests.labels("GET", "/", "2xx").observe(0.01 * number)
    metrics.watch(metrics.sockets, lambda: 10 * number)
    metrics.watch(metrics.sockets, lambda: 100 * number)
    metrics.sweep_lag.labels("expiry").set(number)
    metrics.queue_age.labels("mails").set(number)
    for _ in metrics.rounds():
        pass

pids = []
for number in (1, 2):
    pid = os.fork()
    if pid == 0:
        work(number)
        os._exit(0)
    os.waitpid(pid, 0)
    pids.append(pid)
if "bury" in sys.argv:
    # As the supervisor does.
    multiprocess.mark_process_dead(pids[1])
print(metrics.text().decode())
print("#", *pids, os.getpid())
"""


@pytest.fixture
def count(tmp_path):
    """Runs the workers; every sample by its name and labels, and the pids: first, second, asked."""

    def run(*arguments, shared=True):
        environment = {name: text for name, text in os.environ.items() if not name.startswith("PROMETHEUS")}
        environment |= {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)} if shared else {}
        command = [sys.executable, "-c", textwrap.dedent(WORKERS), *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        samples = {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(done.stdout)
            for sample in family.samples
        }
        return samples, done.stdout.splitlines()[-1].split()[1:]

    return run


def test_counters_and_histograms_are_added_up(count):
    samples, _ = count()
    assert samples["lumina_messages_sent_total",] == 3
    assert samples["lumina_http_request_duration_seconds_count", "/", "2xx", "GET"] == 2
    assert samples["lumina_http_request_duration_seconds_sum", "/", "2xx", "GET"] == pytest.approx(0.03)
    assert samples["lumina_loop_pass_seconds_count",] == 2


def test_gauges_are_added_up_or_the_worst_of_them_told(count):
    samples, (first, second, asked) = count()
    assert samples["lumina_sockets_connected",] == 300
    assert samples["lumina_sweep_lag_seconds", "expiry"] == 2
    assert samples["lumina_queue_age_seconds", "mails"] == 2
    assert samples["lumina_workers",] == 3
    for pid in (first, second, asked):
        assert samples["lumina_worker_resident_memory_bytes", pid] > 1_000_000
        assert samples["lumina_worker_open_fds", pid] > 2
        assert ("lumina_worker_cpu_seconds", pid) in samples


def test_a_dead_workers_gauges_go_and_its_counts_stay(count):
    samples, (first, second, _) = count("bury")
    assert samples["lumina_messages_sent_total",] == 3
    assert samples["lumina_sockets_connected",] == 100
    assert samples["lumina_workers",] == 2
    assert ("lumina_worker_resident_memory_bytes", first) in samples
    assert ("lumina_worker_resident_memory_bytes", second) not in samples


def test_without_a_common_folder_each_counts_for_itself(count):
    samples, _ = count(shared=False)
    assert samples["lumina_messages_sent_total",] == 0
    assert samples["lumina_workers",] == 1
    assert samples["process_resident_memory_bytes",] > 1_000_000
