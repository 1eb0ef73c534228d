"""`cashier-app --demo --camera file:clip.mp4`: a film held up to the real program finds a member."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno

CODE = "LC1:PRYA7K2M4Q9XW3TB"

WATCHED = """
import json, sys, threading
from ui.__main__ import main
import ui.application as application

listen = application._listen_for_end

def listen_and_watch(qt, window):
    from PySide6.QtCore import QTimer
    from cashier_app.services.till_view import Serving
    listen(qt, window)
    pictures = set()
    watch = QTimer(window)

    def look():
        finder = window.screen_of_till.who.finders.seen()
        if finder is not None and finder.picture_number:
            pictures.add(finder.picture_number)
        person = window.view.person
        if isinstance(person, Serving):
            watch.stop()
            on = window.camera is not None and window.camera.is_on
            print(json.dumps({"member": person.member.name, "pictures": len(pictures), "on": on}))
            window.close()

    watch.timeout.connect(look)
    watch.start(10)

application._listen_for_end = listen_and_watch
code = main(sys.argv[1:])
left = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
print(json.dumps({"threads": left}))
sys.exit(code)
"""


def film(path: Path) -> Path:
    """Write a film of 2 s at 720p: an empty counter, then a code held up."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 15, (1280, 720))
    empty = np.full((720, 1280, 3), 110, np.uint8)
    matrix = segno.make_qr(CODE, error="m").matrix_iter(border=4)
    rows = np.array([[0 if dark else 255 for dark in row] for row in matrix], np.uint8)
    held = empty.copy()
    held[200:520, 480:800] = cv2.resize(rows, (320, 320), interpolation=cv2.INTER_NEAREST)[:, :, None]
    for number in range(30):
        writer.write(empty if number < 10 else held)
    writer.release()
    return path


def watched(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-W", "error", "-c", WATCHED, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("prefix", ["file:", ""])
def test_a_film_held_up_finds_the_member(tmp_path: Path, prefix: str) -> None:
    clip = film(tmp_path / "clip.mp4")
    done = watched("--demo", "--data", str(tmp_path / "data"), "--camera", f"{prefix}{clip}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    found, left = (json.loads(line) for line in done.stdout.splitlines())
    assert found["member"] == "Priya Raghunathan"
    assert found["on"]
    assert found["pictures"] >= 1, "and the picture was to be seen before"
    assert left["threads"] == []
