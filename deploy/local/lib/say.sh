# shellcheck shell=bash
# What a command tells its user: messages, and long steps with their progress.
# Expects lib/signals.sh and `log_dir`, where each step leaves its output.

command_name=${0##*/}
[ ! -t 2 ] || terminal=yes
step_pid=
end_step_seconds=20 # then by force

say() { printf '%s\n' "$*" >&2; }

# Ends the command with a clear error.
die() {
  say "$command_name: $*"
  exit 1
}

# clock SECONDS: sets `elapsed`; 75 becomes 1 min 15 s.
clock() {
  if [ "$1" -lt 60 ]; then elapsed="$1 s"; else elapsed="$(($1 / 60)) min $(($1 % 60)) s"; fi
}

# The end of a step's last line of output, fit for one line of progress; nothing while there is none.
last_line() {
  tail -c 2000 "$1" 2>/dev/null | tr '\r' '\n' | tr -cd '[:print:]\n' | sed '/^ *$/d' | tail -n 1 | cut -c 1-70
}

show_progress() { # WHAT SECONDS LOG
  local line
  [ -n "${terminal:-}" ] || { [ "$2" -gt 0 ] && [ $(($2 % 15)) -eq 0 ]; } || return 0
  clock "$2"
  line=$(last_line "$3")
  if [ -n "${terminal:-}" ]; then
    printf '\r\033[K  %s: %s  %s' "$1" "$elapsed" "$line" >&2
  else
    say "  $1: $elapsed  $line"
  fi
}

# begin_step COMMAND...: starts the command in a process group of its own, for end_step and `wait "$step_pid"`.
begin_step() {
  defer_signals
  set -m
  "$@" </dev/null &
  step_pid=$!
  set +m
  end_on_signals
}

# in_group COMMAND...: runs the command as begin_step does, with its output where ours goes. Fails as it does.
in_group() {
  local status=0
  begin_step "$@"
  wait "$step_pid" || status=$?
  step_pid=
  return "$status"
}

# step WHAT LOG_NAME COMMAND...: runs the command as begin_step does, with its
# output in a file, shows what goes on, and how it ended. Fails as it does.
step() {
  local what=$1 log=$log_dir/$2.log started=$SECONDS shown=-1 status=0
  shift 2
  begin_step "$@" >"$log" 2>&1
  while kill -0 "$step_pid" 2>/dev/null; do
    if [ $((SECONDS - started)) -ne "$shown" ]; then
      shown=$((SECONDS - started))
      show_progress "$what" "$shown" "$log"
    fi
    sleep 0.1
  done
  wait "$step_pid" || status=$?
  step_pid=
  [ -z "${terminal:-}" ] || printf '\r\033[K' >&2
  clock $((SECONDS - started))
  if [ "$status" -ne 0 ]; then
    say "  $what: failed after $elapsed, status $status. The end of $log:"
    tail -n 25 "$log" | sed 's/^/    /' >&2
    return "$status"
  fi
  say "  $what: $elapsed"
}

signal_step() { kill "-$1" -- "-$step_pid" 2>/dev/null || ${sudo_command:-false} kill "-$1" -- "-$step_pid" 2>/dev/null; }

# Ends the step under way, if there is one, with all that it started, in `end_step_seconds` and by force in 5 s more.
end_step() {
  local began=$SECONDS
  [ -n "$step_pid" ] || return 0
  signal_step TERM || return 0
  while signal_step 0; do
    [ $((SECONDS - began)) -lt "$end_step_seconds" ] || signal_step KILL || :
    [ $((SECONDS - began)) -lt $((end_step_seconds + 5)) ] || return 0
    sleep 0.1
  done
}
