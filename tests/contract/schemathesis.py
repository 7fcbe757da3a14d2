#!/usr/bin/env python3
"""Holds the hub to the OpenAPI document it serves.

Starts `evertill-demo serve` on a fresh database, walks a till's day through every endpoint
(`conversation.py`), then lets schemathesis send examples, boundary cases and random requests with
all its checks: no 5xx, only documented statuses, media types, headers and bodies, invalid input
refused, no endpoint open without its token.

    python3 tests/contract/schemathesis.py            about half a minute
    python3 tests/contract/schemathesis.py --long     ten minutes, with stateful sequences

`EVERTILL_SCHEMATHESIS` names the schemathesis program; without it one is installed from PyPI
under `target/`. `EVERTILL_HUB_BIN` names the demo hub; without it the debug build is taken. Exit
code 0 only if nothing was found.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VERSION = "4.32.5"


def schemathesis_program():
    given = os.environ.get("EVERTILL_SCHEMATHESIS")
    if given:
        return pathlib.Path(given)
    folder = ROOT / "target" / "schemathesis-venv"
    program = folder / "bin" / "schemathesis"
    if not program.exists():
        venv.create(folder, with_pip=True)
        subprocess.run(
            [folder / "bin" / "python", "-m", "pip", "install", "--quiet",
             f"schemathesis=={VERSION}"],
            check=True,
        )
    return program


def hub_program():
    given = os.environ.get("EVERTILL_HUB_BIN")
    path = pathlib.Path(given) if given else ROOT / "target" / "debug" / "evertill-demo"
    if not path.exists():
        raise SystemExit(f"{path} is missing: run `cargo build -p evertill-demo` first")
    return path


def fuzz(program, url, token, seconds, phases):
    """Runs the fuzzer; its exit code is 0 only if it found nothing."""
    return subprocess.run(
        [
            program, "--config-file", HERE / "schemathesis.toml", "run", f"{url}/openapi.json",
            "--header", f"Authorization: Bearer {token}",
            "--checks", "all",
            "--phases", phases,
            "--max-time", str(seconds),
            "--request-timeout", "20",
            "--seed", "20260105",
            "--generation-database", "none",
            "--no-color",
        ],
        env={**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE / "modules")},
        cwd=ROOT / "target",
        # Beyond its own budget only a hang is left.
        timeout=seconds + 120,
    ).returncode


def main():
    options = argparse.ArgumentParser(description="Holds the hub to its OpenAPI document.")
    options.add_argument("--long", action="store_true", help="ten minutes instead of half a one")
    long = options.parse_args().long
    program, hub = schemathesis_program(), hub_program()
    with tempfile.TemporaryDirectory(prefix="evertill-contract-") as folder:
        with open(pathlib.Path(folder) / "hub.log", "w+", encoding="utf-8") as log:
            server = subprocess.Popen(
                [hub, "serve", "--db", pathlib.Path(folder) / "hub.sqlite",
                 "--listen", "127.0.0.1:0", "--print-json"],
                stdout=subprocess.PIPE, stderr=log, text=True,
            )
            try:
                greeting = json.loads(server.stdout.readline())
                talk = subprocess.run(
                    [program.parent / "python", HERE / "modules" / "conversation.py",
                     greeting["url"], greeting["enrol_code"]],
                    stdout=subprocess.PIPE, text=True, timeout=120,
                )
                if talk.returncode != 0:
                    raise SystemExit("the hub does not keep to its description")
                answer = json.loads(talk.stdout.splitlines()[-1])
                print(f"conversation: {answer['steps']} steps, all as described", flush=True)
                seconds, phases = (600, "examples,coverage,fuzzing,stateful") if long else (
                    30, "examples,coverage,fuzzing")
                found = fuzz(program, greeting["url"], answer["token"], seconds, phases)
                if server.poll() is not None:
                    raise SystemExit(f"the hub ended with {server.returncode}")
                log.seek(0)
                panics = [line for line in log if "panicked" in line]
                if panics:
                    raise SystemExit("a request handler panicked:\n" + "".join(panics[:5]))
            finally:
                server.terminate()
                server.wait(timeout=30)
    sys.exit(found)


if __name__ == "__main__":
    main()
