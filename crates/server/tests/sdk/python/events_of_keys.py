"""The events of a stay from its first key to its end: each once, in order, about the right one."""

from datetime import timedelta

import hotel
from hotel import equal

seam = hotel.connect()
rooms = hotel.entrances_by_name(seam)
stay = hotel.stay_from_now()
longer = hotel.Stay(stay.starts_at, stay.ends_at + timedelta(days=1))
before = hotel.now()
names = {}
expected = []


def arrive(name):
    guest = hotel.arrive(seam, name)
    names[guest.user.acs_user_id] = name
    expected.append(("acs_user.created", name))
    return guest


def issue(name, guest, window, **metadata):
    key = hotel.mobile_key(seam, guest, [rooms["101"]], window, **metadata)
    child = hotel.issued_child(seam, key)
    names[key.acs_credential_id] = name
    names[child.acs_credential_id] = f"{name} on the phone"
    return key


def expect(what, *whose):
    for name in whose:
        expected.append((f"acs_credential.{what}", f"{name} on the phone"))
        expected.append((f"acs_credential.{what}", name))


def reported():
    events = seam.events.list(since=hotel.time_text(before), limit=500)
    return [
        (event.event_type, names[event.acs_credential_id if "credential" in event.event_type else event.acs_user_id])
        for event in events
    ]


def check():
    hotel.wait_for(f"{len(expected)} events", lambda: len(reported()) >= len(expected))
    equal("events", reported(), expected)


ada = arrive("Ada")
adas = issue("Ada's key", ada, stay, override=True)
expect("issued", "Ada's key")
check()
bob = arrive("Bob")
bobs = issue("Bob's key", bob, stay, joiner_acs_credential_ids=[adas.acs_credential_id])
expect("issued", "Bob's key")
check()
cleo = arrive("Cleo")
cleos = issue("Cleo's key", cleo, stay, override=True)
# The lock server calls the former keys overridden as soon as it has made the new one, and only then is it delivered.
expect("invalidated", "Ada's key", "Bob's key")
expect("issued", "Cleo's key")
check()
newer = issue("Cleo's newer key", cleo, longer, joiners=[cleos.acs_credential_id])
expect("issued", "Cleo's newer key")
expect("deleted", "Cleo's key")
check()
seam.acs.credentials.delete(acs_credential_id=newer.acs_credential_id)
expect("deleted", "Cleo's newer key")
check()
seam.acs.credentials.delete(acs_credential_id=adas.acs_credential_id)
expect("deleted", "Ada's key")
check()

# Nothing more comes of it: not when the stays are over, and not when everything is gone.
hotel.advance(timedelta(days=30))
hotel.wait_until_gone(seam, adas)
seam.acs.users.delete(acs_user_id=bob.user.acs_user_id)
expect("deleted", "Bob's key")
expected.append(("acs_user.deleted", "Bob"))
check()
