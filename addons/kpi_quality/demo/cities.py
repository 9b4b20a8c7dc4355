"""Where customers live, how far that is, and which site serves them."""

from typing import NamedTuple


class City(NamedTuple):
    name: str
    region: str  # of Odoo's res.country.state: base.state_ru_<region>
    days: int  # from the warehouse by a carrier; 0: our own couriers
    weight: float  # how many of the customers live there


CITIES = (
    City("Москва", "mow", 0, 13),
    City("Подольск", "mos", 0, 2),
    City("Химки", "mos", 0, 2),
    City("Мытищи", "mos", 0, 1.5),
    City("Балашиха", "mos", 0, 1.5),
    City("Люберцы", "mos", 0, 1),
    City("Красногорск", "mos", 0, 1),
    City("Тула", "tul", 2, 1),
    City("Калуга", "klu", 2, 1),
    City("Тверь", "tve", 2, 1),
    City("Владимир", "vla", 2, 1),
    City("Рязань", "rya", 2, 1),
    City("Ярославль", "yar", 2, 1),
    City("Санкт-Петербург", "spe", 2, 9),
    City("Гатчина", "len", 3, 1),
    City("Выборг", "len", 3, 1),
    City("Великий Новгород", "ngr", 3, 1),
    City("Псков", "psk", 3, 1),
    City("Петрозаводск", "kr", 3, 1),
    City("Мурманск", "mur", 4, 1),
    City("Казань", "ta", 3, 6),
    City("Набережные Челны", "ta", 3, 1.5),
    City("Чебоксары", "cu", 3, 1),
    City("Йошкар-Ола", "me", 3, 1),
    City("Ижевск", "ud", 3, 1),
    City("Самара", "sam", 3, 1.5),
    City("Ульяновск", "uly", 3, 1),
    City("Новосибирск", "nvs", 5, 5),
    City("Омск", "oms", 5, 1.5),
    City("Томск", "tom", 5, 1),
    City("Кемерово", "kem", 5, 1),
    City("Барнаул", "alt", 5, 1),
    City("Красноярск", "kya", 6, 1.5),
    City("Владивосток", "pri", 9, 4),
    City("Находка", "pri", 9, 1),
    City("Хабаровск", "kha", 8, 1.5),
    City("Благовещенск", "amu", 8, 1),
    City("Южно-Сахалинск", "sak", 10, 1),
    # Where there is no shop: the warehouse serves them by itself.
    City("Екатеринбург", "sve", 4, 2.5),
    City("Челябинск", "che", 4, 1.5),
    City("Пермь", "per", 4, 1),
    City("Нижний Новгород", "niz", 2, 2),
    City("Ростов-на-Дону", "ros", 3, 2),
    City("Краснодар", "kda", 4, 2),
    City("Воронеж", "vor", 2, 1.5),
    City("Волгоград", "vgg", 3, 1),
)
# Regions by the shop that serves them.
SERVED = {
    "msk": "mow mos tul klu tve vla rya yar".split(),
    "spb": "spe len ngr psk kr mur".split(),
    "kzn": "ta cu me ud sam uly".split(),
    "nsk": "nvs oms tom kem alt kya".split(),
    "vvo": "pri kha amu sak".split(),
}
# One city of a region that another site serves.
SERVED_CITIES = {("mos", "Подольск"): "central"}


def at_home(shop):
    """:return: the cities whose customers buy in this shop"""
    return [city for city in CITIES if city.region in SERVED[shop]]
