"""Rooms by the property's own keys, a pushed stay, and the link that shows its guest the key."""

import re
import urllib.error
import urllib.request
from datetime import timedelta

import hotel
from hotel import equal, holds

seam = hotel.connect()
rooms = hotel.entrances_by_name(seam)
stay = hotel.stay_from_now()


def browse(method, url, cookie=None):
    """What a browser without scripts sees: status, page, and the cookie it is given. Redirects are not followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    headers = {"accept-language": "sv-SE,sv;q=0.9"}
    if cookie:
        headers["cookie"] = cookie
    request = urllib.request.Request(url, method=method, headers=headers, data=b"" if method == "POST" else None)
    try:
        response = urllib.request.build_opener(Stay).open(request, timeout=10)
    except urllib.error.HTTPError as error:
        response = error
    given = response.headers.get("set-cookie")
    return response.status, response.read().decode(), given.split(";")[0] if given else None


suite = seam.spaces.create(
    name="Suite 101",
    space_key="suite-101",
    customer_key="meridian",
    acs_entrance_ids=[rooms["101"].acs_entrance_id, rooms["Gym"].acs_entrance_id],
)
equal("doors of the suite", suite.acs_entrance_count, 2)
renamed = seam.spaces.update(space_key="suite-101", customer_data={"default_checkin_time": "15:00"})
equal("customer data", renamed.customer_data.default_checkin_time, "15:00")
seam.spaces.remove_acs_entrances(space_id=suite.space_id, acs_entrance_ids=[rooms["Gym"].acs_entrance_id])
seam.spaces.add_acs_entrances(space_id=suite.space_id, acs_entrance_ids=[rooms["Gym"].acs_entrance_id])
equal("by key", seam.spaces.get(space_key="suite-101").space_id, suite.space_id)
equal("by customer", [each.space_key for each in seam.spaces.list(customer_key="meridian")], ["suite-101"])
related = seam.spaces.get_related(space_keys=["suite-101"], include=["acs_entrances"])
equal("related doors", len(related.acs_entrances), 2)
equal("spaces of the door", seam.acs.entrances.get(acs_entrance_id=rooms["101"].acs_entrance_id).space_ids, [suite.space_id])
doors = seam.acs.entrances.list(space_id=suite.space_id)
equal("doors by space", sorted(door.display_name for door in doors), ["101", "Gym"])
hotel.not_found("an unknown space", lambda: seam.spaces.get(space_key="nowhere"), "space_not_found")

pushed = {
    "rooms": [{"room_key": "suite-101", "name": "Suite 101"}],
    "guests": [{"guest_key": "ada", "name": "Ada Guest", "email_address": "ada@example.com"}],
    "reservations": [
        {
            "reservation_key": "res-1",
            "room_keys": ["suite-101"],
            "guest_key": "ada",
            "starts_at": hotel.time_text(stay.starts_at),
            "ends_at": hotel.time_text(stay.ends_at),
        }
    ],
}
seam.customers.push_data(customer_key="meridian", **pushed)
seam.customers.push_data(customer_key="meridian", **pushed)
grants = seam.access_grants.list(reservation_key="res-1")
equal("grants of the reservation", len(grants), 1)
guest = seam.user_identities.get(user_identity_key="ada")
equal("whose it is", grants[0].user_identity_id, guest.user_identity_id)

key = seam.user_identities.generate_instant_key(user_identity_id=guest.user_identity_id, max_use_count=1)
equal("by its link", seam.instant_keys.get(instant_key_url=key.instant_key_url).instant_key_id, key.instant_key_id)
listed = seam.instant_keys.list(user_identity_id=guest.user_identity_id)
holds("the link is listed", key.instant_key_id in [each.instant_key_id for each in listed])

status, page, _ = browse("GET", key.instant_key_url)
equal("a preview", (status, "101" in page), (200, False))
status, _, cookie = browse("POST", key.instant_key_url)
equal("opening", status, 303)
status, page, _ = browse("GET", key.instant_key_url, cookie)
holds("the page is Swedish and shows the room", 'lang="sv"' in page and "101" in page)
equal("another browser", browse("POST", key.instant_key_url)[0], 403)
browse("POST", f"{key.instant_key_url}/phone", cookie)


def opened():
    door = f"{key.instant_key_url}/doors/{rooms['101'].acs_entrance_id}"
    verdict = re.search(r'role="status"[^>]*>(.*?)</p>', browse("POST", door, cookie)[1])
    return verdict and "101 öppnas." in verdict.group(1)


hotel.wait_for("the page says that the phone opens 101", opened)

longer = stay.ends_at + timedelta(days=1)
pushed["reservations"][0]["ends_at"] = hotel.time_text(longer)
seam.customers.push_data(customer_key="meridian", **pushed)
grants = seam.access_grants.list(reservation_key="res-1")
equal("the stay is longer", hotel.instant(grants[0].ends_at), longer)

seam.instant_keys.delete(instant_key_id=key.instant_key_id)
equal("a link that was taken back", browse("GET", key.instant_key_url, cookie)[0], 410)
seam.customers.delete_data(reservation_keys=["res-1"])
live = [grant for grant in seam.access_grants.list(reservation_key="res-1") if not grant.warnings]
equal("grants after the stay was taken back", live, [])
seam.spaces.delete(space_id=suite.space_id)
hotel.not_found("a deleted space", lambda: seam.spaces.get(space_id=suite.space_id), "space_not_found")
