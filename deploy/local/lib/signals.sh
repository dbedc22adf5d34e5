# shellcheck shell=bash
# Ctrl-C, SIGTERM and SIGHUP end a command by way of its EXIT trap.
# One $(...) a command where these are in force: bash 5.2 runs the trap of a signal that came during the
# first while it reads the second, and then takes the trap's text for a part of it.

deferred_status=

# While something is started a signal waits, so that nothing is started and forgotten.
defer_signals() {
  deferred_status=
  trap 'deferred_status=130' INT
  trap 'deferred_status=143' TERM
  trap 'deferred_status=129' HUP
}

end_on_signals() {
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  [ -z "$deferred_status" ] || exit "$deferred_status"
}
