# shellcheck shell=bash
# Builds and runs images with Docker where its engine answers, else with buildah and podman, which need no engine.

base_image=docker.io/library/debian:trixie-slim

has_docker() { docker info >/dev/null 2>&1; }

# What is missing to do without Docker; nothing when all is there.
missing_tools() {
  local tool
  [ "$(id -u)" -eq 0 ] || echo root
  for tool in buildah podman crun; do
    command -v "$tool" >/dev/null || echo "$tool"
  done
}

# Names the engine, or fails.
find_engine() {
  if has_docker; then
    echo docker
  elif [ -z "$(missing_tools)" ]; then
    echo podman
  else
    return 1
  fi
}

# The hub's base image, or one made of the same packages where the hub is out of reach.
make_base_image() {
  local folder status=0
  folder=$(mktemp -d)
  mmdebstrap --variant=minbase --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' trixie "$folder/base.tar" &&
    podman import --change 'CMD ["bash"]' "$folder/base.tar" "$base_image" || status=$?
  rm -rf "$folder"
  return "$status"
}

ensure_base_image() {
  podman image exists "$base_image" || timeout 120 podman pull "$base_image" || make_base_image
}

# engine_build ENGINE ARGUMENT...: as `docker build` takes them.
engine_build() {
  local engine=$1
  shift
  if [ "$engine" = docker ]; then
    DOCKER_BUILDKIT=1 docker build "$@"
  else
    ensure_base_image
    buildah build --isolation chroot --layers "$@"
  fi
}

# podman where limits may not be raised and control groups are not ours: in a container, for one.
podman_run() {
  local descriptors processes
  descriptors=$(ulimit -Hn)
  processes=$(ulimit -Hu)
  if [ "$processes" = unlimited ] || [ "$processes" -gt 4096 ]; then processes=4096; fi
  set -- podman --cgroup-manager=cgroupfs run --cgroups=disabled --ulimit "nofile=$descriptors:$descriptors" \
    --ulimit "nproc=$processes:$processes" "$@"
  if [ -d /sys/fs/cgroup/unified ]; then
    # crun refuses this hybrid of control groups; in a mount namespace of our own it is not seen.
    exec unshare --mount bash -c 'umount /sys/fs/cgroup/unified && exec "$@"' run "$@"
  fi
  exec "$@"
}

# engine_run ENGINE ARGUMENT...: as `docker run` takes them, in place of this process.
engine_run() {
  local engine=$1
  shift
  if [ "$engine" = docker ]; then exec docker run "$@"; fi
  podman_run "$@"
}
