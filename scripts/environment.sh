# shellcheck shell=bash
# Sourced by the commands beside it: builds the project's private environment (.tools/ and .venv/), nothing outside it.

UV_VERSION=0.13.9
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ENVIRONMENT=$TOP/.venv

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

suitable_python() {
  local name
  for name in python3 python3.11 python3.12 python3.13 python3.14; do
    if "$name" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  die "需要 Python 3.11 至 3.14，本机没有找到（Debian 12：apt install python3）。/ Python 3.11 to 3.14 is needed and was not found."
}

# install_packages PACKAGE…: by apt, only as root; false when they cannot be had.
install_packages() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
  say "正在安装系统软件包：$*"
  apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# The readers' library is compiled: only where a compiler and its headers are there (apt install gcc libpcsclite-dev).
can_build_usbkey() {
  command -v gcc >/dev/null && [ -e /usr/include/PCSC/winscard.h ] &&
    "$(suitable_python)" -c 'import os, sysconfig; raise SystemExit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))'
}

make_uv() {
  local folder=$TOP/.tools/uv-$UV_VERSION python
  UV=$folder/bin/uv
  [ -x "$UV" ] && return
  python=$(suitable_python) || exit 1
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    install_packages "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" python3-venv ||
      die "缺少 python3-venv，请管理员执行：apt install python3-venv。/ python3-venv is missing; ask an administrator to install it."
  fi
  rm -rf "$folder.new" && "$python" -m venv "$folder.new" &&
    "$folder.new/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" &&
    rm -rf "$folder" && mv "$folder.new" "$folder" ||
    die "安装 uv $UV_VERSION 失败，首次启动需要网络。/ Installing uv $UV_VERSION failed; the first start needs a network."
}

# What an environment was made from: the lock, the project's own declaration, the place it stands, and the readers'
# headers, so that installing them later makes it anew.
fingerprint() {
  {
    cat "$TOP/uv.lock" "$TOP/pyproject.toml" && printf '%s' "$TOP"
    [ ! -e /usr/include/PCSC/winscard.h ] || printf ' with readers'
  } | sha256sum | cut -d ' ' -f 1
}

# made STAMP: whether the environment is there and up to date. Reads two files, asks no network.
made() {
  [ -x "$ENVIRONMENT/bin/counter-tui" ] && [ "$(cat "$ENVIRONMENT/$1" 2>/dev/null)" = "$(fingerprint)" ]
}

# synchronise STAMP OPTION…: makes the environment from the lock once; two starts at once wait for each other.
synchronise() {
  local stamp=$1 python
  shift
  made "$stamp" && return
  mkdir -p "$TOP/.tools" || die "无法写入 $TOP，请用安装目录的所有者首次启动。/ Cannot write to $TOP."
  exec 9>"$TOP/.tools/lock"
  flock 9
  if ! made "$stamp"; then
    say "首次启动：正在准备运行环境（约一分钟，需要网络）……"
    make_uv
    python=$ENVIRONMENT/bin/python
    "$python" -c '' 2>/dev/null || python=$(suitable_python) || exit 1
    ! can_build_usbkey || set -- "$@" --extra usbkey
    (
      cd "$TOP" &&
        UV_PROJECT_ENVIRONMENT=$ENVIRONMENT UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy \
          "$UV" sync --quiet --locked --compile-bytecode --python "$python" "$@"
    ) || die "准备运行环境失败，请检查网络后重试。/ The environment could not be made; check the network and try again."
    # What is enough for the tests is enough to run.
    fingerprint | tee "$ENVIRONMENT/made-to-run" >"$ENVIRONMENT/$stamp"
  fi
  exec 9>&-
}
