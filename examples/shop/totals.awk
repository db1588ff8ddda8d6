# examples/shop/totals.awk: what shop-client must report, computed from the same files
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# usage: awk -f totals.awk stock.csv orders.csv
#
# Knows nothing of the C programs: only the rules of the shop.
#   out of stock  if an order wants more of something than the warehouse has
#   declined      else, if the card's check digit is wrong, or it is stolen, or it would pay more than 5,000.00
#   accepted      else

BEGIN {
  STOLEN = "4000000000000002"
  LIMIT = 500000
  COST["standard"] = 490
  COST["express"] = 1290

  read_header(ARGV[1])
  while (read_record(ARGV[1])) {
    price[value("sku")] = value("cents")
    stock[value("sku")] = value("count") + 0
    in_stock += value("count")
  }
  read_header(ARGV[2])
  while (read_record(ARGV[2]))
    place_order()

  total("accepted")
  total("out-of-stock")
  total("declined")
  total("failed")
  printf "stock-signals %d\n", signals
  printf "units-in-stock %d\n", in_stock - units["accepted"]
  printf "open-reservations 0\n"
  printf "turnover %.0f\n", cents["accepted"]
}

function total(outcome)
{
  printf "total %s %d %d %.0f\n", outcome, orders[outcome], units[outcome], cents[outcome]
}

function place_order(   line, lines, part, wanted, sku, sum, amount, different, outcome, i)
{
  lines = split(value("lines"), line, " ")
  for (i = 1; i <= lines; i++) {
    split(line[i], part, ":")
    if (!(part[1] in wanted))
      different++
    wanted[part[1]] += part[2]
    sum += part[2]
    amount += part[2] * price[part[1]]
  }
  amount += COST[value("shipping")]

  outcome = "accepted"
  if (is_declined(value("card"), amount))
    outcome = "declined"
  for (sku in wanted)
    if (wanted[sku] > stock[sku])
      outcome = "out-of-stock"

  # Each product of an order changes the stock once when it is reserved, and again when it is given back.
  if (outcome != "out-of-stock")
    signals += outcome == "declined" ? 2 * different : different
  if (outcome != "accepted")
    amount = 0
  orders[outcome]++
  units[outcome] += sum
  cents[outcome] += amount
  printf "%s %s %d %.0f\n", value("order"), outcome, sum, amount
}

function is_declined(number, amount,   i, n, digit, sum)
{
  gsub(/ /, "", number)
  n = length(number)
  for (i = 0; i < n; i++) {
    digit = substr(number, n - i, 1) * (1 + i % 2)
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 != 0 || number == STOLEN || amount > LIMIT
}

# ---- CSV, RFC 4180 ----

function value(name)
{
  return field[column[name]]
}

function read_header(file,   n, i)
{
  n = read_record(file)
  for (i = 1; i <= n; i++)
    column[field[i]] = i
}

# Splits the next record of @file into field[]; returns how many there are.
function read_record(file,   record, line, n, text)
{
  if ((getline record < file) <= 0)
    return 0
  while (gsub(/"/, "\"", record) % 2 && (getline line < file) > 0)     # a quoted line end
    record = record "\n" line
  for (record = record ","; record != ""; record = substr(record, RLENGTH + 1)) {
    if (match(record, /^"([^"]|"")*",/)) {
      text = substr(record, 2, RLENGTH - 3)
      gsub(/""/, "\"", text)
    } else {
      match(record, /^[^,]*,/)
      text = substr(record, 1, RLENGTH - 1)
    }
    field[++n] = text
  }
  return n
}
