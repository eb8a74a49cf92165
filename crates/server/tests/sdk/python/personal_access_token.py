"""A member of a workspace with a token of their own: everything in that workspace, and nothing in others."""

import os

from seam import Seam, SeamHttpUnauthorizedError

from hotel import WORKSPACE_ID, equal, holds

TOKEN = os.environ["INNKEEP_PERSONAL_ACCESS_TOKEN"]
ENDPOINT = os.environ["SEAM_ENDPOINT"]
# The SDK takes one or the other.
os.environ.pop("SEAM_API_KEY", None)

seam = Seam(personal_access_token=TOKEN, workspace_id=WORKSPACE_ID, endpoint=ENDPOINT)
equal("workspace", seam.workspaces.get().workspace_id, WORKSPACE_ID)
identity = seam.user_identities.create(full_name="Ada Guest")
listed = [each.user_identity_id for each in seam.user_identities.list()]
equal("persons", listed, [identity.user_identity_id])

stranger = Seam(
    personal_access_token=TOKEN,
    workspace_id="00000000-0000-4000-8000-000000000000",
    endpoint=ENDPOINT,
)
try:
    stranger.workspaces.get()
    holds("a workspace of nobody is refused", False)
except SeamHttpUnauthorizedError:
    pass
