"""Days that are given out by lot: what can be asked for, how it works, and what came of it for everybody to check."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import abort, current_app, g, render_template
from flask.typing import ResponseReturnValue

from gateway.pages.addresses import asked, page, parameter
from gateway.pages.blueprints import booking
from gateway.pages.catalogue import products
from gateway.pages.notices import notice
from gateway.rpc import services
from services.messaging.errors import Refusal, Unavailable

Draw = dict[str, Any]


def all_draws() -> list[Draw]:
    """Return the draws, as `contracts.appointments.DrawSummary`, up to a second old.

    Raises: Unavailable.
    """
    draws: list[Draw] = services().draw_list().reply["draws"]
    return draws


def draws_to_come(product_ids: Iterable[str]) -> list[Draw]:
    """Return the draws of products that have not been held, those to which one may ask first; none when we are away."""
    offered = products()
    if not any(offered[product_id].get("drawn") for product_id in product_ids if product_id in offered):
        return []
    try:
        found = [draw for draw in all_draws() if draw["product_id"] in product_ids and draw["state"] != "held"]
    except (Refusal, Unavailable):  # a time can be chosen without this news
        return []
    return sorted(found, key=lambda draw: (("open", "planned", "closed").index(draw["state"]), draw["draws_at"]))


def open_draws(product_id: str) -> list[Draw]:
    """Return the draws of a product to which one may ask now, the soonest first.

    Raises: Unavailable.
    """
    found = [draw for draw in all_draws() if draw["product_id"] == product_id and draw["state"] == "open"]
    return sorted(found, key=lambda draw: (draw["closes_at"], draw["first_on"]))


@page(booking, "draws")
def show_draws() -> ResponseReturnValue:
    """Show which places are given out by lot, how that goes, and the results."""
    draws, offered = all_draws(), products()
    return render_template(
        "draws.html",
        told=notice(asked("notice")),
        groups=[
            (product, [draw for draw in draws_to_come([product_id]) if draw["open_days"]])
            for product_id, product in offered.items()
            if product.get("drawn")
        ],
        held=[draw for draw in draws if draw["state"] == "held"],
        products=offered,
    )


@page(booking, "draw_result")
def show_result(code: str) -> ResponseReturnValue:
    """Show what came of a draw, by number, and how anybody can do it again."""
    try:
        found = services().draw_document(UUID(code)).reply
    except (ValueError, Refusal):
        abort(404)
    content = json.loads(found["document"])
    said = content["draw"]
    number = "".join(sign for sign in asked("number") if sign.isdigit())
    turns = {entry["number"]: (turn, entry) for turn, entry in enumerate(said.get("requests", ()), start=1)}
    return render_template(
        "draw_result.html",
        said=said,
        digest=content.get("digest"),
        held=found["held"],
        product=products().get(said["productId"]),
        number=number,
        number_field=parameter("number"),
        mine=turns.get(number),
        requests=said.get("requests", []),
        placed=sum(entry["place"] is not None for entry in said.get("requests", ())),
        document=f"/v1/draws/{code}",
        public_url=current_app.extensions["settings"].public_url,
        language=g.lang,
    )
