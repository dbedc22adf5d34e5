# shellcheck shell=bash
# Which TCP ports are taken, and by whom. Reads /proc: needs no tool and connects to nobody.

# listeners PORT: the inodes of the sockets that listen on it, on whatever address. Fails when there is one.
listeners() {
  local hex
  printf -v hex '%04X' "$1"
  { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || :; } | # without IPv6 just the first
    awk -v port="$hex" '$4 == "0A" && substr($2, length($2) - 3) == port { print $10; found = 1 } END { exit found }'
}

port_is_free() { listeners "$1" >/dev/null; }

# Says which program listens on a port, as far as this user may know.
port_user() {
  local inode entry pid
  for inode in $(listeners "$1"); do
    entry=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" 2>/dev/null | head -n 1)
    pid=${entry#/proc/}
    pid=${pid%%/*}
    [ -z "$pid" ] || echo "$(cat "/proc/$pid/comm") (process $pid)"
    return 0
  done
}

# free_port_from FIRST: the first free port, not above 32767 where the kernel takes its own from.
free_port_from() {
  local port=$1
  [ "$port" -le 32000 ] || port=20000
  until port_is_free "$port"; do
    port=$((port + 1))
    [ "$port" -le 32767 ] || return 1
  done
  echo "$port"
}
