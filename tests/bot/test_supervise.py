import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import sleep

import pytest

from bot.parts import busy, parts, settled_environment
from bot.settings import ROOT, load_settings
from bot.supervise import run

# Two parts that answer over HTTP and write their pid down each time they start.
SMALL = """
import sys
from pathlib import Path
from bot.settings import load_settings
from bot import supervise
from bot.parts import Part
from bot.supervise import Supervisor

supervise.ASK_EVERY, supervise.STUCK_AFTER = 0.2, 0.5

SERVE = '''
import http.server, os, sys
with open(sys.argv[2], "a") as log:
    log.write(str(os.getpid()) + chr(10))
class Yes(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Yes).serve_forever()
'''
folder = Path(sys.argv[1])
watched = [
    Part(name, [sys.executable, "-c", SERVE, port, str(folder / name)], f"http://127.0.0.1:{port}/")
    for name, port in zip(("one", "two"), sys.argv[2:])
]
settings = load_settings({"TONGXING_VAR": str(folder / "var"), "TONGXING_SECRET": "s" * 40})
sys.exit(Supervisor(settings, watched).stay(staff=False))
"""


def free_ports(count):
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [str(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def pids(folder, name):
    return [int(line) for line in (folder / name).read_text().split()]


def is_alive(pid):
    try:
        # A zombie is dead; only its parent has not looked yet.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(is_so):
    for _ in range(2000):
        if is_so():
            return
        sleep(0.01)
    raise AssertionError("it did not come")


def next_line(running, beginning):
    for line in running.stdout:
        if line.startswith(beginning):
            return line
    raise AssertionError(f"never said {beginning!r}")


@pytest.fixture
def running(tmp_path):
    command = [sys.executable, "-c", SMALL, str(tmp_path), *free_ports(2)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    next_line(running, "Ready")
    yield running
    running.kill()
    running.wait()
    running.stdout.close()


def test_a_start_tells_how_to_add_the_first_member_of_staff(running):
    assert "tongxing worker add" in next_line(running, "No staff")


def test_a_part_that_dies_comes_back(running, tmp_path):
    os.kill(pids(tmp_path, "one")[0], signal.SIGKILL)

    assert "starting it again" in next_line(running, "one ended (-9)")
    next_line(running, "one answers")
    assert (2, 1) == (len(pids(tmp_path, "one")), len(pids(tmp_path, "two")))


def test_a_part_that_is_stuck_is_started_again(running, tmp_path):
    os.kill(pids(tmp_path, "two")[0], signal.SIGSTOP)

    next_line(running, "two has not answered")
    next_line(running, "two answers")
    assert 2 == len(pids(tmp_path, "two"))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_leaves_no_orphan(running, tmp_path, how):
    running.send_signal(how)

    assert 0 == running.wait(30)
    assert not [pid for name in ("one", "two") for pid in pids(tmp_path, name) if is_alive(pid)]


def test_a_killed_supervisor_takes_its_parts_along(running, tmp_path):
    running.kill()

    wait_until(lambda: not [pid for name in ("one", "two") for pid in pids(tmp_path, name) if is_alive(pid)])


@pytest.fixture
def settings(tmp_path):
    ports = dict(zip(("TONGXING_PORT", "RASA_PORT", "ACTIONS_PORT"), free_ports(3), strict=True))
    return load_settings({"TONGXING_VAR": str(tmp_path), "LOG_LEVEL": "DEBUG", **ports}, ROOT)


def test_a_busy_port_is_named_in_one_line(settings):
    with socket.create_server(("127.0.0.1", settings.rasa_port)):
        [line] = busy(settings)

    assert str(settings.rasa_port) in line and "RASA_PORT" in line
    assert [] == busy(settings)


def test_a_database_that_is_away_is_told_in_one_line(settings, tmp_path, capsys):
    away = replace(settings, database_url=f"postgresql://nobody@/nothing?host={tmp_path}")

    assert 1 == run(away)
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("The database does not answer")


def test_rasa_and_the_actions_listen_to_this_machine_only(settings):
    _, rasa, _ = parts(settings, Path("model.tar.gz"))

    assert "127.0.0.1" == rasa.command[rasa.command.index("--interface") + 1]
    assert "127.0.0.1" == settled_environment(settings, "actions")["SANIC_HOST"]


def test_only_the_front_door_gets_the_secret_and_nobody_but_it_may_chatter(settings):
    front, rasa = settled_environment(settings, "front door"), settled_environment(settings, "rasa")

    assert (settings.secret, None) == (front.get("TONGXING_SECRET"), rasa.get("TONGXING_SECRET"))
    assert ("DEBUG", "INFO") == (front["LOG_LEVEL"], rasa["LOG_LEVEL"])
    assert "false" == rasa["RASA_TELEMETRY_ENABLED"]
