"""A sandbox that is emptied in the middle of a stay is a sandbox like new: nothing opens, and the next guest gets in."""

import hotel
from hotel import equal, holds

seam = hotel.connect()
stay = hotel.stay_from_now()


def key_on_a_phone():
    identity = seam.user_identities.create(full_name="Ada Guest", user_identity_key="guest-1")
    user = seam.acs.users.create(
        acs_system_id=hotel.ACS_SYSTEM_ID,
        full_name="Ada Guest",
        user_identity_id=identity.user_identity_id,
    )
    phone = seam.phones.simulate.create_sandbox_phone(user_identity_id=identity.user_identity_id)
    doors = seam.acs.entrances.list(acs_system_id=hotel.ACS_SYSTEM_ID)
    room = next(door for door in doors if door.display_name == "101")
    parent = seam.acs.credentials.create(
        acs_user_id=user.acs_user_id,
        credential_manager_acs_system_id=hotel.CREDENTIAL_MANAGER_ID,
        is_multi_phone_sync_credential=True,
        access_method="mobile_key",
        allowed_acs_entrance_ids=[room.acs_entrance_id],
        starts_at=hotel.time_text(stay.starts_at),
        ends_at=hotel.time_text(stay.ends_at),
        visionline_metadata={"override": True},
    )
    return parent, phone


parent, phone = key_on_a_phone()
hotel.issued_child(seam, parent)
hotel.opens(phone, "101")
doors = [door.acs_entrance_id for door in seam.acs.entrances.list()]

attempt = seam.workspaces.reset_sandbox()
equal("status", attempt.status, "success")
equal("persons", seam.user_identities.list(), [])
equal("credentials", seam.acs.credentials.list(), [])
equal("phones", seam.phones.list(), [])
equal("doors", [door.acs_entrance_id for door in seam.acs.entrances.list()], doors)

parent, phone = key_on_a_phone()
hotel.issued_child(seam, parent)
hotel.opens(phone, "101")
holds("one key", len(hotel.keys_on(phone)) == 1)
