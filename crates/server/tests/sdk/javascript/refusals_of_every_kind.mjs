// Refusals of every kind as the SDK throws them, its own HTTP client, and the document that it fetches.

import assert from 'node:assert/strict'
import * as hotel from './hotel.mjs'
import { sdk } from './hotel.mjs'

const { SEAM_API_KEY: key } = process.env
const { endpoint } = hotel
const seam = sdk.Seam.fromApiKey(key, { endpoint })

/** The error, which must say all of this and have a request id. */
async function refused(what, call, isKind, statusCode, code) {
  const error = await hotel.apiError(what, call)
  assert.ok(isKind(error), `${what}: ${error.constructor.name}`)
  assert.deepEqual({ statusCode: error.statusCode, code: error.code }, { statusCode, code }, what)
  assert.ok(error.requestId, `${what}: request id`)
  return error
}

for (const wrong of ['seam_invalid_api_key', 'seam_testNobody_000000000000000000000000', `${key}0`]) {
  const stranger = sdk.Seam.fromApiKey(wrong, { endpoint })
  for (const parameters of [undefined, { limit: 0 }]) {
    const call = () => stranger.devices.list(parameters)
    await refused('a wrong key', call, sdk.isSeamHttpUnauthorizedError, 401, 'unauthorized')
  }
}

const error = await refused(
  'an unknown device',
  () => seam.devices.get({ device_id: 'unknown-device' }),
  sdk.isSeamHttpApiError,
  404,
  'device_not_found',
)
assert.match(error.message, /unknown-device/)
assert.ok(!sdk.isSeamHttpInvalidInputError(error))
for (const [call, code] of [
  [() => seam.userIdentities.get({ user_identity_id: 'x' }), 'user_identity_not_found'],
  [() => seam.acs.users.get({ acs_user_id: hotel.acsSystemId }), 'acs_user_not_found'],
  [() => seam.acs.accessGroups.get({ acs_access_group_id: 'x' }), 'acs_access_group_not_found'],
  [() => seam.actionAttempts.get({ action_attempt_id: 'x' }), 'action_attempt_not_found'],
  [
    () => seam.actionAttempts.list({ action_attempt_ids: [hotel.acsSystemId] }),
    'action_attempts_not_found',
  ],
  [() => seam.devices.unmanaged.get({ device_id: 'x' }), 'device_not_found'],
]) {
  await refused(code, call, sdk.isSeamHttpApiError, 404, code)
}

const invalid = await refused(
  'ids that are no list',
  () => seam.devices.client.post('/devices/list', { device_ids: 4242 }),
  sdk.isSeamHttpInvalidInputError,
  400,
  'invalid_input',
)
assert.deepEqual(invalid.getValidationErrorMessages('device_ids'), ['Expected array, received number'])
assert.deepEqual(invalid.getValidationErrorMessages('limit'), [])
const missing = await refused(
  'nothing of what is required',
  () => seam.client.post('/acs/users/create', {}),
  sdk.isSeamHttpInvalidInputError,
  400,
  'invalid_input',
)
for (const parameter of ['acs_system_id', 'full_name']) {
  assert.deepEqual(missing.getValidationErrorMessages(parameter), ['Required'])
}
await refused('no path', () => seam.client.get('/acs/keys/list'), sdk.isSeamHttpApiError, 404, 'not_found')
await refused(
  'no verb',
  () => seam.client.get('/acs/users/create'),
  sdk.isSeamHttpApiError,
  405,
  'method_not_allowed',
)

// The SDK's own client, an SDK around a client, and headers of the caller's.
const isOurs = ({ workspace_id }) => assert.equal(workspace_id, hotel.workspaceId)
const { data, status } = await seam.client.get('/workspaces/get')
assert.equal(status, 200)
isOurs(data.workspace)
isOurs(await sdk.Seam.fromClient(seam.client).workspaces.get())
isOurs(await new sdk.Seam({ client: seam.client }).workspaces.get())
const withHeaders = sdk.Seam.fromApiKey('seam_invalidapikey_token', {
  endpoint,
  axiosOptions: { headers: { Authorization: `Bearer ${key}` } },
})
isOurs(await withHeaders.workspaces.get())

// A request is sent when it is awaited.
const request = seam.workspaces.get()
assert.ok(request instanceof sdk.SeamHttpRequest)
assert.equal(request.responseKey, 'workspace')
assert.equal(request.url.href, `${endpoint}/workspaces/get`)
isOurs(await request)
isOurs(await request.execute())

const document = await sdk.getOpenapiSchema(endpoint)
assert.ok(document.info.title)
assert.ok(document.paths['/acs/credentials/create'])
