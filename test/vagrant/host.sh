#!/bin/bash
# The first process of a host inside the host: host.sh SCRATCH COMMAND... starts libvirt and runs the command.
# It is started with network, mounts and processes of its own (unshare(1)): the bridge and the machines are in that network,
# what libvirt writes under /etc, /run and /var is over folders of SCRATCH, and with this process all others go.
# A shell reaps what daemons leave behind, which libvirt waits for (waitpid(2), virsh destroy).
set -eu
scratch=$1
shift
mkdir -p "$scratch"/{libvirt,lib,cache,log}
cp -a /etc/libvirt/. "$scratch/libvirt"
mount --bind "$scratch/libvirt" /etc/libvirt
mount -t tmpfs tmpfs /run
mkdir -p /run/libvirt /run/dbus /var/lib/libvirt /var/cache/libvirt /var/log/libvirt
cp -a /var/lib/libvirt/. "$scratch/lib"
mount --bind "$scratch/lib" /var/lib/libvirt
mount --bind "$scratch/cache" /var/cache/libvirt
mount --bind "$scratch/log" /var/log/libvirt
rm -f /etc/libvirt/qemu/networks/autostart/*
cat > /etc/libvirt/qemu.conf <<'CONF'
user = "root"
group = "root"
security_driver = "none"
remember_owner = 0
cgroup_controllers = [ ]
namespaces = [ ]
stdio_handler = "file"
CONF
ip link set lo up
dbus-daemon --system --fork --nopidfile
virtlogd --daemon --pid-file "$scratch/virtlogd.pid"
libvirtd --daemon --pid-file "$scratch/libvirtd.pid"
for _ in $(seq 200); do
  virsh --quiet --connect qemu:///system version > /dev/null 2>&1 && break
  sleep 0.1
done
virsh --quiet --connect qemu:///system pool-list > /dev/null
# Not exec: this process stays to reap.
"$@" &
wait $!
