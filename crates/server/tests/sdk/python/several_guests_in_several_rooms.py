"""Several guests in several rooms: an override key for the main guest, and directly after it, before anything can have
been issued, joiners for the companions with the same doors or fewer. Whoever comes to a door first, nobody evicts
anybody. Each order has rooms of its own, because a lock remembers who was there."""

import itertools

import hotel
from hotel import equal

seam = hotel.connect()
rooms = hotel.entrances_by_name(seam)
stay = hotel.stay_from_now()

free = iter([str(number) for number in [*range(101, 111), *range(201, 211)]])
for order in itertools.permutations(["main", "same", "fewer"]):
    first, second = next(free), next(free)
    both = [rooms[first], rooms[second]]
    party = {name: hotel.arrive(seam, name) for name in order}

    main = hotel.mobile_key(seam, party["main"], both, stay, is_override_key=True)
    joins = {"joiner_acs_credential_ids": [main.acs_credential_id]}
    same = hotel.mobile_key(seam, party["same"], both, stay, **joins)
    fewer = hotel.mobile_key(seam, party["fewer"], [rooms[first]], stay, **joins)
    equal("whom it joins", same.visionline_metadata.joiner_acs_credential_ids, [main.acs_credential_id])
    for key in [main, same, fewer]:
        hotel.issued_child(seam, key)

    for name in order:
        hotel.opens(party[name].phone, first)
    for name in order:
        if name == "fewer":
            hotel.refuses(party[name].phone, second, "no_access")
        else:
            hotel.opens(party[name].phone, second)
    hotel.all_open_in_any_order([guest.phone for guest in party.values()], first)
    hotel.all_open_in_any_order([party["main"].phone, party["same"].phone], second)
    for key in [main, same, fewer]:
        equal("valid", hotel.is_valid(seam, key), True)
    for guest in party.values():
        equal("keys on the phone", len(hotel.keys_on(guest.phone)), 1)
