"""Finding the credentials to join: the valid ones of each entrance, one entrance at a time, and then all of them at
once, although 101 and 102 are held by different parties."""

from datetime import timedelta

import hotel
from hotel import equal, holds

seam = hotel.connect()
rooms = hotel.entrances_by_name(seam)
stay = hotel.stay_from_now()
both = [rooms["101"], rooms["102"]]


def find():
    """The guide's loop."""
    all_credentials = []
    for entrance_id in hotel.ids_of(both):
        credentials = seam.acs.entrances.list_credentials_with_access(
            acs_entrance_id=entrance_id, include_if=["visionline_metadata.is_valid"]
        )
        all_credentials.append({"entrance_id": entrance_id, "credentials": credentials})
    return all_credentials


def join_all(guest):
    joiners = [credential for found in find() for credential in found["credentials"]]
    key = hotel.mobile_key(
        seam,
        guest,
        both,
        stay,
        joiner_acs_credential_ids=[joiner.acs_credential_id for joiner in joiners],
    )
    return key, hotel.issued_child(seam, key)


def override(guest, door):
    key = hotel.mobile_key(seam, guest, [rooms[door]], stay, is_override_key=True)
    return key, hotel.issued_child(seam, key)


ada, bob, cleo, dan, eve = (hotel.arrive(seam, name) for name in ["Ada", "Bob", "Cleo", "Dan", "Eve"])
ada_keys = override(ada, "101")
bob_keys = override(bob, "102")
hotel.opens(ada.phone, "101")
hotel.opens(bob.phone, "102")

of_101, of_102 = (set(hotel.ids_of(found["credentials"])) for found in find())
equal("credentials of 101", of_101, set(hotel.ids_of(ada_keys)))
equal("credentials of 102", of_102, set(hotel.ids_of(bob_keys)))

cleo_keys = join_all(cleo)
hotel.opens(cleo.phone, "101", "102")
hotel.all_open_in_any_order([ada.phone, cleo.phone], "101")
hotel.all_open_in_any_order([bob.phone, cleo.phone], "102")
hotel.refuses(ada.phone, "102", "no_access")
hotel.refuses(bob.phone, "101", "no_access")

# A new party takes 101: those who had it are not found there any more, but Cleo still is at 102.
dan_keys = override(dan, "101")
expected = set(hotel.ids_of(dan_keys))
hotel.wait_for(
    "101 is Dan's alone", lambda: set(hotel.valid_credential_ids(seam, rooms["101"])) == expected
)
equal(
    "credentials of 102",
    set(hotel.valid_credential_ids(seam, rooms["102"])),
    set(hotel.ids_of([*bob_keys, *cleo_keys])),
)
every = seam.acs.entrances.list_credentials_with_access(acs_entrance_id=rooms["101"].acs_entrance_id)
holds("without the filter Ada's is listed as well", ada_keys[0].acs_credential_id in hotel.ids_of(every))
equal("Ada's key, which lost its only room, is valid", hotel.is_valid(seam, ada_keys[0]), False)
equal("Cleo's key, which lost one of two rooms, is valid", hotel.is_valid(seam, cleo_keys[0]), True)
hotel.opens(dan.phone, "101")
hotel.refuses(ada.phone, "101", "overridden")
hotel.refuses(cleo.phone, "101", "overridden")

# Next week's guest has a key for 101 already, which the search finds as well and nobody must stumble over.
week = timedelta(days=7)
next_week = hotel.Stay(stay.starts_at + week, stay.ends_at + week)
frank = hotel.arrive(seam, "Frank")
frank_key = hotel.mobile_key(seam, frank, [rooms["101"]], next_week, is_override_key=True)
frank_keys = [frank_key, hotel.issued_child(seam, frank_key)]

# The same search now joins Dan in 101, and Bob and Cleo in 102.
join_all(eve)
hotel.opens(eve.phone, "101", "102")
hotel.all_open_in_any_order([dan.phone, eve.phone], "101")
hotel.all_open_in_any_order([bob.phone, cleo.phone, eve.phone], "102")
hotel.refuses(ada.phone, "101", "overridden")
hotel.refuses(cleo.phone, "101", "overridden")

hotel.refuses(frank.phone, "101", "not_valid_yet")

hotel.advance_past(stay.ends_at)
left = set(hotel.valid_credential_ids(seam, rooms["101"]))
equal("keys of 101 after the stay", left, set(hotel.ids_of(frank_keys)))
hotel.refuses(eve.phone, "101", "expired")
hotel.advance_past(next_week.starts_at)
hotel.opens(frank.phone, "101")
