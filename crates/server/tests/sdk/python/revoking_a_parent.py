"""Revoking a multi-phone credential: the key of every phone goes first, then the credential itself. Those who joined it
stay."""

import hotel
from hotel import equal, holds

seam = hotel.connect()
rooms = hotel.entrances_by_name(seam)
stay = hotel.stay_from_now()

ada, bob = hotel.arrive(seam, "Ada Guest"), hotel.arrive(seam, "Bob Guest")
phones = [ada.phone, hotel.add_phone(seam, ada)]
parent = hotel.mobile_key(seam, ada, [rooms["101"], rooms["102"]], stay, is_override_key=True)
children = hotel.issued_children(seam, parent, 2)
bobs = hotel.mobile_key(seam, bob, [rooms["101"]], stay, joiners=[parent.acs_credential_id])
bobs_child = hotel.issued_child(seam, bobs)
for phone in phones:
    hotel.opens(phone, "101", "102")
hotel.opens(bob.phone, "101")

before = hotel.now()
seam.acs.credentials.delete(acs_credential_id=parent.acs_credential_id)


def gone():
    # Asked before the children: if it is gone by now, they must be.
    if not hotel.is_gone(seam, parent):
        return False
    holds("the children went first", all(hotel.is_gone(seam, child) for child in children))
    return True


hotel.wait_for("the credential is gone", gone)
for phone in phones:
    equal("keys on the phone", hotel.keys_on(phone), [])
    hotel.refuses(phone, "101", "no_key")
    hotel.refuses(phone, "102", "no_key")
hotel.opens(bob.phone, "101")
equal("keys on Bob's phone", len(hotel.keys_on(bob.phone)), 1)
equal(
    "keys of 101",
    set(hotel.valid_credential_ids(seam, rooms["101"])),
    set(hotel.ids_of([bobs, bobs_child])),
)

events = hotel.credential_events(seam, before)
deleted = [credential for kind, credential in events if kind == "acs_credential.deleted"]
equal("what was reported", len(events), 3)
equal("children of the reports", set(deleted[:2]), set(hotel.ids_of(children)))
equal("the last report", deleted[2], parent.acs_credential_id)
