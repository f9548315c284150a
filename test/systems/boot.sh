#!/bin/bash
# Boots layers of a file system as a machine: boot.sh NAME LAYERS SCRATCH [arguments for nspawn].
# No layer is ever written to: what the machine changes is in SCRATCH/changes. Run it with a mount namespace of its own
# (unshare --mount), and the mount goes with it; the cgroups are left for the caller to remove.
set -eu
name=$1 layers=$2 scratch=$3
shift 3
cd "$scratch"
mkdir -p changes work root

# Otherwise the machine's systemd takes over the cgroup of whoever started the tests.
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*/; do
  [ -e "$hierarchy/cgroup.procs" ] || continue
  [ "$hierarchy" = /sys/fs/cgroup ] || [ ! -e /sys/fs/cgroup/cgroup.procs ] || continue
  mkdir -p "$hierarchy/$name"
  if [ -e "$hierarchy/cpuset.cpus" ] && [ ! -e /sys/fs/cgroup/cgroup.procs ]; then
    cat "$hierarchy/cpuset.cpus" > "$hierarchy/$name/cpuset.cpus"
    cat "$hierarchy/cpuset.mems" > "$hierarchy/$name/cpuset.mems"
  fi
  echo $$ > "$hierarchy/$name/cgroup.procs"
done

mount -t overlay overlay -o "lowerdir=$layers,upperdir=$scratch/changes,workdir=$scratch/work" "$scratch/root"
# nspawn filters system calls of every process, and a service without a filter of its own would have that one.
export SYSTEMD_SECCOMP=0
exec systemd-nspawn --quiet --directory="$scratch/root" --machine="$name" --hostname="$name" --private-network \
  --register=no --keep-unit --kill-signal=SIGRTMIN+3 --console=pipe "$@" /sbin/init-machine
