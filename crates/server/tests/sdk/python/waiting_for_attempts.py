"""Waiting for action attempts, in every way in which the SDK can be told to."""

import threading

import hotel
from hotel import equal, holds
from seam import Seam, SeamActionAttemptFailedError, SeamActionAttemptTimeoutError

seam = hotel.connect()
impatient = Seam(wait_for_action_attempt=False)
room = hotel.entrances_by_name(seam)["101"]
stay = hotel.stay_from_now()
user = seam.acs.users.create(acs_system_id=hotel.ACS_SYSTEM_ID, full_name="Ada Guest")
encoders = hotel.wait_for("the encoders are listed", lambda: seam.acs.encoders.list())
desk = {each.display_name: each.acs_encoder_id for each in encoders}


def card():
    """A card for the room, each its own stay."""
    made = seam.acs.credentials.create(
        acs_user_id=user.acs_user_id,
        access_method="card",
        allowed_acs_entrance_ids=[room.acs_entrance_id],
        ends_at=hotel.time_text(stay.ends_at),
        visionline_metadata={"card_format": "rfid48", "override": True},
    )
    return {"acs_encoder_id": desk["Front Desk 1"], "acs_credential_id": made.acs_credential_id}


def get(attempt, **options):
    return seam.action_attempts.get(action_attempt_id=attempt.action_attempt_id, **options)


equal("waits by default", seam.acs.encoders.encode_credential(**card()).status, "success")
equal("told not to", seam.acs.encoders.encode_credential(**card(), wait_for_action_attempt=False).status, "pending")
attempt = impatient.acs.encoders.encode_credential(**card())
equal("told not to, once for all", (attempt.status, attempt.result, attempt.error), ("pending", None, None))
attempt = impatient.acs.encoders.encode_credential(**card(), wait_for_action_attempt=True)
equal("told to all the same", attempt.status, "success")
patient = Seam(wait_for_action_attempt={"timeout": 30.0, "polling_interval": 0.1})
succeeded = patient.acs.encoders.encode_credential(**card())
equal("told how long", succeeded.status, "success")
equal("the result is the credential", succeeded.result.is_issued, True)

# An attempt that has ended is answered at once, with and without waiting.
equal("again", get(succeeded, wait_for_action_attempt=True), get(succeeded, wait_for_action_attempt=False))

# Nobody is at the second encoder: the SDK gives up, and the attempt goes on.
hotel.control("POST", "encoders/front-desk-2/remove")
waiting = {**card(), "acs_encoder_id": desk["Front Desk 2"]}
pending = impatient.acs.encoders.encode_credential(**waiting)
for options in [{"timeout": 0.1}, {"timeout": 0.5, "polling_interval": 5}]:
    try:
        get(pending, wait_for_action_attempt=options)
        raise AssertionError("nobody placed a card")
    except SeamActionAttemptTimeoutError as error:
        equal("the attempt", error.action_attempt, pending)

# Somebody comes while the SDK waits.
placed = threading.Thread(
    target=lambda: hotel.control(
        "POST",
        "encoders/front-desk-2/place",
        {"serial_number": "04c1c2c3c4c5c6", "technology": "ultralight_ev1"},
    )
)
placed.start()
equal("somebody came", get(pending, wait_for_action_attempt={"timeout": 30}).status, "success")
placed.join()

# One that fails.
seam.acs.encoders.simulate.next_credential_encode_will_fail(
    acs_encoder_id=desk["Front Desk 1"], error_code="encoding_interrupted"
)
failing = impatient.acs.encoders.encode_credential(**card())
for call in [lambda: get(failing, wait_for_action_attempt={"timeout": 30}), lambda: get(failing, wait_for_action_attempt=True)]:
    try:
        call()
        raise AssertionError("the simulated failure did not come")
    except SeamActionAttemptFailedError as error:
        equal("code", error.code, "encoding_interrupted")
        equal("attempt", error.action_attempt.action_attempt_id, failing.action_attempt_id)
        equal("status", error.action_attempt.status, "error")
        holds("the message says why", str(error))

# All of them are listed, oldest first.
listed = seam.action_attempts.list()
equal("last", listed[-1].action_attempt_id, failing.action_attempt_id)
two = seam.action_attempts.list(action_attempt_ids=[failing.action_attempt_id, succeeded.action_attempt_id])
equal("two", [each.status for each in two], ["success", "error"])
