"""Whose visit it is: how many coming visits one may have, and the person to whom a visit is bound.

Places that anybody may use can be sold; one that belongs to a name and a birth date cannot. The counter compares both
with the identity document.

Source: domain/appointments.md 8.2.2 and 8.2.3.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.appointments.domain.visit import Product


@dataclass(frozen=True, slots=True)
class Limits:
    """What the products of one visit allow one person."""

    most_by_contact: tuple[tuple[str, int], ...]
    """Products and how many coming visits there may be with one e-mail address or phone number."""
    one_by_person: tuple[str, ...]
    """Products for which a person, by name and birth date, may have one coming visit."""

    @property
    def product_ids(self) -> list[str]:
        """Return the products that are limited at all."""
        return list(dict.fromkeys([*(product_id for product_id, _ in self.most_by_contact), *self.one_by_person]))

    def by_person_only(self) -> "Limits":
        """Return what holds for an address of somebody who books for many others, such as a social worker."""
        return Limits(most_by_contact=(), one_by_person=self.one_by_person)


def limits_of(products: Iterable[Product]) -> Limits:
    """Return the limits that products set, each by itself."""
    known = list(products)
    return Limits(
        most_by_contact=tuple(
            (product.product_id, product.policy.most_live) for product in known if product.policy.most_live is not None
        ),
        one_by_person=tuple(product.product_id for product in known if product.policy.bound),
    )


def person_text(name: str, birth_on: date) -> str:
    """Return what two ways to write one person have in common: letters without accents or case, and the birth date.

    Spaces, hyphens, full stops and apostrophes make no difference: `J. de-Wit` and `j de wit` are one.
    """
    return f"{bare_name(name)}:{birth_on.isoformat()}"


def bare_name(name: str) -> str:
    """Return what two ways to write one name have in common."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name) if sign.isalnum()).casefold()
