"""Whom the company buys from, and how well they keep their word."""

from typing import NamedTuple

from odoo import Command

from . import chance, names


class Vendor(NamedTuple):
    name: str
    category: str  # of products.PRODUCTS
    city: str
    region: str
    lead_days: int  # working days from the order to the promise
    volume: float  # how much is bought there
    late: float  # how often the truck comes late
    hours: float  # how late at most, but for the worst


VENDORS = (
    Vendor("Полярис Трейд", "Смартфоны", "Москва", "mow", 3, 1.4, 0.14, 6),
    Vendor("Люмен Дистрибуция", "Смартфоны", "Химки", "mos", 2, 1.2, 0.10, 5),
    Vendor("Связь-Опт", "Смартфоны", "Тула", "tul", 4, 0.7, 0.22, 8),
    Vendor("Борей Компьютерс", "Ноутбуки и планшеты", "Москва", "mow", 4, 1.1, 0.12, 6),
    # late only when it asks for another day, and fast
    Vendor("Кварц-Снаб", "Ноутбуки и планшеты", "Зеленоград", "mow", 2, 1.3, 0.0, 1),
    Vendor("ТехноПоставка", "Ноутбуки и планшеты", "Рязань", "rya", 5, 0.6, 0.24, 9),
    Vendor("Вьюга Электроникс", "Телевизоры и аудио", "Калуга", "klu", 5, 1, 0.16, 8),
    Vendor("Снегирь Аудио", "Телевизоры и аудио", "Москва", "mow", 3, 1, 0.09, 5),
    # late three times of four, by days
    Vendor("МедиаОпт", "Телевизоры и аудио", "Самара", "sam", 6, 0.5, 0.75, 34),
    Vendor("Зерно и Ко", "Бытовая техника", "Тверь", "tve", 4, 1, 0.13, 6),
    Vendor("Пурга Роботикс", "Бытовая техника", "Иннополис", "ta", 5, 0.9, 0.18, 8),
    Vendor("ДомТехСервис", "Бытовая техника", "Москва", "mow", 3, 1, 0.11, 6),
    Vendor("Аксессуар-Сервис", "Аксессуары", "Москва", "mow", 2, 1.6, 0.12, 5),
    Vendor("Кабель-Град", "Аксессуары", "Владимир", "vla", 3, 1.2, 0.16, 7),
    Vendor("ЧехолОпт", "Аксессуары", "Люберцы", "mos", 2, 1.3, 0.10, 5),
    Vendor("Мир зарядок", "Аксессуары", "Ярославль", "yar", 4, 0.9, 0.20, 8),
)


def make(demo):
    """Fill ``demo.vendors`` with partners, in the order of ``VENDORS``."""
    env = demo.env(context={**demo.env.context, "tracking_disable": True})
    category = env["res.partner.category"].create({"name": "Поставщик"})
    demo.vendors = env["res.partner"].create(
        [
            {
                "name": f"ООО «{vendor.name}»",
                "is_company": True,
                "supplier_rank": 1,
                "city": vendor.city,
                "state_id": env.ref(f"base.state_ru_{vendor.region}").id,
                "country_id": demo.company.country_id.id,
                "email": f"supply{number}@vendor.example",
                "lang": demo.lang,
                "company_id": demo.company.id,
                "category_id": [Command.set(category.ids)],
                "child_ids": [
                    Command.create(
                        {
                            "name": names.person(900 + number),
                            "function": "Менеджер по работе с клиентами",
                            "lang": demo.lang,
                            "company_id": demo.company.id,
                        }
                    )
                ],
            }
            for number, vendor in enumerate(VENDORS)
        ]
    )


def buyer_of(vendor, buyers):
    """Each vendor is looked after by one buyer."""
    return chance.choose(buyers, "buyer of", vendor.name)
