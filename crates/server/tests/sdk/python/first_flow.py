"""A single guest in a single room: from an API key to an opened door, and back to a closed one."""

from datetime import timedelta

import hotel
from hotel import equal, holds

seam = hotel.connect()

workspace = seam.workspaces.get()
holds("the workspace is a sandbox", workspace.is_sandbox)
equal("workspace", workspace.workspace_id, hotel.WORKSPACE_ID)

systems = {system.external_type: system for system in seam.acs.systems.list()}
site = systems["visionline_system"]
manager = systems["assa_abloy_credential_service"]
equal("site", site.acs_system_id, hotel.ACS_SYSTEM_ID)
equal("credential manager", manager.acs_system_id, hotel.CREDENTIAL_MANAGER_ID)

entrances = seam.acs.entrances.list(acs_system_id=site.acs_system_id)
room_101 = next(entrance for entrance in entrances if entrance.display_name == "101")
room_102 = next(entrance for entrance in entrances if entrance.display_name == "102")
equal("category of 101", room_101.visionline_metadata.door_category, "guest")
holds("101 and 102 differ", room_101.acs_entrance_id != room_102.acs_entrance_id)

stay = hotel.stay_from_now()
before = hotel.time_text(stay.starts_at - timedelta(seconds=1))

identity = seam.user_identities.create(
    user_identity_key="guest-1", full_name="Ada Guest", email_address="ada@example.com"
)
acs_user = seam.acs.users.create(
    acs_system_id=site.acs_system_id,
    full_name="Ada Guest",
    email_address="ada@example.com",
    user_identity_id=identity.user_identity_id,
)
equal("identity of the user", acs_user.user_identity_id, identity.user_identity_id)

phone = seam.phones.simulate.create_sandbox_phone(user_identity_id=identity.user_identity_id)
holds(
    "the phone is set up",
    phone.properties.assa_abloy_credential_service_metadata.has_active_endpoint,
)
equal("keys before any was issued", hotel.keys_on(phone), [])

parent = seam.acs.credentials.create(
    acs_user_id=acs_user.acs_user_id,
    credential_manager_acs_system_id=manager.acs_system_id,
    is_multi_phone_sync_credential=True,
    access_method="mobile_key",
    allowed_acs_entrance_ids=[room_101.acs_entrance_id],
    starts_at=hotel.time_text(stay.starts_at),
    ends_at=hotel.time_text(stay.ends_at),
    visionline_metadata={
        "cardFormat": "rfid48",
        "label": "%ROOMNUM% - %SITENAME%",
        "is_override_key": True,
    },
)
equal("user of the credential", parent.acs_user_id, acs_user.acs_user_id)
equal("multi-phone", parent.is_multi_phone_sync_credential, True)
equal("end", hotel.instant(parent.ends_at), stay.ends_at)
equal("valid", parent.visionline_metadata.is_valid, True)

child = hotel.issued_child(seam, parent)
equal("children", len(hotel.children_of(seam, parent)), 1)
equal("method of the child", child.access_method, "mobile_key")
equal("doors of the child", child.visionline_metadata.guest_acs_entrance_ids, [room_101.acs_entrance_id])
holds("the child has a card at the lock server", child.visionline_metadata.card_id)
parent = seam.acs.credentials.get(acs_credential_id=parent.acs_credential_id)
equal("the parent is issued with its first child", parent.is_issued, True)

phones = seam.phones.list(acs_credential_id=parent.acs_credential_id)
equal("phones that hold the key", [each.device_id for each in phones], [phone.device_id])
doors = seam.acs.credentials.list_accessible_entrances(acs_credential_id=parent.acs_credential_id)
equal("doors of the key", [each.display_name for each in doors], ["101"])
doors = seam.acs.users.list_accessible_entrances(acs_user_id=acs_user.acs_user_id)
equal("doors of the user", [each.display_name for each in doors], ["101"])
joinable = hotel.valid_credential_ids(seam, room_101)
equal("keys of 101", set(joinable), {parent.acs_credential_id, child.acs_credential_id})

equal("keys on the phone", len(hotel.keys_on(phone)), 1)
hotel.opens(phone, "101")
hotel.refuses(phone, "102", "no_access")

seam.acs.credentials.delete(acs_credential_id=parent.acs_credential_id)
hotel.wait_until_gone(seam, parent)
hotel.wait_until_gone(seam, child)
equal("keys left on the phone", hotel.keys_on(phone), [])
equal("a door after the key was revoked", hotel.present_phone(phone, "101")["opened"], False)
equal("keys of 101", hotel.valid_credential_ids(seam, room_101), [])

events = seam.events.list(since=before)
seen = {
    (
        event.event_type,
        getattr(event, "acs_credential_id", None) or getattr(event, "acs_user_id", None),
    )
    for event in events
}
for expected in [
    ("acs_user.created", acs_user.acs_user_id),
    ("acs_credential.issued", child.acs_credential_id),
    ("acs_credential.issued", parent.acs_credential_id),
    ("acs_credential.deleted", child.acs_credential_id),
    ("acs_credential.deleted", parent.acs_credential_id),
]:
    holds(f"{expected} is among {sorted(map(str, seen))}", expected in seen)
