#!/bin/sh
# Install what some tests work against, where apt and root are there: PostgreSQL with PostGIS, and
# LibreOffice Calc. Elsewhere those tests say what is missing, and are skipped.
set -u
has_postgis() { ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1; }
has_calc() { ls /usr/lib/libreoffice/program/libsclo.so >/dev/null 2>&1; }
has_postgis && has_calc && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  has_postgis || echo "no PostGIS, and no apt as root: its tests will be skipped" >&2
  has_calc || echo "no LibreOffice Calc, and no apt as root: its tests will be skipped" >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1; }
apt-get update -qq >/dev/null 2>&1 || echo "apt-get update failed" >&2
if ! has_postgis; then
  # The tests start a server of their own; Debian's default one is not wanted.
  settings=/etc/postgresql-common/createcluster.conf
  [ -e "$settings" ] || { mkdir -p "${settings%/*}" && echo "create_main_cluster = false" >"$settings"; }
  install postgresql-15 postgresql-15-postgis-3 || install postgresql-postgis ||
    echo "PostGIS could not be installed: its tests will be skipped" >&2
fi
has_calc || install libreoffice-calc-nogui ||
  echo "LibreOffice Calc could not be installed: its tests will be skipped" >&2
exit 0
