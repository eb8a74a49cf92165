"""Refusals of every kind as the SDK raises them, and its own HTTP client."""

import os

import hotel
from hotel import equal, holds
from seam import Seam, SeamHttpApiError, SeamHttpInvalidInputError, SeamHttpUnauthorizedError

endpoint, key = os.environ["SEAM_ENDPOINT"], os.environ["SEAM_API_KEY"]
seam = Seam.from_api_key(key, endpoint=endpoint)


def refused(what, call, kind, status_code, code):
    """The error, which must be of this class and have a request id."""
    error = hotel.api_error(what, call)
    holds(f"{what} is {kind.__name__}", type(error) is kind)
    equal(f"{what}: status", error.status_code, status_code)
    equal(f"{what}: code", error.code, code)
    holds(f"{what}: request id", error.request_id)
    return error


for wrong in ["seam_invalid_api_key", "seam_testNobody_000000000000000000000000", key + "0"]:
    stranger = Seam.from_api_key(wrong, endpoint=endpoint)
    refused("a wrong key", stranger.devices.list, SeamHttpUnauthorizedError, 401, "unauthorized")
    # Who is unknown learns nothing about what is sent along.
    refused(
        "a wrong key with a wrong parameter",
        lambda: stranger.devices.list(limit=0),
        SeamHttpUnauthorizedError,
        401,
        "unauthorized",
    )

error = refused(
    "an unknown device",
    lambda: seam.devices.get(device_id="unknown-device"),
    SeamHttpApiError,
    404,
    "device_not_found",
)
holds("the message names the device", "unknown-device" in str(error))
for what, call, code in [
    ("a person", lambda: seam.user_identities.get(user_identity_id="x"), "user_identity_not_found"),
    ("a user", lambda: seam.acs.users.get(acs_user_id=hotel.ACS_SYSTEM_ID), "acs_user_not_found"),
    ("a group", lambda: seam.acs.access_groups.get(acs_access_group_id="x"), "acs_access_group_not_found"),
    ("an attempt", lambda: seam.action_attempts.get(action_attempt_id="x"), "action_attempt_not_found"),
    (
        "an attempt among others",
        lambda: seam.action_attempts.list(action_attempt_ids=[hotel.ACS_SYSTEM_ID]),
        "action_attempts_not_found",
    ),
    ("an unmanaged device", lambda: seam.devices.unmanaged.get(device_id="x"), "device_not_found"),
]:
    refused(what, call, SeamHttpApiError, 404, code)

error = refused(
    "a limit that is no number",
    lambda: seam.devices.list(limit="abc"),
    SeamHttpInvalidInputError,
    400,
    "invalid_input",
)
equal("messages", len(error.get_validation_error_messages("limit")), 1)
error = refused(
    "ids that are no list",
    lambda: seam.client.post("/devices/list", json={"device_ids": 4242}),
    SeamHttpInvalidInputError,
    400,
    "invalid_input",
)
equal(
    "messages",
    error.get_validation_error_messages("device_ids"),
    ["Expected array, received number"],
)
equal("messages of what is right", error.get_validation_error_messages("limit"), [])
error = refused(
    "nothing of what is required",
    lambda: seam.client.post("/acs/users/create", json={}),
    SeamHttpInvalidInputError,
    400,
    "invalid_input",
)
for parameter in ["acs_system_id", "full_name"]:
    equal(parameter, error.get_validation_error_messages(parameter), ["Required"])

refused(
    "a path that is none",
    lambda: seam.client.get("/acs/keys/list"),
    SeamHttpApiError,
    404,
    "not_found",
)
refused(
    "a verb that is none",
    lambda: seam.client.get("/acs/users/create"),
    SeamHttpApiError,
    405,
    "method_not_allowed",
)

# The SDK's own client, and a client of the caller's headers.
workspace = seam.client.get("/workspaces/get")
equal("the answer", (workspace["ok"], workspace["workspace"]["workspace_id"]), (True, hotel.WORKSPACE_ID))
equal("the first argument is the key", Seam(key, endpoint=endpoint).workspaces.get().workspace_id, hotel.WORKSPACE_ID)
