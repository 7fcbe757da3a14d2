#!/usr/bin/env python3
"""Starts one simulated receipt printer (emupos) for a test or the demo, and stops it again.

    printer.py --dir DIR [--emupos PATH] [--port N] [--api-port N] [--paper 80|58]

Writes DIR/emupos.yaml, starts `emupos run` with it, waits until the printer answers, then prints
one line of JSON and stays until its standard input is closed or it is asked to end (SIGTERM,
SIGINT):

    {"printer": "tcp://127.0.0.1:40001", "api": "http://127.0.0.1:40002/api/v1/devices/front",
     "receipts": "DIR/receipts", "pid": 1234}

Ports are free ones unless given. `--emupos` defaults to $EVERTILL_EMUPOS. See README.md.
Python 3.9 or later, standard library only; emupos itself needs 3.13 and has its own environment.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

START_WITHIN_SECONDS = 60
DEVICE = "front"

# The 58 mm paper of the layout: 32 columns of font A (12 dots) on 384 dots at 203 dpi. The rest is
# what emupos says about the same Epson model.
NARROW_PROFILE = """\
type: printer
name: Epson TM-T20III (58 mm)
dpi: 203
width_dots: 384
font_a: { width: 12, height: 24 }
font_b: { width: 9, height: 17 }
code_pages: { 0: PC437, 2: PC850, 3: PC860, 4: PC863, 5: PC865, 16: WPC1252, 17: PC866, 18: PC852, 19: PC858 }
default_code_page: 0
drawer_sensor_open_level: high
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_config(folder: Path, port: int, api_port: int, paper: str) -> Path:
    profile = "epson-tm-t20iii"
    if paper == "58":
        (folder / "narrow.yaml").write_text(NARROW_PROFILE, encoding="utf-8")
        profile = "./narrow.yaml"
    config = folder / "emupos.yaml"
    config.write_text(
        "schema: 1\n"
        f"api: {{ host: 127.0.0.1, port: {api_port} }}\n"
        "devices:\n"
        f"  - id: {DEVICE}\n"
        "    type: printer\n"
        f"    profile: {profile}\n"
        f"    connections: [{{ tcp: {{ port: {port} }} }}]\n"
        "    receipts_dir: ./receipts\n",
        encoding="utf-8",
    )
    return config


def wait_until_up(process: subprocess.Popen, url: str, log: Path) -> None:
    give_up = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < give_up:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    process.kill()
    sys.exit(f"emupos did not start; its output:\n{log.read_text(encoding='utf-8')}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--emupos", default=os.environ.get("EVERTILL_EMUPOS"))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--api-port", type=int, default=0)
    parser.add_argument("--paper", choices=("80", "58"), default="80")
    options = parser.parse_args()
    if not options.emupos:
        parser.error("say where emupos is: --emupos PATH or EVERTILL_EMUPOS")

    folder = options.dir.resolve()
    (folder / "receipts").mkdir(parents=True, exist_ok=True)
    port = options.port or free_port()
    api_port = options.api_port or free_port()
    config = write_config(folder, port, api_port, options.paper)
    log = folder / "emupos.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [os.path.abspath(options.emupos), "run", "--config", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )

    def stop(*_signal: object) -> None:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    api = f"http://127.0.0.1:{api_port}/api/v1/devices/{DEVICE}"
    wait_until_up(process, api, log)
    print(
        json.dumps(
            {
                "printer": f"tcp://127.0.0.1:{port}",
                "api": api,
                "receipts": str(folder / "receipts"),
                "pid": process.pid,
            }
        ),
        flush=True,
    )
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop()


if __name__ == "__main__":
    main()
