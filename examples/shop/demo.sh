#!/bin/sh
# examples/shop/demo.sh: runs the shop over four processes, and checks its books
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# usage: demo.sh BUILD_DIR      (./demo in the root builds first)
#
# Works in a folder of its own, so it meets no registry or socket of yours, and stops what it started. Exits 0 only if
# the client's report and the one computed by awk agree, order by order.
set -eu
build=$1
cd "$(dirname "$0")/../.."
PATH=$build/naming:$build/tools/grmi:$build/examples/shop:$PATH
unset RMI_REGISTRY
XDG_RUNTIME_DIR=$(mktemp -d)
export PATH XDG_RUNTIME_DIR
scratch=$XDG_RUNTIME_DIR

title='' command='' quiet='' plain='' good='' bad=''
if [ -t 1 ]; then
  title=$(printf '\033[1;34m') command=$(printf '\033[1m') quiet=$(printf '\033[2m') plain=$(printf '\033[0m')
  good=$(printf '\033[1;32m') bad=$(printf '\033[1;31m')
fi

pids=
stop () {
  for pid in $pids; do kill "$pid" 2>/dev/null && wait "$pid" || true; done
  rm -rf "$scratch"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say () { printf '\n%s%s%s\n' "$title" "$1" "$plain"; }
explain () { printf '%s%s%s\n' "$quiet" "$1" "$plain"; }
show () { printf '%s$ %s%s\n' "$command" "$*" "$plain"; }
run () { show "$@"; "$@"; }

# Starts a server; it is ready when it prints where it is.
start () {
  show "$@" '&'
  mkfifo "$scratch/$1"
  "$@" >"$scratch/$1" &
  pids="$! $pids"
  read -r line <"$scratch/$1" || { echo "${bad}$1 did not start$plain"; exit 1; }
  echo "$line"
}

say '1. Four processes, no code in common but an interface'
explain '   shop-client ──→ shop-orders ──→ shop-warehouse     Each arrow is a Unix socket. rmi-registry knows'
explain '        ↑               └────────→ shop-payment       who is where; calls do not go through it.'
explain '        └── signals of the warehouse'
start rmi-registry --print-address
start shop-payment
start shop-warehouse examples/shop/stock.csv
start shop-orders

say '2. Looking around: every object describes itself'
run grmi list
run grmi introspect shop/orders

say '3. Calling by hand: three results, and an error by its name'
run grmi call shop/warehouse Stock mug-blue
run grmi get shop/warehouse Capacity
run grmi call shop/payment Charge '{"number": "4111 1111 1111 1111", "expires": "2031-12"}' 0
run grmi call shop/warehouse Stock unicorn || explain "exit status $?"

say '4. Placing orders: nested objects by value, reservations by reference, stock changes as signals'
run shop-client --report "$scratch/client.txt" examples/shop/orders.csv || explain "exit status $?"

say '5. The same totals, computed from the same file by awk'
show awk -f examples/shop/totals.awk examples/shop/stock.csv examples/shop/orders.csv
awk -f examples/shop/totals.awk examples/shop/stock.csv examples/shop/orders.csv >"$scratch/awk.txt"
grep '^[a-z]' "$scratch/awk.txt"

say '6. Do they agree, for each order and in total?'
orders=$(grep -c '^[0-9]' "$scratch/awk.txt")
show 'diff awk.txt client.txt'
if ! diff "$scratch/awk.txt" "$scratch/client.txt"; then
  printf '%sThey do not.%s\n' "$bad" "$plain"
  exit 1
fi
printf '%sThey agree: %s orders, and every total.%s\n' "$good" "$orders" "$plain"
