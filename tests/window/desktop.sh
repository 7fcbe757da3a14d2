#!/usr/bin/env bash
# Runs a command on a desktop of its own: a private bus, an unlocked keyring in a new folder and a
# virtual screen. The till meets the same Secret Service and the same window system as in a shop,
# and the keyring of whoever runs it is never touched.
#   tests/window/desktop.sh COMMAND [ARGUMENT…]
set -euo pipefail

if [ -z "${EVERTILL_DESKTOP:-}" ]; then
  EVERTILL_DESKTOP=$(mktemp -d)
  export EVERTILL_DESKTOP
  trap 'rm -rf "$EVERTILL_DESKTOP"' EXIT
  mkdir -m 700 "$EVERTILL_DESKTOP/run" "$EVERTILL_DESKTOP/data"
  export XDG_RUNTIME_DIR=$EVERTILL_DESKTOP/run XDG_DATA_HOME=$EVERTILL_DESKTOP/data
  dbus-run-session -- "$0" "$@"
  exit
fi

# An empty secret would open no collection, so the keyring gets one.
printf 'evertill\n' | gnome-keyring-daemon --foreground --unlock --components=secrets \
  >"$EVERTILL_DESKTOP/keyring.log" 2>&1 &
keyring=$!
trap 'kill "$keyring" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
    org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null |
    grep -q 'boolean true' && break
  sleep 0.05
done

export WEBKIT_DISABLE_DMABUF_RENDERER=1 NO_AT_BRIDGE=1 GDK_BACKEND=x11
xvfb-run --auto-servernum --server-args="-screen 0 ${EVERTILL_SCREEN:-1280x800x24}" "$@"
