"""What is sold, to whom, and what is in stock."""

from odoo import Command

from . import chance, names
from .cities import CITIES

PRODUCTS = {  # (category, for which floor): {name: price with VAT}
    ("Смартфоны", "el"): {
        "Смартфон Polaris X5 128 ГБ": 24990,
        "Смартфон Polaris X5 Pro 256 ГБ": 39990,
        "Смартфон Lumen One": 15990,
        "Смартфон Lumen Max": 29990,
        "Кнопочный телефон Lumen Easy": 2990,
    },
    ("Ноутбуки и планшеты", "el"): {
        "Ноутбук Boreas 14": 54990,
        "Ноутбук Boreas 16 Creator": 94990,
        "Ноутбук Kvarts Study": 38990,
        "Планшет Kvarts Tab 11": 21990,
        "Планшет Kvarts Tab Kids": 11990,
    },
    ("Телевизоры и аудио", "el"): {
        "Телевизор Vyuga 43": 32990,
        "Телевизор Vyuga 55 QLED": 57990,
        "Саундбар Vyuga Bar": 14990,
        "Умная колонка Snegir": 7990,
        "Наушники Snegir Air": 6990,
        "Наушники Snegir Studio": 12990,
    },
    ("Бытовая техника", "el"): {
        "Робот-пылесос Purga R2": 23990,
        "Кофемашина Zerno Mini": 28990,
        "Электрочайник Zerno": 3490,
        "Фитнес-браслет Polaris Band": 4490,
        "Умные часы Polaris Watch": 16990,
    },
    ("Аксессуары", "ac"): {
        "Чехол для смартфона силиконовый": 1290,
        "Чехол-книжка кожаный": 2490,
        "Защитное стекло": 990,
        "Зарядное устройство 65 Вт": 3490,
        "Беспроводная зарядка": 2990,
        "Кабель USB-C 2 м": 890,
        "Внешний аккумулятор 20000 мА·ч": 3990,
        "Мышь беспроводная": 1890,
        "Клавиатура беспроводная": 3290,
        "Рюкзак для ноутбука 16": 4990,
        "Карта памяти 256 ГБ": 2790,
        "SSD внешний 1 ТБ": 8990,
        "Wi-Fi роутер AX3000": 6490,
        "Веб-камера Full HD": 3990,
        "Батарейки AA, 8 шт.": 590,
        "Автодержатель магнитный": 1490,
        "Стилус для планшета": 2290,
        "Ремешок для часов": 1190,
    },
}
CUSTOMERS, ORGANISATIONS = 380, 60
STREETS = (
    "Ленина Мира Садовая Лесная Гагарина Советская Пушкина Молодёжная Школьная "
    "Набережная Центральная Победы"
).split()
STOCK = 3000


def make(demo):
    """Fill ``demo`` with products and customers; put goods into every warehouse."""
    env = demo.env(context={**demo.env.context, "tracking_disable": True})
    for (category, floor), prices in PRODUCTS.items():
        categ = env["product.category"].create({"name": category})
        products = env["product.product"].create(
            [
                {
                    "name": name,
                    "categ_id": categ.id,
                    "company_id": demo.company.id,
                    "type": "consu",
                    "is_storable": True,
                    "list_price": price,
                    "standard_price": round(price / 1.22 * 0.78),
                    "invoice_policy": "delivery",
                    "taxes_id": [Command.set(demo.company.account_sale_tax_id.ids)],
                    "supplier_taxes_id": [
                        Command.set(demo.company.account_purchase_tax_id.ids)
                    ],
                }
                for name, price in prices.items()
            ]
        )
        demo.products[floor] |= products
    demo.customers = env["res.partner"].create(
        [
            _customer_vals(demo, number)
            | {
                "name": names.person(100 + number),
                "email": f"customer{number}@mail.example",
            }
            for number in range(CUSTOMERS)
        ]
        + [
            _customer_vals(demo, CUSTOMERS + number)
            | {
                "name": names.organisation(number),
                "is_company": True,
                "email": f"office{number}@company.example",
            }
            for number in range(ORGANISATIONS)
        ]
    )
    quants = env["stock.quant"].with_context(inventory_mode=True)
    quants.create(
        [
            {
                "product_id": product.id,
                "location_id": warehouse.lot_stock_id.id,
                "inventory_quantity": STOCK,
            }
            for warehouse in demo.warehouses.values()
            for products in demo.products.values()
            for product in products
        ]
    ).action_apply_inventory()


def _customer_vals(demo, number):
    """Somebody in each city; most of them in the large ones."""
    weights = {city: city.weight for city in CITIES}
    everywhere = number < len(CITIES)
    city = CITIES[number] if everywhere else chance.choose_weighted(weights, number)
    street = chance.choose(STREETS, "street", number)
    return {
        "city": city.name,
        "street": f"ул. {street}, {1 + int(chance.share('house', number) * 90)}",
        "state_id": demo.env.ref(f"base.state_ru_{city.region}").id,
        "country_id": demo.company.country_id.id,
        "lang": demo.lang,
        "company_id": demo.company.id,
    }
