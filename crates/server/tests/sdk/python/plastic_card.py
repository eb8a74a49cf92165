"""A plastic card at the desk: created, written on an encoder, read back, and refused a second time."""

import hotel
from hotel import equal, holds

from seam import SeamActionAttemptFailedError

seam = hotel.connect()
stay = hotel.stay_from_now()
before = hotel.now()
rooms = hotel.entrances_by_name(seam)

user = seam.acs.users.create(acs_system_id=hotel.ACS_SYSTEM_ID, full_name="Ada Guest")
card = seam.acs.credentials.create(
    acs_user_id=user.acs_user_id,
    access_method="card",
    allowed_acs_entrance_ids=[rooms["101"].acs_entrance_id],
    starts_at=hotel.time_text(stay.starts_at),
    ends_at=hotel.time_text(stay.ends_at),
    visionline_metadata={"card_format": "rfid48", "override": True},
)
equal("issued before it is written", card.is_issued, False)
holds("the card waits", "waiting_to_be_issued" in [warning.warning_code for warning in card.warnings])

encoders = hotel.wait_for(
    "the encoders are listed", lambda: seam.acs.encoders.list(acs_system_ids=[hotel.ACS_SYSTEM_ID])
)
equal("encoders", sorted(each.display_name for each in encoders), ["Front Desk 1", "Front Desk 2"])
desk = encoders[0]
equal("the encoder", seam.acs.encoders.get(acs_encoder_id=desk.acs_encoder_id).display_name, desk.display_name)

attempt = seam.acs.encoders.encode_credential(
    acs_encoder_id=desk.acs_encoder_id, acs_credential_id=card.acs_credential_id
)
equal("type", attempt.action_type, "ENCODE_CREDENTIAL")
equal("status", attempt.status, "success")
card = seam.acs.credentials.get(acs_credential_id=card.acs_credential_id)
equal("issued", card.is_issued, True)
holds("the card has a number", card.card_number)
verdict = hotel.control("POST", "doors/101/present", {"serial_number": card.card_number})
equal("door 101", (verdict["opened"], verdict["reason"]), (True, "guest"))

scanned = seam.acs.encoders.scan_credential(acs_encoder_id=desk.acs_encoder_id)
equal("scan", scanned.status, "success")

try:
    seam.acs.encoders.encode_credential(
        acs_encoder_id=desk.acs_encoder_id, acs_credential_id=card.acs_credential_id
    )
    raise AssertionError("a second card was written")
except SeamActionAttemptFailedError as error:
    equal("error", error.code, "credential_cannot_be_reissued")

# Somebody takes a minute: the SDK is told not to wait, and asks itself.
late = seam.acs.credentials.create(
    acs_user_id=user.acs_user_id,
    access_method="card",
    allowed_acs_entrance_ids=[rooms["101"].acs_entrance_id],
    starts_at=hotel.time_text(stay.starts_at),
    ends_at=hotel.time_text(stay.ends_at),
    visionline_metadata={"card_format": "rfid48", "joiner_acs_credential_ids": [card.acs_credential_id]},
)
hotel.control("POST", "encoders/front-desk-2/remove")
second_desk = next(each for each in encoders if each.display_name == "Front Desk 2")
attempt = seam.acs.encoders.encode_credential(
    acs_encoder_id=second_desk.acs_encoder_id,
    acs_credential_id=late.acs_credential_id,
    wait_for_action_attempt=False,
)
equal("status", attempt.status, "pending")
body = {"serial_number": "04b1b2b3b4b5b6", "technology": "ultralight_ev1"}
hotel.control("POST", "encoders/front-desk-2/place", body)
hotel.wait_for(
    "the card is written",
    lambda: seam.action_attempts.get(
        action_attempt_id=attempt.action_attempt_id, wait_for_action_attempt=False
    ).status
    == "success",
)
for serial_number in ["04b1b2b3b4b5b6", card.card_number, "04b1b2b3b4b5b6"]:
    verdict = hotel.control("POST", "doors/101/present", {"serial_number": serial_number})
    equal("door 101", (verdict["opened"], verdict["reason"]), (True, "guest"))

seam.acs.encoders.simulate.next_credential_encode_will_fail(
    acs_encoder_id=desk.acs_encoder_id, error_code="no_credential_on_encoder"
)
third = seam.acs.credentials.create(
    acs_user_id=user.acs_user_id,
    access_method="card",
    allowed_acs_entrance_ids=[rooms["102"].acs_entrance_id],
    ends_at=hotel.time_text(stay.ends_at),
    visionline_metadata={"card_format": "rfid48", "override": True},
)
try:
    seam.acs.encoders.encode_credential(
        acs_encoder_id=desk.acs_encoder_id, acs_credential_id=third.acs_credential_id
    )
    raise AssertionError("the simulated failure did not come")
except SeamActionAttemptFailedError as error:
    equal("error", error.code, "no_credential_on_encoder")

equal(
    "events",
    [each for each in hotel.credential_events(seam, before) if each[1] == card.acs_credential_id],
    [("acs_credential.issued", card.acs_credential_id)],
)
