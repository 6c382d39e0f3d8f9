"""Prints one customer's timeline: `python -m services.crm.timeline somebody@example.org` (or a phone number)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from services.contracts import crm as contract
from services.contracts.base import dump, load
from services.crm.settings import SERVICE, read_broker_url
from services.messaging import log
from services.messaging.errors import Malformed, Refusal, Unavailable
from services.messaging.rpc_client import RpcClient, RpcFault
from services.messaging.settings import SettingsError

_ZONE = ZoneInfo("Europe/Amsterdam")
_COLUMNS = ("when", "contact", "channel", "outcome", "receipt", "products", "location", "appointment at")


def ask_timeline(services: RpcClient, contact: str) -> dict[str, Any]:
    """Return the timeline of the customer with this e-mail address or phone number.

    Raises: Refusal (customer-unknown), Malformed, Unavailable.
    """
    key = "email" if "@" in contact else "phone"
    asked = dump(contract.GetTimeline, {key: contact})
    return load(contract.Timeline, services.call(SERVICE, "timeline", asked))


def as_table(timeline: dict[str, Any]) -> str:
    """Return a timeline as lines of text, times in Enschede's zone."""
    rows = [_COLUMNS, *(_row(entry) for entry in timeline["entries"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([_head(timeline), *lines])


def _head(timeline: dict[str, Any]) -> str:
    since = timeline["deceased_since"]
    return f"customer {timeline['customer_id']}" + (f", deceased (known since {_local(since)})" if since else "")


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    return (
        _local(entry["occurred_at"]),
        entry["kind"],
        entry["channel"],
        entry["outcome"],
        entry["receipt"] or "-",
        ", ".join(entry["product_ids"]) or "-",
        entry["location_id"] or "-",
        _local(entry["starts_at"]),
    )


def _local(instant: datetime | None) -> str:
    return "-" if instant is None else instant.astimezone(_ZONE).strftime("%Y-%m-%d %H:%M")


@click.command()
@click.argument("contact", metavar="EMAIL_OR_PHONE")
def main(contact: str) -> None:
    """Print the contact history of the customer with this e-mail address or phone number, newest first."""
    log.configure(service=SERVICE, process="timeline", level="error")
    try:
        services = RpcClient(read_broker_url().reveal(), name=f"{SERVICE}-timeline")
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    try:
        click.echo(as_table(ask_timeline(services, contact.strip())))
    except Refusal:
        raise click.ClickException("No customer is known by this e-mail address or phone number.") from None
    except Malformed:
        raise click.ClickException("This is neither an e-mail address nor a phone number.") from None
    except (Unavailable, RpcFault):
        raise click.ClickException("The CRM does not answer. Does everything run (`make up`)?") from None
    finally:
        services.close()


if __name__ == "__main__":
    main()
