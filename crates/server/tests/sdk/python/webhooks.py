"""A webhook that verifies what it gets with the SDK's own verifier."""

import queue
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from seam import SeamWebhook, SeamWebhookVerificationError

import hotel
from hotel import equal

deliveries = queue.Queue()


class Endpoint(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        deliveries.put((body, dict(self.headers.items())))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=server.serve_forever, daemon=True).start()

seam = hotel.connect()
webhook = seam.webhooks.create(url=f"http://127.0.0.1:{server.server_port}/", event_types=["acs_user.created"])
equal("webhooks", [one.webhook_id for one in seam.webhooks.list()], [webhook.webhook_id])
equal("secret", seam.webhooks.get(webhook_id=webhook.webhook_id).secret, webhook.secret)
before = hotel.now()
user = seam.acs.users.create(acs_system_id=hotel.ACS_SYSTEM_ID, full_name="Ada")

body, headers = deliveries.get(timeout=30)
event = SeamWebhook(webhook.secret).verify(body, headers)
[listed] = seam.events.list(since=hotel.time_text(before), event_type="acs_user.created")
equal("event", (event.event_id, event.event_type, event.acs_user_id), (listed.event_id, "acs_user.created", user.acs_user_id))
equal("the same as got", seam.events.get(event_id=event.event_id).event_id, event.event_id)

# Who changes a letter, or has another secret, is found out.
for secret, text in [(webhook.secret, body.replace("created", "deleted")), ("whsec_c2VjcmV0", body)]:
    try:
        SeamWebhook(secret).verify(text, headers)
    except SeamWebhookVerificationError:
        continue
    raise AssertionError("a forged delivery was accepted")

error = hotel.api_error("unknown type", lambda: seam.webhooks.create(url="https://example.com/", event_types=["acs_user.made"]))
equal("code", error.code, "invalid_event_types")
seam.webhooks.update(webhook_id=webhook.webhook_id, event_types=["*"])
equal("types", seam.webhooks.get(webhook_id=webhook.webhook_id).event_types, ["*"])
seam.webhooks.delete(webhook_id=webhook.webhook_id)
equal("webhooks", seam.webhooks.list(), [])
