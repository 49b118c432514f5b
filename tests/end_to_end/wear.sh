#!/bin/sh
# wear.sh BINARIES [ROWS]: the bytes that twelve hours of showings cost a real file system, its own journal included: an ext4 in a loop
# file, counted at the loop device. Needs root and loop devices. Each row is synced as on a screen.
set -eu
binaries=$1
rows=${2:-2880}
folder=$(mktemp -d)
device=
trap 'umount "$folder/mount" 2>/dev/null || true; [ -z "$device" ] || losetup -d "$device"; rm -rf "$folder"' EXIT
truncate -s 256M "$folder/image"
mkfs.ext4 -q "$folder/image"
mkdir "$folder/mount"
device=$(losetup --find --show "$folder/image")
mount -o noatime,lazytime "$device" "$folder/mount"
sectors() { sync; awk '{ print $7 }' "/sys/block/${device#/dev/}/stat"; }
before=$(sectors)
"$binaries/wear_journal" "$folder/mount" "$rows"
after=$(sectors)
awk -v s=$((after - before)) -v r="$rows" 'BEGIN { printf "%-28s %8.2f MB %8.2f kB per row\n", "ext4, with its own journal:", s * 512 / 1e6, s * 512 / 1e3 / r }'
