# shellcheck shell=bash
# Long-running processes known by pid files. A pid file holds pid, start time
# and boot id, so a pid that the kernel gave to somebody else is never signalled.
# Expects lib/signals.sh, lib/say.sh and `run_dir`, `log_dir`.

# read_identity PID: sets `identity` to when the process began; empty when there is none, or only its
# remains. Without a subshell, which a signal to the terminal's processes would end.
read_identity() {
  local stat fields boot_id
  identity=
  { IFS= read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  IFS= read -r boot_id </proc/sys/kernel/random/boot_id
  read -r -a fields <<<"${stat##*) }"
  [ "${fields[0]}" = Z ] || identity="${fields[19]} $boot_id"
}

# read_pid NAME: sets `pid` to that of the running process; empty when it does not run.
read_pid() {
  local recorded identity
  pid=
  { read -r pid recorded <"$run_dir/$1.pid"; } 2>/dev/null || pid=
  [ -n "$pid" ] || return 0
  read_identity "$pid"
  [ -n "$identity" ] && [ "$identity" = "$recorded" ] || pid=
}

is_running() {
  local pid
  read_pid "$1"
  [ -n "$pid" ]
}

started_names=()

# start NAME COMMAND...: in a session of its own, its output in NAME.log; the log before is kept as NAME.log.1.
start() {
  local name=$1 log=$log_dir/$1.log identity
  shift
  [ ! -e "$log" ] || mv -f "$log" "$log.1"
  defer_signals
  setsid "$@" >"$log" 2>&1 </dev/null 9>&- &
  read_identity $!
  echo "$! $identity" >"$run_dir/$name.pid"
  started_names+=("$name")
  end_on_signals
}

# wait_for_end NAME SECONDS: succeeds when the process has ended by then.
wait_for_end() {
  local deadline=$((SECONDS + $2))
  while is_running "$1"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

# stop NAME SIGNAL SECONDS: asks the process to end, insists after SECONDS. Nothing to do is fine.
stop() {
  local name=$1 signal=$2 patience=$3 began=$SECONDS pid
  read_pid "$name"
  if [ -n "$pid" ]; then
    kill -"$signal" "$pid" 2>/dev/null || :
    if ! wait_for_end "$name" "$patience"; then
      say "  $name: still there after $patience s, killing it"
      kill -KILL "$pid" 2>/dev/null || :
      wait_for_end "$name" 10 || { say "  $name: process $pid cannot be ended"; return 1; }
    fi
    clock $((SECONDS - began))
    say "  $name: stopped after $elapsed"
  fi
  rm -f "$run_dir/$name.pid"
}

# A process that should run has ended: shows the end of its log. NAME
tell_death() {
  local pid status=unknown
  read -r pid _ <"$run_dir/$1.pid"
  if wait "$pid" 2>/dev/null; then status=0; else status=$?; fi
  [ "$status" -ne 127 ] || status=unknown
  say "  $1: ended by itself, status $status. The end of $log_dir/$1.log:"
  tail -n 25 "$log_dir/$1.log" | sed 's/^/    /' >&2
}
