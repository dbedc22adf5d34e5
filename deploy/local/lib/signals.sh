# shellcheck shell=bash
# Ctrl-C, SIGTERM and SIGHUP end a command by way of its EXIT trap.
# As few $(...) as can be where these are in force, one a command, and none while processes are started and
# watched: about one signal in two hundred that comes during one is lost (bash 5.2 runs the trap while it still
# reads the substitution and takes the trap's text for a part of it, or believes that the substitution has
# dealt with Ctrl-C). Functions that are called there set a variable instead.

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
