"""The ways in which a guest's keys end with the guest: suspended and back, the user deleted, the person deleted."""

import hotel
from hotel import equal

seam = hotel.connect()
rooms = hotel.entrances_by_name(seam)
stay = hotel.stay_from_now()


def has_no_key(phone):
    return lambda: hotel.keys_on(phone) == []


ada, bob, cleo = (hotel.arrive(seam, name) for name in ["Ada", "Bob", "Cleo"])
adas = hotel.mobile_key(seam, ada, [rooms["101"]], stay, is_override_key=True)
joins = {"joiner_acs_credential_ids": [adas.acs_credential_id]}
bobs = hotel.mobile_key(seam, bob, [rooms["101"]], stay, **joins)
cleos = hotel.mobile_key(seam, cleo, [rooms["101"]], stay, **joins)
children = [hotel.issued_child(seam, key) for key in [adas, bobs, cleos]]
hotel.all_open_in_any_order([ada.phone, bob.phone, cleo.phone], "101")

# Suspended: the key is taken back, the credential is not; then it returns.
seam.acs.users.suspend(acs_user_id=ada.user.acs_user_id)
hotel.wait_for("a suspended guest has no key", has_no_key(ada.phone))
hotel.refuses(ada.phone, "101", "no_key")
equal("suspended", seam.acs.users.get(acs_user_id=ada.user.acs_user_id).is_suspended, True)
error = hotel.api_error(
    "a key for a suspended guest",
    lambda: hotel.mobile_key(seam, ada, [rooms["102"]], stay, is_override_key=True),
)
equal("messages", len(error.get_validation_error_messages("acs_user_id")), 1)
hotel.opens(bob.phone, "101")
seam.acs.users.unsuspend(acs_user_id=ada.user.acs_user_id)
hotel.wait_for("the key is back", lambda: len(hotel.keys_on(ada.phone)) == 1)
hotel.all_open_in_any_order([ada.phone, bob.phone, cleo.phone], "101")

# The user is deleted, the person and the phone are not.
seam.acs.users.delete(acs_user_id=ada.user.acs_user_id)
hotel.wait_until_gone(seam, adas)
hotel.wait_until_gone(seam, children[0])
hotel.not_found(
    "the user", lambda: seam.acs.users.get(acs_user_id=ada.user.acs_user_id), "acs_user_not_found"
)
equal("keys on the phone", hotel.keys_on(ada.phone), [])
hotel.refuses(ada.phone, "101", "no_key")
hotel.opens(bob.phone, "101")
equal("the phone is known", seam.phones.get(device_id=ada.phone.device_id).device_id, ada.phone.device_id)

# The person is deleted, and with it the user, the phone and the key.
seam.user_identities.delete(user_identity_id=bob.identity.user_identity_id)
hotel.wait_until_gone(seam, bobs)
hotel.wait_until_gone(seam, children[1])
hotel.not_found(
    "the user", lambda: seam.acs.users.get(acs_user_id=bob.user.acs_user_id), "acs_user_not_found"
)
hotel.not_found(
    "the phone", lambda: seam.phones.get(device_id=bob.phone.device_id), "device_not_found"
)
hotel.not_found(
    "the person",
    lambda: seam.user_identities.get(user_identity_id=bob.identity.user_identity_id),
    "user_identity_not_found",
)
hotel.opens(cleo.phone, "101")
equal("keys of 101", set(hotel.valid_credential_ids(seam, rooms["101"])), set(hotel.ids_of([cleos, children[2]])))
