"""An integrator connects a hotel of its customer's: the link, the page that the operator fills in, what comes of it, a
disconnect that connecting again heals, and a guest through the door.
"""

import urllib.error
import urllib.parse
import urllib.request

import hotel
from hotel import api_error, equal, holds, opens

seam = hotel.connect()


def send(url, **fields):
    """Sends the form on the page as a browser does; answers where that leads, or the text of the page."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments):
            return None

    try:
        body = urllib.parse.urlencode(fields).encode()
        with urllib.request.build_opener(Stay).open(url, body) as page:
            return page.read().decode()
    except urllib.error.HTTPError as error:
        return error.headers.get("location") or error.read().decode()


def connect(**parameters):
    """Connects the simulated hotel through a new page, by the credentials of a sandbox."""
    webview = seam.connect_webviews.create(
        accepted_providers=["visionline"], custom_redirect_url="https://app.example/done", **parameters
    )
    equal("status", webview.status, "pending")
    with urllib.request.urlopen(webview.url) as page:
        holds("the page asks for the site's name", "Visionline Site Name" in page.read().decode())
    wrong = send(webview.url, step="connect", site_name="Hotel Zenith", username="jane", password="4321")
    holds("a wrong password is said to be wrong", "check the operator jane and its password" in wrong)
    form = dict(step="connect", site_name="Hotel Zenith", username="jane", password="1234")
    form.update(mobile_keys="on", mobile_access_uuid="1", system_id="1")
    led = send(webview.url, **form)
    equal("led to", led, f"https://app.example/done?connect_webview_id={webview.connect_webview_id}")
    after = seam.connect_webviews.get(connect_webview_id=webview.connect_webview_id)
    equal("status", (after.status, after.login_successful), ("authorized", True))
    return after


def types_since(known):
    listed = seam.events.list(since="2020-01-01T00:00:00Z", limit=5000)
    told = [event.event_type for event in listed]
    return told[known:], len(told)


# The hotel that a demo comes with goes, with everything in it.
account = next(one for one in seam.connected_accounts.list() if one.account_type == "visionline")
seam.connected_accounts.delete(connected_account_id=account.connected_account_id)
equal("systems", [one.external_type for one in seam.acs.systems.list()], ["assa_abloy_credential_service"])
equal("doors", seam.acs.entrances.list(), [])
error = api_error(
    "it is gone", lambda: seam.connected_accounts.get(connected_account_id=account.connected_account_id)
)
equal("code", error.code, "connected_account_not_found")

_, known = types_since(0)
webview = connect(custom_metadata={"branch": "north"}, customer_key="chain")
told, known = types_since(known)
order = [kind for index, kind in enumerate(told) if index == 0 or told[index - 1] != kind]
equal(
    "events",
    [kind for kind in order if kind != "connected_account.successful_login"],
    [
        "connect_webview.login_succeeded",
        "connected_account.created",
        "connected_account.connected",
        "acs_system.added",
        "acs_system.connected",
        "acs_entrance.added",
        "acs_encoder.added",
        "connected_account.completed_first_sync",
    ],
)
account = seam.connected_accounts.get(connected_account_id=webview.connected_account_id)
equal("words", account.custom_metadata, {"branch": "north"})
found = seam.connected_accounts.list(custom_metadata_has={"branch": "north"})
equal("found by its words", [one.connected_account_id for one in found], [account.connected_account_id])
equal("found by other words", seam.connected_accounts.list(custom_metadata_has={"branch": "south"}), [])
site = next(one for one in seam.acs.systems.list() if one.external_type == "visionline_system")
equal("name", site.name, "Hotel Zenith")
equal("manager", site.default_credential_manager_acs_system_id, hotel.CREDENTIAL_MANAGER_ID)

# A disconnect, and what heals it.
seam.connected_accounts.simulate.disconnect(connected_account_id=account.connected_account_id)
shown = seam.connected_accounts.get(connected_account_id=account.connected_account_id)
equal("errors", [one.error_code for one in shown.errors], ["account_disconnected"])
again = connect()
equal("the same account", again.connected_account_id, account.connected_account_id)
equal("errors", seam.acs.systems.get(acs_system_id=site.acs_system_id).errors, [])
told, known = types_since(known)
holds("healed", "connected_account.completed_first_sync_after_reconnection" in told)

# The hotel is worked: a guest's key opens the room.
hotel.ACS_SYSTEM_ID = site.acs_system_id
doors = hotel.entrances_by_name(seam)
ada = hotel.arrive(seam, "Ada Guest")
key = hotel.mobile_key(seam, ada, [doors["101"]], hotel.stay_from_now(), is_override_key=True)
hotel.issued_child(seam, key)
opens(ada.phone, "101")
