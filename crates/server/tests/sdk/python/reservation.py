"""A reservation through access grants: the first guest, a companion, a card at the desk, other times, and the end; then
what the rules of reservations refuse."""

from datetime import timedelta

import hotel
from hotel import equal, holds

seam = hotel.connect()
stay = hotel.stay_from_now()
before = hotel.now()
rooms = hotel.entrances_by_name(seam)
suite = [rooms["101"].acs_entrance_id, rooms["Gym"].acs_entrance_id]
times = {"starts_at": hotel.time_text(stay.starts_at), "ends_at": hotel.time_text(stay.ends_at)}

holds("rooms belong to reservations", rooms["101"].can_belong_to_reservation)
holds("the gym does not", not rooms["Gym"].can_belong_to_reservation)

# The first grant of the reservation: a phone and a card.
ada = hotel.arrive(seam, "Ada Guest")
grant = seam.access_grants.create(
    user_identity_id=ada.identity.user_identity_id,
    requested_access_methods=[{"mode": "mobile_key"}, {"mode": "card"}],
    acs_entrance_ids=suite,
    reservation_key="R-1001",
    access_grant_key="R-1001-ada",
    name="Ada in 101",
    **times,
)
equal("key", (grant.reservation_key, grant.access_grant_key), ("R-1001", "R-1001-ada"))
equal("name", (grant.name, grant.display_name), ("Ada in 101", "Ada in 101"))
equal("modes", [each.mode for each in grant.requested_access_methods], ["mobile_key", "card"])
mobile, card = [seam.access_methods.get(access_method_id=each) for each in grant.access_method_ids]
equal("modes of the methods", (mobile.mode, card.mode), ("mobile_key", "card"))
equal("the card waits", (card.is_issued, card.is_encoding_required), (False, True))
same = seam.access_grants.get(access_grant_key="R-1001-ada")
equal("found by its key", same.access_grant_id, grant.access_grant_id)


def issued(method):
    return seam.access_methods.get(access_method_id=method.access_method_id).is_issued


hotel.wait_for("the key is on the phone", lambda: issued(mobile))
hotel.opens(ada.phone, "101")

# The companion has no phone yet; the key comes to it by itself.
bob = seam.user_identities.create(full_name="Bob Guest")
companion = seam.access_grants.create(
    user_identity_id=bob.user_identity_id,
    requested_access_methods=[{"mode": "mobile_key"}],
    acs_entrance_ids=suite[:1],
    reservation_key="R-1001",
    **times,
)
phone = seam.phones.simulate.create_sandbox_phone(user_identity_id=bob.user_identity_id)
hotel.wait_for("the companion's key", lambda: hotel.present_phone(phone, "101")["opened"])
hotel.all_open_in_any_order([ada.phone, phone], "101")
listed = seam.access_grants.list(reservation_key="R-1001")
equal("grants", [each.access_grant_id for each in listed], [grant.access_grant_id, companion.access_grant_id])

# The desk writes the card.
desk = hotel.wait_for("the encoders are listed", lambda: seam.acs.encoders.list())[0]
attempt = seam.access_methods.encode(
    access_method_id=card.access_method_id, acs_encoder_id=desk.acs_encoder_id
)
equal("attempt", (attempt.action_type, attempt.status), ("ENCODE_CREDENTIAL", "success"))
card = seam.access_methods.get(access_method_id=card.access_method_id)
equal("the card is written", (card.is_issued, card.is_encoding_required), (True, False))
credentials = seam.acs.credentials.list(acs_user_id=ada.user.acs_user_id)
number = next(each.card_number for each in credentials if each.access_method == "card")


def present_card(door):
    return hotel.control("POST", f"doors/{door}/present", {"serial_number": number})["reason"]


equal("the card", present_card("101"), "guest")
hotel.all_open_in_any_order([ada.phone, phone], "101")

# A longer stay: the phone follows, the card must be written again.
longer = stay.ends_at + timedelta(days=2)
seam.access_grants.update(access_grant_id=grant.access_grant_id, ends_at=hotel.time_text(longer))
hotel.wait_for("the new key is on the phone", lambda: issued(mobile))
card = seam.access_methods.get(access_method_id=card.access_method_id)
equal("the card must be written again", (card.is_issued, card.is_encoding_required), (False, True))
changed = seam.access_grants.get(access_grant_id=grant.access_grant_id)
equal("end", hotel.instant(changed.ends_at), longer)
hotel.advance_past(stay.ends_at)
hotel.opens(ada.phone, "101")
hotel.refuses(phone, "101", "expired")
equal("the card", present_card("101"), "expired")
attempt = seam.acs.encoders.encode_credential(
    access_method_id=card.access_method_id, acs_encoder_id=desk.acs_encoder_id
)
equal("attempt", attempt.status, "success")

# What the rules refuse.
later = {"starts_at": hotel.time_text(longer), "ends_at": hotel.time_text(longer + timedelta(days=1))}
now = {"ends_at": hotel.time_text(longer)}


def refused(what, status, code, **given):
    error = hotel.api_error(
        what,
        lambda: seam.access_grants.create(
            user_identity_id=bob.user_identity_id,
            requested_access_methods=[{"mode": "card"}],
            **given,
        ),
    )
    equal(what, (error.status_code, error.code, error.data["title"]), (status, code, what))


one, other = rooms["101"].acs_entrance_id, rooms["102"].acs_entrance_id
refused("reservation_key not supported.", 400, "invalid_input", acs_entrance_ids=suite[1:], reservation_key="R-1001", **now)
refused("reservation_key required for guest cards.", 400, "invalid_input", acs_entrance_ids=[one], **now)
refused("Reservation entrance change requires cleanup.", 409, "conflict", acs_entrance_ids=[other], reservation_key="R-1001", **now)
refused("Reservation joiner entrance set conflict.", 409, "conflict", acs_entrance_ids=[one, other], reservation_key="R-1001", **now)
refused("Reservation time frames must overlap.", 409, "conflict", acs_entrance_ids=[one], reservation_key="R-1001", **later)

# The end, and the next guest.
for each in [companion, grant]:
    seam.access_grants.delete(access_grant_id=each.access_grant_id)
    hotel.not_found(
        "the grant",
        lambda: seam.access_grants.get(access_grant_id=each.access_grant_id),
        "access_grant_not_found",
    )
equal("no keys are left", hotel.keys_on(ada.phone), [])
told = [
    event.event_type
    for event in seam.events.list(since=hotel.time_text(before), access_grant_id=grant.access_grant_id)
]
equal(
    "events of the grant",
    told,
    [
        "access_grant.created",
        "access_grant.access_granted_to_door",
        "access_grant.access_granted_to_door",
        "access_grant.access_granted_to_all_doors",
        "access_grant.access_times_changed",
        "access_grant.deleted",
    ],
)
events = seam.events.list(since=hotel.time_text(before), access_method_id=mobile.access_method_id)
equal(
    "events of the key",
    [event.event_type for event in events],
    [
        "access_method.created",
        "access_method.issued",
        "access_method.revoked",
        "access_method.reissued",
        "access_method.deleted",
    ],
)
equal("its grant", events[0].access_grant_ids, [grant.access_grant_id])
moved = seam.access_grants.create(
    user_identity_id=ada.identity.user_identity_id,
    requested_access_methods=[{"mode": "mobile_key"}],
    acs_entrance_ids=[other],
    reservation_key="R-1001",
    **now,
)
hotel.wait_for("the key of the other room", lambda: hotel.present_phone(ada.phone, "102")["opened"])
hotel.refuses(ada.phone, "101", "no_access")
