"""Errors as the SDK raises them, and lists page by page."""

import os
from datetime import timedelta

import hotel
from hotel import equal, holds
from seam import Seam, SeamHttpInvalidInputError, SeamHttpUnauthorizedError

seam = hotel.connect()
rooms = hotel.entrances_by_name(seam)
unknown_id = "00000000-0000-4000-8000-000000000000"

stranger = Seam(api_key="seam_testNobody_000000000000000000000000", endpoint=os.environ["SEAM_ENDPOINT"])
error = hotel.api_error("a wrong key", stranger.workspaces.get)
holds("a wrong key is unauthorized", isinstance(error, SeamHttpUnauthorizedError))
equal("code", error.code, "unauthorized")
equal("status", error.status_code, 401)
holds("the request has an id", error.request_id)

error = hotel.api_error("a limit of nothing", lambda: seam.acs.users.list(limit=0))
holds("a bad limit is invalid input", isinstance(error, SeamHttpInvalidInputError))
equal("status", error.status_code, 400)
equal("messages", error.get_validation_error_messages("limit"), ["Number must be greater than 0"])
equal("messages of another parameter", error.get_validation_error_messages("search"), [])

error = hotel.api_error(
    "doors that are no list",
    lambda: seam.acs.credentials.create(
        acs_user_id=unknown_id, access_method="mobile_key", allowed_acs_entrance_ids=5
    ),
)
equal(
    "messages about the doors",
    error.get_validation_error_messages("allowed_acs_entrance_ids"),
    ["Expected array, received number"],
)

guest = hotel.arrive(seam, "Ada Guest")
past = hotel.Stay(*(each - timedelta(days=30) for each in vars(hotel.stay_from_now()).values()))
error = hotel.api_error(
    "a stay in the past",
    lambda: hotel.mobile_key(seam, guest, [rooms["101"]], past, override=True),
)
holds("a stay in the past is invalid input", isinstance(error, SeamHttpInvalidInputError))
equal("messages about the end", len(error.get_validation_error_messages("ends_at")), 1)
equal("credentials after a refusal", seam.acs.credentials.list(acs_user_id=guest.user.acs_user_id), [])

error = hotel.api_error(
    "an unknown credential", lambda: seam.acs.credentials.get(acs_credential_id=unknown_id)
)
equal("code", error.code, "acs_credential_not_found")
equal("status", error.status_code, 404)
error = hotel.api_error(
    "an unknown entrance", lambda: seam.acs.entrances.get(acs_entrance_id=unknown_id)
)
equal("code", error.code, "acs_entrance_not_found")

created = [guest.user.acs_user_id]
for number in range(2, 6):
    user = seam.acs.users.create(acs_system_id=hotel.ACS_SYSTEM_ID, full_name=f"Guest {number}")
    created.append(user.acs_user_id)

of_two = {"acs_system_id": hotel.ACS_SYSTEM_ID, "limit": 2}
paginator = seam.create_paginator(seam.acs.users.list, of_two)
users, page = paginator.first_page()
sizes = [len(users)]
while page.has_next_page:
    users, page = paginator.next_page(page.next_page_cursor)
    sizes.append(len(users))
equal("users per page", sizes, [2, 2, 1])
equal("all pages", [user.acs_user_id for user in paginator.flatten_to_list()], created)
equal("one by one", [user.acs_user_id for user in paginator.flatten()], created)

_, page = paginator.first_page()
error = hotel.api_error(
    "a cursor of another list",
    lambda: seam.acs.users.list(**of_two, search="Guest", page_cursor=page.next_page_cursor),
)
equal("code", error.code, "mismatched_page_parameters")
