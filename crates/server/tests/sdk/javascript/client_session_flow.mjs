// What runs in a guest's browser or app: a client session of the guest's own, and a browser that has only the
// publishable key of the workspace.

import assert from 'node:assert/strict'
import * as hotel from './hotel.mjs'
import { sdk } from './hotel.mjs'

const seam = hotel.connect()
const { endpoint } = hotel
const guest = await hotel.arrive(seam, 'Ada Guest')
await hotel.arrive(seam, 'Ben Guest')

const session = await seam.clientSessions.create({
  user_identity_id: guest.user.user_identity_id,
})
const app = sdk.Seam.fromClientSessionToken(session.token, { endpoint })
const seen = await app.acs.users.list()
assert.deepEqual(
  seen.map((user) => user.acs_user_id),
  [guest.user.acs_user_id],
  'a guest sees no other guest',
)
assert.equal((await app.clientSessions.get()).client_session_id, session.client_session_id)
let error = await hotel.apiError('what only the hotel may', () =>
  app.acs.users.get({ acs_user_id: guest.user.acs_user_id }),
)
assert.ok(sdk.isSeamHttpUnauthorizedError(error), 'a guest may not do what the hotel may')

const other = await seam.clientSessions.create({ user_identifier_key: 'other' })
await app.updateClientSessionToken(other.token)
assert.deepEqual(await app.acs.users.list(), [], 'the app is logged in as nobody in particular')

await seam.clientSessions.revoke({ client_session_id: session.client_session_id })
error = await hotel.apiError('a revoked session', () =>
  sdk.Seam.fromClientSessionToken(session.token, { endpoint }).acs.users.list(),
)
assert.ok(sdk.isSeamHttpUnauthorizedError(error), 'a revoked session opens nothing')

const { data } = await seam.client.post('/workspaces/update', {
  is_publishable_key_auth_enabled: true,
})
assert.equal(data.ok, true)
const { publishable_key } = await seam.workspaces.get()
const browser = () => sdk.Seam.fromPublishableKey(publishable_key, 'browser-1', { endpoint })
const first = await (await browser()).clientSessions.get()
const second = await (await browser()).clientSessions.get()
assert.equal(second.client_session_id, first.client_session_id, 'the same browser has the same session')
assert.equal(first.user_identifier_key, 'browser-1')
assert.deepEqual(await (await browser()).acs.entrances.list(), [])
