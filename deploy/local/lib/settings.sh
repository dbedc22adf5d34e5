# shellcheck shell=bash
# The LOCAL_ settings, checked, and the folders that follow from them.
# Expects lib/say.sh.

project_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
local_dir=$project_dir/deploy/local
build_dir=$project_dir/build/release

port_settings=(LOCAL_HTTP_PORT LOCAL_PRODUCER_MANAGEMENT_PORT LOCAL_CONSUMER_MANAGEMENT_PORT
  LOCAL_KAFKA_PORT LOCAL_POSTGRES_PORT)
: "${LOCAL_HTTP_PORT:=8080}"
: "${LOCAL_PRODUCER_MANAGEMENT_PORT:=8081}"
: "${LOCAL_CONSUMER_MANAGEMENT_PORT:=8082}"
: "${LOCAL_KAFKA_PORT:=9092}"
: "${LOCAL_POSTGRES_PORT:=5432}"
: "${LOCAL_STATE_DIR:=.local}"

case $LOCAL_STATE_DIR in
/*) state_dir=$LOCAL_STATE_DIR ;;
*) state_dir=$project_dir/$LOCAL_STATE_DIR ;;
esac
run_dir=$state_dir/run
# shellcheck disable=SC2034 # the other files of lib/ write there
log_dir=$state_dir/log

own_kafka() { [ -z "${KAFKA_BOOTSTRAP_SERVERS:-}" ]; }
own_postgres() { [ -z "${DATABASE_URL:-}" ]; }

bootstrap_servers=${KAFKA_BOOTSTRAP_SERVERS:-127.0.0.1:$LOCAL_KAFKA_PORT}
database_url=${DATABASE_URL:-} # that of our own Postgres is known once it answers

# The settings that name a port this stack listens on.
used_port_settings() {
  local name
  for name in "${port_settings[@]}"; do
    case $name in
    LOCAL_KAFKA_PORT) ! own_kafka || echo "$name" ;;
    LOCAL_POSTGRES_PORT) ! own_postgres || echo "$name" ;;
    *) echo "$name" ;;
    esac
  done
}

# Every mistake at once.
check_settings() {
  local name value mistakes=()
  declare -A taken_by=()
  for name in "${port_settings[@]}"; do
    value=${!name}
    if ! [[ $value =~ ^[1-9][0-9]{0,4}$ ]] || [ "$value" -gt 65535 ]; then
      mistakes+=("$name: expected a port from 1 to 65535, got $value")
    fi
  done
  for name in $(used_port_settings); do
    value=${!name}
    [ -z "${taken_by[$value]:-}" ] || mistakes+=("$name: expected a port of its own, got that of ${taken_by[$value]}, $value")
    taken_by[$value]=$name
  done
  [ "${#mistakes[@]}" -eq 0 ] || die "$(printf '%s\n' "${mistakes[@]}")"
}

# What distinguishes this stack from the same stack with other settings. Holds no secret.
settings_in_force() {
  local name
  for name in "${port_settings[@]}"; do echo "$name=${!name}"; done
  echo "KAFKA_BOOTSTRAP_SERVERS=${KAFKA_BOOTSTRAP_SERVERS:-}"
  echo "DATABASE_URL=${DATABASE_URL:+sha256:$(printf %s "$DATABASE_URL" | sha256sum | cut -c 1-16)}"
}

# Only one up or down at a time works on a state folder: the others wait.
take_lock() {
  local told="" holder
  exec 9>>"$state_dir/lock"
  until flock -w 1 9; do
    holder=$(cat "$state_dir/lock" 2>/dev/null)
    [ -n "$told" ] || say "waiting for deploy/local/${holder:-up or down}, which is at work on $state_dir"
    told=yes
  done
  echo "$command_name (process $$)" >"$state_dir/lock"
}

release_lock() { exec 9>&-; }
