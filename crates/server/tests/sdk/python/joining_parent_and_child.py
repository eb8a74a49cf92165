"""Joining a mobile credential: the multi-phone credential, the key in one of its phones, or both in one list. With the
doors named, and without, as the guides do both."""

import hotel
from hotel import equal

seam = hotel.connect()
rooms = hotel.entrances_by_name(seam)
stay = hotel.stay_from_now()
both = [rooms["101"], rooms["102"]]

ada = hotel.arrive(seam, "Ada Guest")
parent = hotel.mobile_key(seam, ada, both, stay, is_override_key=True)
child = hotel.issued_child(seam, parent)
hotel.opens(ada.phone, "101", "102")

phones = [ada.phone]
for joiners in [[parent], [child], [parent, child]]:
    for named in [both, None]:
        companion = hotel.arrive(seam, "Companion")
        key = hotel.mobile_key(
            seam,
            companion,
            named,
            stay,
            joiner_acs_credential_ids=[joiner.acs_credential_id for joiner in joiners],
        )
        metadata = key.visionline_metadata
        equal("whom it joins", metadata.joiner_acs_credential_ids, hotel.ids_of(joiners))
        equal("doors", sorted(metadata.guest_acs_entrance_ids), sorted(hotel.ids_of(both)))
        hotel.issued_child(seam, key)
        for phone in [companion.phone, *phones, companion.phone]:
            hotel.opens(phone, "101", "102")
        phones.append(companion.phone)

equal("keys of 101", len(hotel.valid_credential_ids(seam, rooms["101"])), 2 * len(phones))
