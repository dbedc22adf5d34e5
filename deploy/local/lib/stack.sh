# shellcheck shell=bash
# The four processes of a stack: starting them, waiting for them, stopping them in order.
# Expects lib/say.sh, lib/settings.sh, lib/ports.sh, lib/processes.sh.

# What stops first stands first: no new reviews, then what is under way, then the servers.
stop_order=(reviews-producer reviews-consumer kafka postgres)

stop_one() {
  case $1 in
  postgres) stop postgres INT 30 ;; # SIGINT: fast shutdown, sessions are ended
  kafka) stop kafka TERM 40 ;;
  *) stop "$1" TERM 40 ;; # longer than shutdown.drain-timeout
  esac
}

# stop_in_order NAME...: those of the names that run, in the order above.
stop_in_order() {
  local name status=0
  for name in "${stop_order[@]}"; do
    [[ " $* " != *" $name "* ]] || stop_one "$name" || status=1
  done
  return "$status"
}

running_names() {
  local name
  for name in "${stop_order[@]}"; do ! is_running "$name" || echo "$name"; done
}

# What should run once the stack is up.
expected_names() {
  local name
  for name in "${stop_order[@]}"; do
    case $name in
    kafka) ! own_kafka || echo "$name" ;;
    postgres) ! own_postgres || echo "$name" ;;
    *) echo "$name" ;;
    esac
  done
}

# The process whose port a setting names.
process_of_setting() {
  case $1 in
  LOCAL_KAFKA_PORT) echo kafka ;;
  LOCAL_POSTGRES_PORT) echo postgres ;;
  LOCAL_CONSUMER_MANAGEMENT_PORT) echo reviews-consumer ;;
  *) echo reviews-producer ;;
  esac
}

# Before anything is started: every port that somebody else has, at once.
check_ports() {
  local name taken=()
  for name in $(used_port_settings); do
    is_running "$(process_of_setting "$name")" || port_is_free "${!name}" ||
      taken+=("port ${!name} is in use by $(port_user "${!name}"): end that, or set $name to a free port")
  done
  [ "${#taken[@]}" -eq 0 ] || die "$(printf '%s\n' "${taken[@]}" | sed 's/ by : / by another program: /')"
}

check_same_settings() {
  local running
  running=$(running_names)
  if [ -n "$running" ] && ! settings_in_force | cmp -s - "$state_dir/settings"; then
    die "this stack runs already with other settings (deploy/local/down first):
$(settings_in_force | diff "$state_dir/settings" - | sed -n 's/^</  runs with /p; s/^>/  asked for /p')"
  fi
}

# wait_for_readiness NAME WHAT SECONDS COMMAND...: until COMMAND succeeds while the process lives.
wait_for_readiness() {
  local name=$1 what=$2 began=$SECONDS deadline=$((SECONDS + $3))
  shift 3
  until "$@"; do
    if ! is_running "$name"; then
      tell_death "$name"
      return 1
    fi
    if [ "$SECONDS" -ge "$deadline" ]; then
      say "  $name: not $what after $((SECONDS - began)) s. The end of $log_dir/$name.log:"
      tail -n 25 "$log_dir/$name.log" | sed 's/^/    /' >&2
      return 1
    fi
    sleep 0.1
  done
  clock $((SECONDS - began))
  say "  $name: $what after $elapsed"
}

kafka_answers() { grep -q 'Kafka Server started' "$log_dir/kafka.log" && ! port_is_free "$LOCAL_KAFKA_PORT"; }

start_kafka() {
  own_kafka && ! is_running kafka || return 0
  start kafka "$local_dir/kafka-server" "$state_dir/kafka" "$LOCAL_KAFKA_PORT"
}

await_kafka() { ! own_kafka || wait_for_readiness kafka "answering" 90 kafka_answers; }

postgres_answers() {
  local password=
  { IFS= read -r password <"$state_dir/postgres.password"; } 2>/dev/null || [ -n "$password" ] || return 1
  database_url=postgresql://reviews:$password@127.0.0.1:$LOCAL_POSTGRES_PORT/reviews
  PGCONNECT_TIMEOUT=2 psql -XAtq -d "$database_url" -c 'select 1' >/dev/null 2>&1
}

start_postgres() {
  own_postgres && ! is_running postgres || return 0
  start postgres "$local_dir/postgres-server" "$state_dir/postgres" "$LOCAL_POSTGRES_PORT" "$state_dir/postgres.password"
}

await_postgres() { ! own_postgres || wait_for_readiness postgres "answering" 90 postgres_answers; }

# Topics and schema; idempotent. The URL goes by environment: a command line can be read by everybody.
set_up_servers() {
  local arguments=(setup --kafka.bootstrap-servers "$bootstrap_servers" --partitions 6)
  ! own_kafka || arguments+=(--replication-factor 1)
  REVIEWS_DATABASE_URL=$database_url "$build_dir/reviewctl" "${arguments[@]}"
}

is_ready() { curl -fs -o "$run_dir/readyz" -m 2 "http://127.0.0.1:$1/readyz"; }

# Rebuilt, or with a newer configuration file, since it was started.
is_outdated() { # NAME CONFIG
  local pid
  read_pid "$1"
  [ -n "$pid" ] && { ! [ "/proc/$pid/exe" -ef "$build_dir/$1" ] || [ "$2" -nt "$run_dir/$1.pid" ]; }
}

# start_program NAME MANAGEMENT_PORT NAME=VALUE...
start_program() {
  local name=$1 port=$2 config=$project_dir/config/${1#reviews-}.toml
  shift 2
  if is_outdated "$name" "$config"; then
    say "  $name: newer than what runs"
    stop_one "$name"
  fi
  is_running "$name" || start "$name" env REVIEWS_MANAGEMENT_PORT="$port" \
    REVIEWS_KAFKA_BOOTSTRAP_SERVERS="$bootstrap_servers" REVIEWS_DATABASE_URL="$database_url" \
    "$@" "$build_dir/$name" --config "$config"
}

# Stacks that share a Kafka are replicas, each with a name of its own.
start_programs() {
  local replica=local-1
  own_kafka || replica=local-$HOSTNAME-$LOCAL_CONSUMER_MANAGEMENT_PORT
  start_program reviews-producer "$LOCAL_PRODUCER_MANAGEMENT_PORT" REVIEWS_HTTP_PORT="$LOCAL_HTTP_PORT"
  start_program reviews-consumer "$LOCAL_CONSUMER_MANAGEMENT_PORT" \
    REVIEWS_KAFKA_GROUP_INSTANCE_ID="${REVIEWS_KAFKA_GROUP_INSTANCE_ID-$replica}"
}

await_programs() {
  wait_for_readiness reviews-producer ready 60 is_ready "$LOCAL_PRODUCER_MANAGEMENT_PORT" &&
    wait_for_readiness reviews-consumer ready 90 is_ready "$LOCAL_CONSUMER_MANAGEMENT_PORT"
}
