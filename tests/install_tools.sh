#!/bin/sh
# Install what tests work against and pip cannot bring: Chromium with Chinese fonts, PostgreSQL with
# PostGIS, LibreOffice Calc, Writer and Impress, QGIS, GDAL's tools, nginx, faketime, node with npm.
# Where apt or root is missing this says so; the end of the run then lists what was not tested here.
set -u
has() { command -v "$1" >/dev/null 2>&1; }
lacking=""
want() { lacking="$lacking $1"; }
has chromium-headless-shell || has chromium || has google-chrome || want chromium-headless-shell
[ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ] || want fonts-noto-cjk
ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 || want postgresql-15-postgis-3
ls /usr/lib/libreoffice/program/libsclo.so >/dev/null 2>&1 || want libreoffice-calc-nogui
ls /usr/lib/libreoffice/program/libswlo.so >/dev/null 2>&1 || want libreoffice-writer-nogui
ls /usr/lib/libreoffice/program/libsdlo.so >/dev/null 2>&1 || want libreoffice-impress-nogui
/usr/bin/python3 -c "import qgis.core" >/dev/null 2>&1 || want python3-qgis
has ogrinfo || want gdal-bin
has nginx || [ -x /usr/sbin/nginx ] || want nginx-light
has faketime || want faketime
has node || want nodejs
has npm || want npm
[ -n "$lacking" ] || exit 0
if [ "$(id -u)" != 0 ] || ! has apt-get; then
  echo "not installed, for want of apt as root:$lacking" >&2
  exit 0
fi
echo "installing for the tests:$lacking"
export DEBIAN_FRONTEND=noninteractive
# The tests start a PostgreSQL of their own; Debian's default one is not wanted.
settings=/etc/postgresql-common/createcluster.conf
[ -e "$settings" ] || { mkdir -p "${settings%/*}" && echo "create_main_cluster = false" >"$settings"; }
apt-get update -qq >/dev/null 2>&1 || echo "apt-get update failed" >&2
install() { apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1; }
# All at once is faster; where that fails, what can be had is had.
# shellcheck disable=SC2086
install $lacking && exit 0
for package in $lacking; do
  install "$package" || { [ "$package" = chromium-headless-shell ] && install chromium; } || echo "could not be installed: $package" >&2
done
exit 0
