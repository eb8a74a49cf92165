"""A guest's second phone, a phone that is added after the key was issued and used, and the loss of one: no phone ever
evicts another of the same guest."""

from datetime import timedelta

import hotel
from hotel import equal

seam = hotel.connect()
rooms = hotel.entrances_by_name(seam)
stay = hotel.stay_from_now()
both = [rooms["101"], rooms["102"]]

ada = hotel.arrive(seam, "Ada Guest")
first, second = ada.phone, hotel.add_phone(seam, ada)
key = hotel.mobile_key(seam, ada, both, stay, is_override_key=True)
hotel.issued_children(seam, key, 2)
hotel.all_open_in_any_order([first, second], "101")

# A day later, with the first phones in use.
hotel.advance(timedelta(days=1))
third = hotel.add_phone(seam, ada)
hotel.issued_children(seam, key, 3)
hotel.opens(third, "101", "102")
hotel.opens(first, "101", "102")
hotel.opens(second, "101", "102")
hotel.all_open_in_any_order([first, second, third], "101")
for phone in [first, second, third]:
    equal("keys on the phone", len(hotel.keys_on(phone)), 1)

before = hotel.now()
seam.phones.deactivate(device_id=first.device_id)
hotel.issued_children(seam, key, 2)
hotel.not_found(
    "the phone", lambda: seam.phones.get(device_id=first.device_id), "device_not_found"
)
listed = seam.phones.list(owner_user_identity_id=ada.identity.user_identity_id)
equal(
    "phones", {phone.device_id for phone in listed}, {second.device_id, third.device_id}
)
equal("events about keys", [kind for kind, _ in hotel.credential_events(seam, before)], ["acs_credential.deleted"])
holders = seam.phones.list(acs_credential_id=key.acs_credential_id)
equal(
    "phones with the key", {phone.device_id for phone in holders}, {second.device_id, third.device_id}
)
hotel.all_open_in_any_order([second, third], "101")

# Without any phone the credential stays and waits for the next one.
for phone in [second, third]:
    seam.phones.deactivate(device_id=phone.device_id)
hotel.wait_for("no key is left", lambda: hotel.children_of(seam, key) == [])
current = seam.acs.credentials.get(acs_credential_id=key.acs_credential_id)
equal("valid", current.visionline_metadata.is_valid, True)
equal("issued", current.is_issued, False)
fourth = hotel.add_phone(seam, ada)
hotel.issued_children(seam, key, 1)
hotel.opens(fourth, "101", "102")
