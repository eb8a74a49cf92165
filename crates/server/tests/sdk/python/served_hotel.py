"""A hotel that is served from a configuration file, its lock server behind TLS: a family moves in, the next guest takes
the room over, and what is revoked opens nothing.
"""

import urllib.parse

import hotel
from hotel import equal, holds, opens, refuses

seam = hotel.connect()
workspace = seam.workspaces.get()
equal("workspace", workspace.workspace_id, hotel.WORKSPACE_ID)

site = next(
    system for system in seam.acs.systems.list() if system.acs_system_id == hotel.ACS_SYSTEM_ID
)
equal("errors of the site", site.errors, [])
holds("its lock server has an address", site.visionline_metadata.lan_address.startswith("https://"))


def arrive(full_name):
    """A guest whose phone is set up at the hotel, as its app would do with an invitation."""
    guest = hotel.arrive(seam, full_name)
    endpoint = urllib.parse.quote(hotel.endpoint_of(guest.phone), safe="")
    hotel.control("POST", f"enrol/{endpoint}")
    return guest


doors = hotel.entrances_by_name(seam)
stay = hotel.stay_from_now()

ada = arrive("Ada Guest")
key = hotel.mobile_key(seam, ada, [doors["101"], doors["Gym"]], stay, is_override_key=True)
child = hotel.issued_child(seam, key)
holds("the card has an id at the lock server", child.visionline_metadata.card_id)
opens(ada.phone, "101")
refuses(ada.phone, "102", "no_access")

bert = arrive("Bert Guest")
joiner = hotel.mobile_key(
    seam, bert, [doors["101"]], stay, joiner_acs_credential_ids=[key.acs_credential_id]
)
hotel.issued_child(seam, joiner)
hotel.all_open_in_any_order([ada.phone, bert.phone], "101")

cleo = arrive("Cleo Guest")
hotel.issued_child(seam, hotel.mobile_key(seam, cleo, [doors["101"]], stay, is_override_key=True))
opens(cleo.phone, "101")
for former in [ada, bert]:
    refuses(former.phone, "101", "overridden")
hotel.wait_for("the former key is invalid", lambda: not hotel.is_valid(seam, key))

seam.acs.credentials.delete(acs_credential_id=key.acs_credential_id)
hotel.wait_until_gone(seam, key)
equal("keys left on the phone", hotel.keys_on(ada.phone), [])
