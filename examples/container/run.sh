#!/bin/sh
# A container without a container engine: a root with a busybox and the static fpty, which is process 1 in it. Run as root, after `make static`:
#
#   examples/container/run.sh /tmp/web        serves /tmp/web/run/fpty.usocket until Ctrl-C
#
# and in another terminal: out/fpty connect /tmp/web/run/fpty.usocket
set -eu
root=${1:?"give a directory that becomes the root, such as /tmp/web"}
fpty=${FPTY:-$(dirname "$0")/../../out/static/fpty}
[ "$(id -u)" = 0 ] || { echo "run.sh: only root can make a root with devices of its own" >&2; exit 1; }
[ -x "$fpty" ] || { echo "run.sh: $fpty is missing; make it with: make static" >&2; exit 1; }

mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/run" "$root/tmp"
cp "$fpty" "$root/bin/fpty"
cp "$(command -v busybox)" "$root/bin/busybox"
for name in sh ls ps id cat hostname tty vi; do ln -sf busybox "$root/bin/$name"; done

# Inside: devices and a devpts of its own, then nothing of the host is left, and fpty takes the place of this shell as process 1.
export root
exec unshare --mount --pid --fork --uts --ipc --kill-child /bin/sh -euc '
    mount -t tmpfs -o mode=755 none "$root/dev"
    mkdir "$root/dev/pts"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
    ln -s pts/ptmx "$root/dev/ptmx"
    for device in null zero urandom tty; do
        : >"$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
    done
    mount -t proc proc "$root/proc"
    hostname web
    exec chroot "$root" /bin/fpty serve --forkpty-urouter /run/fpty.usocket
'
