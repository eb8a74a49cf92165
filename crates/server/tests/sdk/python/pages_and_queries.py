"""Lists page by page, and what the SDK writes into queries and bodies: lists, null, times, signs of every kind."""

import hotel
from hotel import equal, holds
from seam import NULL
from seam.paginator import SeamPaginator

seam = hotel.connect()
guest = hotel.arrive(seam, "Ada Guest")
second = hotel.add_phone(seam, guest)
phones = [guest.phone.device_id, second.device_id]

# Lists: absent, none, empty, one, several, and through the SDK's own client.
types = ["ios_phone", "android_phone"]


def devices(**parameters):
    return [device.device_id for device in seam.devices.list(device_types=types, **parameters)]


equal("absent", devices(), phones)
equal("None", devices(device_ids=None), phones)
equal("empty", devices(device_ids=[]), [])
equal("one", devices(device_ids=phones[1:]), phones[1:])
equal("several", devices(device_ids=phones), phones)
body = {"device_types": types, "device_ids": phones[:1]}
for answer in [
    seam.client.post("/devices/list", json=body),
    seam.client.get("/devices/list", params=body),
]:
    equal("client", [device["device_id"] for device in answer["devices"]], phones[:1])
equal("doors are no devices", seam.devices.list(), [])

# Null unsets, None and absence leave alone.
device_id = phones[0]
seam.devices.update(device_id=device_id, name="Ada's phone")
for name, expected in [(None, "Ada's phone"), (NULL, "Samsung Galaxy S10")]:
    seam.devices.update(device_id=device_id, name=name)
    equal(f"after {name!r}", seam.phones.get(device_id=device_id).display_name, expected)
person = guest.identity.user_identity_id
seam.user_identities.update(user_identity_id=person, email_address="ada@example.com")
seam.user_identities.update(user_identity_id=person, email_address=None, phone_number=NULL)
equal("kept", seam.user_identities.get(user_identity_id=person).email_address, "ada@example.com")
seam.user_identities.update(user_identity_id=person, email_address=NULL)
equal("unset", seam.user_identities.get(user_identity_id=person).email_address, None)
without = seam.acs.users.list(user_identity_email_address=NULL)
equal("users whose person has none", [user.acs_user_id for user in without], [guest.user.acs_user_id])

# Signs of every kind come through a query unharmed.
for name in ["a b+c&d=e%f#g?", "Zoë Ærø", "名前", "quote\"'\\", "_strict=true"]:
    made = seam.user_identities.create(full_name=name)
    equal(name, [each.full_name for each in seam.user_identities.list(search=name)], [name])
    seam.user_identities.delete(user_identity_id=made.user_identity_id)

# Truth values and times.
key = hotel.mobile_key(
    seam, guest, [hotel.entrances_by_name(seam)["101"]], hotel.stay_from_now(), override=True
)
parents = seam.acs.credentials.list(is_multi_phone_sync_credential=True)
equal("parents", hotel.ids_of(parents), hotel.ids_of([key]))
hotel.issued_children(seam, key, 2)
others = seam.acs.credentials.list(is_multi_phone_sync_credential=False)
equal("the others are children", {each.parent_acs_credential_id for each in others}, set(hotel.ids_of([key])))
now = hotel.now()
equal("made before now", len(seam.acs.credentials.list(created_before=now.isoformat())), 3)
equal("made long ago", seam.acs.credentials.list(created_before="2020-01-01 10:40:00.000"), [])

# Pages.
for number in range(4):
    seam.user_identities.create(full_name=f"Guest {number}")
everybody = [each.user_identity_id for each in seam.user_identities.list()]
equal("everybody", len(everybody), 5)
paginator = seam.create_paginator(seam.user_identities.list, {"limit": 2})
holds("a paginator", isinstance(paginator, SeamPaginator))
page, pagination = paginator.first_page()
equal("first page", [each.user_identity_id for each in page], everybody[:2])
holds("there is more", pagination.has_next_page)
holds("a cursor", pagination.next_page_cursor)
holds("an address", "page_cursor=" in pagination.next_page_url)
page, pagination = paginator.next_page(pagination.next_page_cursor)
equal("second page", [each.user_identity_id for each in page], everybody[2:4])
page, pagination = paginator.next_page(pagination.next_page_cursor)
equal("last page", [each.user_identity_id for each in page], everybody[4:])
equal("no more", (pagination.has_next_page, pagination.next_page_cursor), (False, None))
for cursor in [None, ""]:
    try:
        paginator.next_page(cursor)
        raise AssertionError("a page without a cursor")
    except ValueError as error:
        holds("the SDK says what is missing", "next_page_cursor" in str(error))

# Every list that has pages gives the same one by one.
for what, listed, parameters in [
    ("persons", seam.user_identities.list, {}),
    ("users", seam.acs.users.list, {}),
    ("doors", seam.acs.entrances.list, {"acs_system_id": hotel.ACS_SYSTEM_ID}),
    ("credentials", seam.acs.credentials.list, {"acs_user_id": guest.user.acs_user_id}),
    ("encoders", seam.acs.encoders.list, {}),
    ("phones", seam.devices.list, {"device_types": types}),
]:
    whole = listed(**parameters)
    holds(f"{what}: more than none", whole)
    paginator = seam.create_paginator(listed, {**parameters, "limit": 1})
    equal(f"{what} as a list", paginator.flatten_to_list(), whole)
    equal(f"{what} one by one", list(paginator.flatten()), whole)
for what, listed in [
    ("unmanaged persons", seam.user_identities.unmanaged.list),
    ("unmanaged devices", seam.devices.unmanaged.list),
    ("attempts", seam.action_attempts.list),
]:
    equal(what, seam.create_paginator(listed).flatten_to_list(), [])
