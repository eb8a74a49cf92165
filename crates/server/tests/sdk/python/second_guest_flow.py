"""An override for one of two rooms: the earlier guest loses that room when the new key is first used, and no other."""

from datetime import timedelta

import hotel
from hotel import equal, holds

seam = hotel.connect()
rooms = hotel.entrances_by_name(seam)
stay = hotel.stay_from_now()
before = hotel.time_text(stay.starts_at - timedelta(seconds=1))

first = hotel.arrive(seam, "Ada Guest")
first_key = hotel.mobile_key(seam, first, [rooms["101"], rooms["103"]], stay, is_override_key=True)
hotel.issued_child(seam, first_key)
hotel.opens(first.phone, "101")
hotel.opens(first.phone, "103")
hotel.refuses(first.phone, "102", "no_access")

second = hotel.arrive(seam, "Grace Guest")
second_key = hotel.mobile_key(seam, second, [rooms["101"]], stay, override=True)
hotel.issued_child(seam, second_key)

# The lock is offline: it learns of the new guest only from the new guest's key.
hotel.opens(first.phone, "101")
hotel.opens(second.phone, "101")
hotel.refuses(first.phone, "101", "overridden")
hotel.opens(first.phone, "103")

joinable = hotel.valid_credential_ids(seam, rooms["101"])
holds("the new key may be joined at 101", second_key.acs_credential_id in joinable)
holds("the lost key may not be joined at 101", first_key.acs_credential_id not in joinable)
joinable = hotel.valid_credential_ids(seam, rooms["103"])
holds("the first key may be joined at 103", first_key.acs_credential_id in joinable)


def is_valid(key):
    current = seam.acs.credentials.get(acs_credential_id=key.acs_credential_id)
    return current.visionline_metadata.is_valid


equal("a key that lost one of two rooms is valid", is_valid(first_key), True)

third = hotel.arrive(seam, "Edsger Guest")
third_key = hotel.mobile_key(seam, third, [rooms["103"]], stay, override=True)
hotel.issued_child(seam, third_key)
hotel.wait_for("a key that lost all its rooms is invalid", lambda: not is_valid(first_key))
hotel.opens(third.phone, "103")
hotel.refuses(first.phone, "103", "overridden")
equal("the second key is valid", is_valid(second_key), True)

invalidated = [
    event.acs_credential_id
    for event in seam.events.list(since=before, event_type="acs_credential.invalidated")
]
holds("the loss is told once", invalidated.count(first_key.acs_credential_id) == 1)
holds("nobody else lost a key", second_key.acs_credential_id not in invalidated)
