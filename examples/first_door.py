import json, os, time, urllib.request
from datetime import datetime, timedelta, timezone
from seam import Seam                          # pip install seam; no change to it

seam = Seam()                                  # SEAM_ENDPOINT and SEAM_API_KEY, as the demo printed them

systems = {system.external_type: system for system in seam.acs.systems.list()}
hotel = systems["visionline_system"]
room = next(door for door in seam.acs.entrances.list() if door.display_name == "101")

guest = seam.user_identities.create(full_name="Ada")
user = seam.acs.users.create(acs_system_id=hotel.acs_system_id, full_name="Ada",
                             user_identity_id=guest.user_identity_id)
phone = seam.phones.simulate.create_sandbox_phone(user_identity_id=guest.user_identity_id)

key = seam.acs.credentials.create(
    acs_user_id=user.acs_user_id,
    access_method="mobile_key",
    is_multi_phone_sync_credential=True,
    allowed_acs_entrance_ids=[room.acs_entrance_id],
    ends_at=(datetime.now(timezone.utc) + timedelta(days=3)).isoformat(),
    visionline_metadata={"cardFormat": "rfid48", "label": "%ROOMNUM% - %SITENAME%", "is_override_key": True},
)
while not seam.acs.credentials.get(acs_credential_id=key.acs_credential_id).is_issued:
    time.sleep(0.1)                            # until it is on the phone

endpoint = phone.properties.assa_abloy_credential_service_metadata.endpoints[0].endpoint_id
for door in ["101", "102"]:                    # hold the phone to two doors of the simulated hotel
    request = urllib.request.Request(
        f"{os.environ['SEAM_ENDPOINT']}/control/v1/doors/{door}/present",
        json.dumps({"endpoint_id": endpoint}).encode(), {"content-type": "application/json"})
    verdict = json.load(urllib.request.urlopen(request))
    print(door, "opens:" if verdict["opened"] else "refuses:", verdict["reason"], verdict["code"])
