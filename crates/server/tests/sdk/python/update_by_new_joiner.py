"""Updating a guest's key: a new one that joins the old one takes its place. The guest's phone opens the door at every
moment, and in the end it has one key, the new one, which lasts longer."""

from datetime import timedelta

import hotel
from hotel import equal

seam = hotel.connect()
rooms = hotel.entrances_by_name(seam)
stay = hotel.stay_from_now()
longer = hotel.Stay(stay.starts_at, stay.ends_at + timedelta(days=2))

ada, bob = hotel.arrive(seam, "Ada Guest"), hotel.arrive(seam, "Bob Guest")
former = hotel.mobile_key(seam, ada, [rooms["101"], rooms["102"]], stay, is_override_key=True)
former_child = hotel.issued_child(seam, former)
bobs = hotel.mobile_key(seam, bob, [rooms["101"]], stay, joiners=[former.acs_credential_id])
hotel.issued_child(seam, bobs)
hotel.opens(ada.phone, "101", "102")
hotel.opens(bob.phone, "101")

updated = hotel.mobile_key(
    seam,
    ada,
    None,
    longer,
    joiners=[former.acs_credential_id, bobs.acs_credential_id],
)


def replaced():
    hotel.opens(ada.phone, "101", "102")
    hotel.opens(bob.phone, "101")
    return hotel.is_gone(seam, former) and hotel.is_gone(seam, former_child)


hotel.wait_for("the former key is gone", replaced)
replaced()
equal("keys on Ada's phone", len(hotel.keys_on(ada.phone)), 1)
equal("keys on Bob's phone", len(hotel.keys_on(bob.phone)), 1)
current = seam.acs.credentials.list(acs_user_id=ada.user.acs_user_id)
child = hotel.issued_child(seam, updated)
equal("Ada's credentials", set(hotel.ids_of(current)), set(hotel.ids_of([updated, child])))
equal("end", hotel.instant(child.ends_at), longer.ends_at)
equal(
    "whom it joins, also one that is gone",
    updated.visionline_metadata.joiner_acs_credential_ids,
    hotel.ids_of([former, bobs]),
)

hotel.advance_past(stay.ends_at)
hotel.opens(ada.phone, "101", "102")
hotel.refuses(bob.phone, "101", "expired")
hotel.advance_past(longer.ends_at)
hotel.refuses(ada.phone, "101", "expired")
