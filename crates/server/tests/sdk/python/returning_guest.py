"""A returning guest: all earlier access ends, the new reservation's doors are granted one by one, and an override key
without doors of its own takes them. As the guide calls it, step by step and then without a pause."""

import hotel
from hotel import equal

seam = hotel.connect()
rooms = hotel.entrances_by_name(seam)
stay = hotel.stay_from_now()


def revoke_all(guest):
    acs_user = seam.acs.users.get(acs_user_id=guest.user.acs_user_id)
    seam.acs.users.revoke_access_to_all_entrances(acs_user_id=acs_user.acs_user_id)


def grant(guest, *doors):
    for door in doors:
        seam.acs.entrances.grant_access(
            acs_user_id=guest.user.acs_user_id, acs_entrance_id=rooms[door].acs_entrance_id
        )


ada = hotel.arrive(seam, "Ada Guest")
former = hotel.mobile_key(seam, ada, [rooms["101"]], stay, is_override_key=True)
former_child = hotel.issued_child(seam, former)
hotel.opens(ada.phone, "101")
equal("doors of Ada", hotel.accessible_doors(seam, ada), ["101"])

revoke_all(ada)
equal("doors of Ada after the revocation", hotel.accessible_doors(seam, ada), [])
equal("the former key is valid", hotel.is_valid(seam, former), False)
hotel.wait_for("no key on the phone", lambda: hotel.keys_on(ada.phone) == [])
hotel.refuses(ada.phone, "101", "no_key")
equal("keys of 101", hotel.valid_credential_ids(seam, rooms["101"]), [])

# No door is left over from the former stay.
error = hotel.api_error(
    "a key without doors", lambda: hotel.mobile_key(seam, ada, None, stay, is_override_key=True)
)
equal("messages", len(error.get_validation_error_messages("allowed_acs_entrance_ids")), 1)

grant(ada, "201", "202")
equal("doors of Ada after the grants", hotel.accessible_doors(seam, ada), ["201", "202"])
equal("keys that a grant makes", hotel.keys_on(ada.phone), [])
key = hotel.mobile_key(seam, ada, None, stay, is_override_key=True)
child = hotel.issued_child(seam, key)
equal(
    "doors of the key",
    sorted(child.visionline_metadata.guest_acs_entrance_ids),
    sorted(hotel.ids_of([rooms["201"], rooms["202"]])),
)
hotel.opens(ada.phone, "201", "202")
hotel.refuses(ada.phone, "101", "no_access")
hotel.wait_until_gone(seam, former)
hotel.wait_until_gone(seam, former_child)
equal("keys on the phone", len(hotel.keys_on(ada.phone)), 1)

grace = hotel.arrive(seam, "Grace Guest")
former = hotel.mobile_key(seam, grace, [rooms["103"]], stay, is_override_key=True)
hotel.issued_child(seam, former)
hotel.opens(grace.phone, "103")
revoke_all(grace)
grant(grace, "104")
key = hotel.mobile_key(seam, grace, None, stay, is_override_key=True)
hotel.issued_child(seam, key)
hotel.wait_until_gone(seam, former)
hotel.opens(grace.phone, "104")
hotel.refuses(grace.phone, "103", "no_access")
equal("keys on the phone", len(hotel.keys_on(grace.phone)), 1)
equal("doors of Grace", hotel.accessible_doors(seam, grace), ["104"])
