# shellcheck shell=bash
# Installs Debian packages named by lists, only those that are missing.
# Expects lib/say.sh.

sudo_command=

# The lines of package lists without comments: `a|b` a line.
package_lines() { sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$@"; }

installed_packages() {
  dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p'
}

# Prints the lines of which no alternative is installed.
missing_packages() {
  package_lines "$@" | awk -F'|' '
    NR == FNR { have[$1] = 1; next }
    { for (i = 1; i <= NF; i++) if ($i in have) next; print }
  ' <(installed_packages) -
}

# Reads lines of alternatives, prints of each the first that the suite offers.
choose_packages() {
  local line name policy
  while read -r line; do
    for name in ${line//|/ }; do
      policy=$(apt-cache policy "$name" 2>/dev/null) # not into grep -q, whose early end fails the pipe
      if [[ $policy =~ Candidate:\ [^\(] ]]; then break; fi
    done
    echo "$name"
  done
}

# Debian makes a cluster of its own on port 5432 with Postgres: not here.
without_default_cluster() {
  local conf=/etc/postgresql-common/createcluster.d/no-main-cluster.conf status=0
  $sudo_command mkdir -p "${conf%/*}"
  echo 'create_main_cluster = false' | $sudo_command tee "$conf" >/dev/null
  "$@" || status=$?
  $sudo_command rm -f "$conf"
  return "$status"
}

apt_install() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=300)
  local chosen
  $sudo_command dpkg --configure -a
  $sudo_command "${apt[@]}" update
  mapfile -t chosen < <(choose_packages)
  echo "installing: ${chosen[*]}"
  without_default_cluster ${sudo_command:+"$sudo_command"} "${apt[@]}" install --no-install-recommends "${chosen[@]}"
}

apt_install_lines() { printf '%s\n' "$@" | apt_install; }

# ensure_packages LIST...: afterwards every package of the lists is installed.
ensure_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  [ -n "$(command -v apt-get)" ] || die "packages: expected Debian or Ubuntu with apt-get, or these installed: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    [ -n "$(command -v sudo)" ] ||
      die "packages: expected root or sudo to install what is missing; or let root run: apt-get install ${missing[*]%%|*}"
    sudo_command=sudo
    sudo -v || die "packages: sudo was refused"
  fi
  step "installing ${#missing[@]} packages" install apt_install_lines "${missing[@]}"
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -eq 0 ] || die "packages: still missing after the installation: ${missing[*]}"
}
