#!/bin/sh
# examples/shop/demo.sh: runs the shop over four processes, and checks its books
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# usage: demo.sh BUILD_DIR      (./demo in the root builds first)
#
# Works in a folder of its own, so it meets no registry or socket of yours, and stops what it started. Exits 0 only if
# the client's report and the one computed by awk agree, order by order.
set -eu
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
PATH=$build/naming:$build/tools/grmi:$build/examples/shop:$PATH
XDG_RUNTIME_DIR=$(mktemp -d -t shop.XXXXXX)
LC_ALL=C.UTF-8
export PATH XDG_RUNTIME_DIR LC_ALL
unset RMI_REGISTRY
ln -s "$PWD/examples" "$XDG_RUNTIME_DIR/examples"
cd "$XDG_RUNTIME_DIR"

title='' bold='' dim='' plain='' good='' bad=''
if [ -t 1 ]; then
  title=$(printf '\033[1;34m') bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
  good=$(printf '\033[1;32m') bad=$(printf '\033[1;31m')
fi

pids=
stop () {
  for pid in $pids; do kill "$pid" 2>/dev/null && wait "$pid" || true; done
  rm -rf "$XDG_RUNTIME_DIR"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

chapter () { printf '\n%s%s%s\n' "$title" "$1" "$plain"; }
say () { printf '%s%s%s\n' "$dim" "$1" "$plain"; }
# Prints a command as one would type it, and runs it in this shell.
run () {
  printf '%s$ %s%s\n' "$bold" "$1" "$plain"
  eval "$1"
}

# Starts a server; it is ready when it prints where it is.
start () {
  printf '%s$ %s &%s\n' "$bold" "$*" "$plain"
  mkfifo "$1.out"
  "$@" >"$1.out" &
  pids="$! $pids"
  if ! read -r line <"$1.out"; then
    printf '%s%s did not start.%s\n' "$bad" "$1" "$plain"
    exit 1
  fi
  echo "$line"
}

chapter '1. Four processes and a registry'
say '   shop-client ──→ shop-orders ──→ shop-warehouse     Each arrow is a Unix socket with JSON on it.'
say '        ↑               └────────→ shop-payment       rmi-registry knows who is where; calls do not pass it.'
say '        └── signals of the warehouse'
start rmi-registry --print-address
start shop-payment
start shop-warehouse examples/shop/stock.csv
start shop-orders

chapter '2. Every object says what it can do'
run 'grmi list'
run 'grmi introspect shop/orders'

chapter '3. Calls by hand'
run 'grmi get shop/warehouse Capacity'
run "grmi call shop/payment Charge '{\"number\": \"4111 1111 1111 1111\", \"expires\": \"2031-12\"}' 0"
run 'grmi call shop/warehouse Stock unicorn' || say "An error has a name on the wire, and grmi an exit status: $?."
run 'grmi call shop/warehouse Stock mug-blue'
run "grmi call shop/warehouse Reserve '[{\"sku\": \"mug-blue\", \"quantity\": 7}]'"
say 'A reservation goes by reference. Nobody holds this one any more, so the goods went back:'
run 'grmi call shop/warehouse Stock mug-blue'

chapter '4. Orders: nested objects by value, reservations by reference, stock changes as signals'
run 'shop-client --report client.txt examples/shop/orders.csv' || say "Its exit status: $?."

chapter '5. What awk computes from the same file'
run 'awk -f examples/shop/totals.awk examples/shop/stock.csv examples/shop/orders.csv > awk.txt'
run 'grep "^[a-z]" awk.txt'

chapter '6. Do they agree?'
if ! run 'diff awk.txt client.txt'; then
  printf '%sThey do not.%s\n' "$bad" "$plain"
  exit 1
fi
printf '%sThey agree, on each of %s orders and in total.%s\n' "$good" "$(grep -c '^[0-9]' awk.txt)" "$plain"
