#!/bin/bash
# Clears a machine away, whatever became of those who booted it: clear-away.sh NAME SCRATCH [--when-left].
# What runs in it, in any session, is in its cgroups; its interfaces are called NAME or NAME-something. With --when-left the end of the input is waited for, which comes with
# the end of the process that holds the other side, however that ends; a line of input says that the machine is to stay.
set -u
name=$1 scratch=$2
[ "${3-}" = --when-left ] && read -r && exit 0
cgroups() { find /sys/fs/cgroup/"$name" /sys/fs/cgroup/*/"$name" -depth -type d 2> /dev/null; }
for _ in $(seq 600); do
  left=$(cgroups)
  [ -z "$left" ] && break
  for folder in $left; do
    xargs --no-run-if-empty kill -KILL < "$folder/cgroup.procs"
    rmdir "$folder"
  done 2> /dev/null
  sleep 0.05
done
for link in /sys/class/net/"$name" /sys/class/net/"$name"-*; do
  [ -e "$link" ] && ip link delete "${link##*/}"
done
# Never into what may still be mounted there.
for _ in $(seq 20); do rm -rf --one-file-system "$scratch" && break; sleep 0.1; done
