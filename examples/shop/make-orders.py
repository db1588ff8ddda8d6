#!/usr/bin/python3
# examples/shop/make-orders.py: makes stock.csv and orders.csv, the same ones every time
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: make-orders.py [FOLDER]

What becomes of an order must not depend on which order comes first, because many run at once. So a product is either
plentiful (enough for every order in the file), or short (each order that names it asks for more than there is).
"""

import csv
import pathlib
import sys

ORDERS = 2400
FIRST_NUMBER = 10001
STOLEN_CARD = '4000000000000002'

PLENTIFUL = (               # sku, name, price in cents
    ('tea-assam', 'Assam tea, 250 g', 890), ('tea-sencha', '煎茶 (sencha), 100 g', 1450),
    ('coffee-huila', 'Café de Huila, 1 kg', 2190), ('cocoa', 'Cocoa, 500 g', 1090),
    ('olive-oil', 'Ελαιόλαδο, 1 l', 1690), ('honey', 'Miód lipowy, 400 g', 990),
    ('müsli', 'Müsli „Früchte“, 750 g', 649), ('crispbread', 'Knäckebröd', 329),
    ('mug-blue', 'Mug, blue', 1200), ('mug-rubber-duck', 'Mug with a duck 🦆', 1395),
    ('teapot', 'Teapot, "Brown Betty"', 3450), ('kettle', 'Kettle, 1.7 l', 4999),
    ('spoon', 'Spoon, silver-plated', 795), ('plate', 'Plate, 27 cm', 1125),
    ('apron', 'Apron, linen', 2950), ('towel', 'Towel, 50 × 70 cm', 680),
    ('lamp-desk', 'Desk lamp', 5990), ('chair', 'Chair, oak', 18900),
    ('notebook-a5', 'Notebook A5, squared', 540), ('pencil-hb', 'Pencil HB', 95),
    ('laptop-14', 'Laptop, 14"', 149900), ('cable-usb-c', 'Cable, USB-C', 1290),
)
SHORT = (                   # sku, name, price, how many there are
    ('piano-concert', 'Concert grand piano', 8999900, 1), ('globe-1893', 'Globe of 1893', 64000, 3),
    ('clock-tower', 'Tower clock', 1250000, 2), ('first-edition', 'Πρώτη έκδοση', 32500, 5),
    ('radio-1957', 'Radio of 1957', 12900, 0), ('fax-roll', 'Fax paper', 450, 0),
)
PLACES = (                  # given names, family names, streets, (postcode, city)…, country; family name first?
    (('Jörg', 'Käthe', 'Björn', 'Ute'), ('Müller', 'Weiß', 'Größel', 'von der Höhe'), ('Gänsemarkt', 'Straße der Einheit'),
     (('20354', 'Hamburg'), ('80331', 'München')), 'DE', False),
    (('Søren', 'Åse', 'Bjørg'), ('Kjærgaard', 'Ødegård', 'Ågren'), ('Bygdøy allé', 'Nørregade'),
     (('0265', 'Oslo'), ('8000', 'Århus')), 'NO', False),
    (('美咲', '健太', '陽子'), ('佐藤', '鈴木', '髙橋'), ('霞が関', '四条通'), (('100-0013', '東京'), ('600-8007', '京都')), 'JP', True),
    (('Ελένη', 'Γιώργος', 'Ωραία'), ('Παπαδοπούλου', 'Ιωάννου'), ('Οδός Ερμού', 'Αγίου Δημητρίου'),
     (('105 63', 'Αθήνα'), ('546 32', 'Θεσσαλονίκη')), 'GR', False),
    (('Zoë', 'Padraig', 'Siân'), ('O\'Brien', 'Smith, Jr.', '"Mac" MacLeod'), ('High Street', 'St. Mary\'s Road'),
     (('G1 1XQ', 'Glasgow'), ('SW1A 1AA', 'London')), 'GB', False),
    (('Łucja', 'Święto'), ('Żółć', 'Wiśniewska'), ('ulica Długa', 'aleja Róż'),
     (('31-147', 'Kraków'), ('90-001', 'Łódź')), 'PL', False),
    (('Ольга', 'Юрий'), ('Щербакова', 'Ёлкин'), ('Невский проспект',), (('190000', 'Санкт-Петербург'),), 'RU', False),
    (('ليلى', 'يوسف'), ('الحداد', 'منصور'), ('شارع الحمراء',), (('1103', 'بيروت'),), 'LB', False),
)
NOTES = (
    'Happy birthday! 🎂🎉', 'Please ring twice', 'Leave it with the neighbour, "Chez Zoé"',
    'Two lines:\nand this is the second', '生日快乐', 'C:\\temp\\gift', 'Fragile, please, very fragile',
    'Für Oma 👵🏽', 'tab\there', 'NULL',
)


class Random:
    """Knuth's 64-bit linear congruential generator: the same numbers on every machine, in every version of Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n

    def pick(self, choices):
        return choices[self.below(len(choices))]

    def percent(self, chance):
        return self.below(100) < chance


def check_digit(digits):
    """What Luhn puts behind @digits."""
    doubled = [int(digit) * (2 - index % 2) for index, digit in enumerate(reversed(digits))]
    return -sum(number - 9 if number > 9 else number for number in doubled) % 10


def make_card(random, good):
    """A card number in groups of four; a bad one is reported stolen, or has a wrong check digit."""
    digits = '4' + ''.join(str(random.below(10)) for _ in range(14))
    digit = check_digit(digits)
    if good:
        number = f'{digits}{digit}'
    elif random.percent(30):
        number = STOLEN_CARD
    else:
        number = f'{digits}{(digit + 1 + random.below(9)) % 10}'
    return ' '.join(number[i:i + 4] for i in range(0, 16, 4))


def make_lines(random, short):
    """Up to five products, now and then the same one twice."""
    lines = [(random.pick(PLENTIFUL)[0], 1 + random.below(4)) for _ in range(1 + random.below(4))]
    if short:
        sku, _, _, count = random.pick(SHORT)
        wanted = count + 1 + random.below(3)
        if wanted > 1 and random.percent(40):          # too many only in sum
            lines += [(sku, wanted - 1), (sku, 1)]
        else:
            lines.append((sku, wanted))
    elif random.percent(5):
        lines.append(lines[0])
    elif random.percent(3):                            # more than any card pays
        lines.append(('laptop-14', 5))
    return lines


def make_order(random, number):
    given, family, streets, cities, country, family_first = random.pick(PLACES)
    names = (random.pick(given), random.pick(family))
    postcode, city = random.pick(cities)
    short = random.percent(9)
    return {
        'order': number,
        'customer': ' '.join(reversed(names) if family_first else names),
        'email': f'customer{random.below(900)}@example.org' if random.percent(80) else '',
        'street': f'{random.pick(streets)} {1 + random.below(140)}',
        'postcode': postcode,
        'city': city,
        'country': country,
        'card': make_card(random, good=not random.percent(8)),
        'expires': f'{2030 + random.below(6)}-{1 + random.below(12):02}',
        'shipping': 'express' if random.percent(25) else 'standard',
        'note': random.pick(NOTES) if random.percent(30) else '',
        'lines': ' '.join(f'{sku}:{quantity}' for sku, quantity in make_lines(random, short)),
    }


def count_wanted(orders):
    wanted = {}
    for order in orders:
        for line in order['lines'].split(' '):
            sku, quantity = line.split(':')
            wanted[sku] = wanted.get(sku, 0) + int(quantity)
    return wanted


def write(path, rows):
    with open(path, 'w', encoding='utf-8', newline='') as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator='\n')
        writer.writeheader()
        writer.writerows(rows)


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    random = Random(1957)
    orders = [make_order(random, FIRST_NUMBER + i) for i in range(ORDERS)]
    wanted = count_wanted(orders)
    stock = [(sku, name, price, wanted[sku] + 100 + random.below(900)) for sku, name, price in PLENTIFUL]
    write(folder / 'stock.csv', [dict(zip(('sku', 'name', 'cents', 'count'), product)) for product in stock + list(SHORT)])
    write(folder / 'orders.csv', orders)


if __name__ == '__main__':
    main()
