"""What the flow scripts share: the connection, the demo hotel's doors, phones and clock, times as the guides write
them, and waiting for a condition. A flow imports it, calls the SDK, and leaves with an exception where something is wrong.
"""

import itertools
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, List, Optional

from seam import Seam, SeamHttpApiError

WORKSPACE_ID = os.environ["INNKEEP_WORKSPACE_ID"]
ACS_SYSTEM_ID = os.environ["INNKEEP_ACS_SYSTEM_ID"]
CREDENTIAL_MANAGER_ID = os.environ["INNKEEP_CREDENTIAL_MANAGER_ID"]
CONTROL = os.environ["INNKEEP_CONTROL"]


def connect() -> Seam:
    """The SDK as an integrator starts it: SEAM_ENDPOINT and SEAM_API_KEY come from the environment."""
    return Seam()


def equal(what: str, actual: Any, expected: Any) -> None:
    """Stops the flow unless both are the same."""
    if actual != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")


def holds(what: str, condition: Any) -> None:
    """Stops the flow unless the condition holds."""
    if not condition:
        raise AssertionError(what)


def wait_for(what: str, check: Callable[[], Any], limit_s: float = 10.0) -> Any:
    """Asks again until the answer is neither None, False nor empty, and returns it."""
    deadline = time.monotonic() + limit_s
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {limit_s} s")
        time.sleep(0.05)


def api_error(what: str, call: Callable[[], Any]) -> SeamHttpApiError:
    """The error that the call must raise."""
    try:
        answer = call()
    except SeamHttpApiError as error:
        return error
    raise AssertionError(f"{what}: expected an error, got {answer!r}")


def time_text(instant: datetime) -> str:
    """An instant in UTC, written as the guides do: `2023-01-01 10:40:00.000`."""
    return instant.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def instant(text: str) -> datetime:
    """The instant an answer names; fails unless it is written in UTC with a Z."""
    holds(f"{text} is written in UTC", text.endswith("Z"))
    return datetime.fromisoformat(text[:-1] + "+00:00")


@dataclass
class Stay:
    """From now for three nights."""

    starts_at: datetime
    ends_at: datetime


def stay_from_now() -> Stay:
    now = datetime.now(timezone.utc).replace(microsecond=0)
    return Stay(now, now + timedelta(days=3))


def entrances_by_name(seam: Seam) -> dict:
    entrances = seam.acs.entrances.list(acs_system_id=ACS_SYSTEM_ID)
    return {entrance.display_name: entrance for entrance in entrances}


@dataclass
class Guest:
    identity: Any
    user: Any
    phone: Any


def arrive(seam: Seam, full_name: str) -> Guest:
    """A guest who is known to the site and has set up a phone."""
    identity = seam.user_identities.create(full_name=full_name)
    user = seam.acs.users.create(
        acs_system_id=ACS_SYSTEM_ID,
        full_name=full_name,
        user_identity_id=identity.user_identity_id,
    )
    guest = Guest(identity, user, None)
    guest.phone = add_phone(seam, guest)
    return guest


def add_phone(seam: Seam, guest: Guest) -> Any:
    """One more phone of the guest, set up at once."""
    return seam.phones.simulate.create_sandbox_phone(
        user_identity_id=guest.identity.user_identity_id
    )


def mobile_key(
    seam: Seam, guest: Guest, entrances: Optional[List[Any]], stay: Stay, **metadata: Any
) -> Any:
    """Creates a mobile key with the arguments of the founding guides; `metadata` says how it relates to others.
    Without entrances none are named, as several of the guides' samples do."""
    doors = {} if entrances is None else {"allowed_acs_entrance_ids": ids_of(entrances)}
    return seam.acs.credentials.create(
        acs_user_id=guest.user.acs_user_id,
        credential_manager_acs_system_id=CREDENTIAL_MANAGER_ID,
        is_multi_phone_sync_credential=True,
        access_method="mobile_key",
        **doors,
        starts_at=time_text(stay.starts_at),
        ends_at=time_text(stay.ends_at),
        visionline_metadata={
            "cardFormat": "rfid48",
            "label": "%ROOMNUM% - %SITENAME%",
            **metadata,
        },
    )


def children_of(seam: Seam, parent: Any) -> List[Any]:
    """The keys on phones that exist below a mobile key."""
    credentials = seam.acs.credentials.list(acs_user_id=parent.acs_user_id)
    return [
        credential
        for credential in credentials
        if credential.parent_acs_credential_id == parent.acs_credential_id
    ]


def issued_child(seam: Seam, parent: Any) -> Any:
    """Waits until the key has reached a phone."""
    return issued_children(seam, parent, 1)[0]


def issued_children(seam: Seam, parent: Any, count: int) -> List[Any]:
    """Waits until the key is meant for exactly that many phones and has reached each."""

    def issued() -> Optional[List[Any]]:
        children = children_of(seam, parent)
        reached = len(children) == count and all(child.is_issued for child in children)
        return children if reached else None

    return wait_for(f"a key on {count} phones", issued)


def is_gone(seam: Seam, credential: Any) -> bool:
    """Whether a credential is unknown."""
    try:
        seam.acs.credentials.get(acs_credential_id=credential.acs_credential_id)
    except SeamHttpApiError as error:
        equal("error of a deleted credential", error.code, "acs_credential_not_found")
        equal("status of a deleted credential", error.status_code, 404)
        return True
    return False


def wait_until_gone(seam: Seam, credential: Any) -> None:
    """Waits until a deleted credential is unknown."""
    wait_for(f"{credential.display_name} is gone", lambda: is_gone(seam, credential))


def not_found(what: str, call: Callable[[], Any], code: str) -> None:
    """Waits until the call is answered with 404 and this code."""

    def unknown() -> bool:
        try:
            call()
        except SeamHttpApiError as error:
            equal(what, (error.status_code, error.code), (404, code))
            return True
        return False

    wait_for(f"{what} is gone", unknown)


def ids_of(things: List[Any]) -> List[str]:
    """The ids of credentials, or of entrances."""
    return [
        getattr(thing, "acs_credential_id", None) or thing.acs_entrance_id for thing in things
    ]


def is_valid(seam: Seam, credential: Any) -> bool:
    """What the API says now of a credential."""
    current = seam.acs.credentials.get(acs_credential_id=credential.acs_credential_id)
    return current.visionline_metadata.is_valid


def valid_credentials(seam: Seam, entrance: Any) -> List[Any]:
    """The credentials that another key may join at this door."""
    return seam.acs.entrances.list_credentials_with_access(
        acs_entrance_id=entrance.acs_entrance_id,
        include_if=["visionline_metadata.is_valid"],
    )


def valid_credential_ids(seam: Seam, entrance: Any) -> List[str]:
    """Their ids."""
    return ids_of(valid_credentials(seam, entrance))


def accessible_doors(seam: Seam, guest: Guest) -> List[str]:
    """The doors that the API says the guest may open."""
    entrances = seam.acs.users.list_accessible_entrances(acs_user_id=guest.user.acs_user_id)
    return sorted(entrance.display_name for entrance in entrances)


def credential_events(seam: Seam, since: datetime) -> List[tuple]:
    """Type and credential of every event about a credential, in order."""
    return [
        (event.event_type, event.acs_credential_id)
        for event in seam.events.list(since=time_text(since), limit=500)
        if event.event_type.startswith("acs_credential.")
    ]


def endpoint_of(phone: Any) -> str:
    """The phone's registration at the credential manager: what a lock is shown."""
    return phone.properties.assa_abloy_credential_service_metadata.endpoints[0].endpoint_id


def control(method: str, path: str, body: Optional[dict] = None) -> Any:
    """Asks the simulated hotel itself, past the API under test."""
    request = urllib.request.Request(
        f"{CONTROL}/{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from error


def present_phone(phone: Any, door: str) -> dict:
    """Holds the phone against the lock and returns its verdict."""
    return control(
        "POST",
        f"doors/{urllib.parse.quote(door, safe='')}/present",
        {"endpoint_id": endpoint_of(phone)},
    )


def opens(phone: Any, *doors: str) -> None:
    """Holds the phone to each door; the lock must open."""
    for door in doors:
        verdict = present_phone(phone, door)
        equal(f"door {door}", (verdict["opened"], verdict["reason"]), (True, "guest"))


def refuses(phone: Any, door: str, reason: str) -> None:
    """Holds the phone to the door; the lock must refuse for this reason."""
    verdict = present_phone(phone, door)
    equal(f"door {door}", (verdict["opened"], verdict["reason"]), (False, reason))


def all_open_in_any_order(phones: List[Any], door: str) -> None:
    """Holds all phones to the door in every order: whoever was there last evicts nobody."""
    for order in itertools.permutations(phones):
        for phone in order:
            opens(phone, door)


def now() -> datetime:
    """The millisecond before that of the clock which the server and the hotel share, as bounds are exclusive."""
    return instant(control("GET", "clock")["now"]) - timedelta(milliseconds=1)


def advance(by: timedelta) -> None:
    """Moves it forward."""
    control("POST", "clock", {"advance_seconds": int(by.total_seconds())})


def advance_past(end: datetime) -> None:
    """Moves it to where no key with this end can open: Visionline rounds an end up to the minute."""
    advance(end - now() + timedelta(seconds=61))


def keys_on(phone: Any) -> list:
    """The keys the phone holds, as the phone itself knows them."""
    endpoint = urllib.parse.quote(endpoint_of(phone), safe="")
    return control("GET", f"phones/{endpoint}/keys")["keys"]
