"""Where ceremonies are held (*trouwlocaties*)."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.civil_registry.domain.errors import RoomUnknown


@dataclass(frozen=True, slots=True)
class Room:
    """A room for ceremonies."""

    id: str
    name: str
    place: str
    """How the deed names it."""
    minutes: int
    special_house: bool
    """A house for who cannot come to the town hall: six witnesses. Source: BW 1:64."""


Rooms = Mapping[str, Room]


def check_room(rooms: Rooms, room_id: str) -> None:
    """The town holds ceremonies there.

    Raises: RoomUnknown.
    """
    if room_id not in rooms:
        raise RoomUnknown(room_id=room_id)


def witnesses_in_special_house(rooms: Rooms, room_id: str) -> bool:
    """Say whether six witnesses are needed there. Source: BW 1:64."""
    return room_id in rooms and rooms[room_id].special_house
