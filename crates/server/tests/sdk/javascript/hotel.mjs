// What the flow scripts share: the connection, the demo hotel's doors and phones, times as the guides write them,
// and waiting for a condition. A flow imports it, calls the SDK, and throws where something is wrong.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { setTimeout as pause } from 'node:timers/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const {
  INNKEEP_TEST_NODE_MODULES: nodeModules,
  INNKEEP_SDK: sdkName,
  INNKEEP_WORKSPACE_ID: workspaceId,
  INNKEEP_ACS_SYSTEM_ID: acsSystemId,
  INNKEEP_CREDENTIAL_MANAGER_ID: credentialManagerId,
  INNKEEP_CONTROL: controlUrl,
  SEAM_ENDPOINT: endpoint,
} = process.env

// The packages are not beside the scripts, where a plain import would look for them.
const sdkPath = createRequire(join(nodeModules, 'flow.js')).resolve(sdkName)

/** Everything the SDK exports; which generation is the test's choice. */
export const sdk = await import(pathToFileURL(sdkPath))

export { acsSystemId, credentialManagerId, endpoint, workspaceId }

/** The SDK as an integrator starts it: SEAM_ENDPOINT and SEAM_API_KEY come from the environment. */
export const connect = () => new sdk.Seam()

/** Asks again until the answer is truthy, and returns it. */
export async function waitFor(what, check, limitMs = 10_000) {
  const deadline = performance.now() + limitMs
  for (;;) {
    const answer = await check()
    if (answer) return answer
    assert.ok(performance.now() <= deadline, `${what}: not within ${limitMs} ms`)
    await pause(50)
  }
}

/** The error that the call must throw. */
export async function apiError(what, call) {
  let answer
  try {
    answer = await call()
  } catch (error) {
    if (sdk.isSeamHttpApiError(error)) return error
    throw error
  }
  assert.fail(`${what}: expected an error, got ${JSON.stringify(answer)}`)
}

/** An instant in UTC, written as the guides do: `2023-01-01 10:40:00.000`. */
export const timeText = (instant) =>
  instant.toISOString().replace('T', ' ').replace('Z', '')

/** From now for three nights, or as many days earlier as asked. */
export function stayFromNow({ daysAgo = 0 } = {}) {
  const startsAt = Math.floor(Date.now() / 1000) * 1000 - daysAgo * 86_400_000
  return { startsAt: new Date(startsAt), endsAt: new Date(startsAt + 3 * 86_400_000) }
}

export async function entrancesByName(seam) {
  const entrances = await seam.acs.entrances.list({ acs_system_id: acsSystemId })
  return Object.fromEntries(entrances.map((entrance) => [entrance.display_name, entrance]))
}

/** A guest who is known to the site and has set up a phone. */
export async function arrive(seam, fullName) {
  const identity = await seam.userIdentities.create({ full_name: fullName })
  const user = await seam.acs.users.create({
    acs_system_id: acsSystemId,
    full_name: fullName,
    user_identity_id: identity.user_identity_id,
  })
  const phone = await seam.phones.simulate.createSandboxPhone({
    user_identity_id: identity.user_identity_id,
  })
  return { identity, user, phone }
}

/** Creates a mobile key with the arguments of the founding guides; `metadata` says how it relates to others. */
export const mobileKey = async (seam, guest, entrances, stay, metadata) =>
  await seam.acs.credentials.create({
    acs_user_id: guest.user.acs_user_id,
    credential_manager_acs_system_id: credentialManagerId,
    is_multi_phone_sync_credential: true,
    access_method: 'mobile_key',
    allowed_acs_entrance_ids: entrances.map((entrance) => entrance.acs_entrance_id),
    starts_at: timeText(stay.startsAt),
    ends_at: timeText(stay.endsAt),
    visionline_metadata: {
      cardFormat: 'rfid48',
      label: '%ROOMNUM% - %SITENAME%',
      ...metadata,
    },
  })

/** The keys on phones that exist below a mobile key. */
export async function childrenOf(seam, parent) {
  const credentials = await seam.acs.credentials.list({ acs_user_id: parent.acs_user_id })
  return credentials.filter(
    (credential) => credential.parent_acs_credential_id === parent.acs_credential_id,
  )
}

/** Waits until the key has reached a phone. */
export const issuedChild = async (seam, parent) =>
  await waitFor('a key on the phone', async () =>
    (await childrenOf(seam, parent)).find((child) => child.is_issued),
  )

/** Waits until a deleted credential is unknown. */
export const waitUntilGone = async (seam, { acs_credential_id, display_name }) =>
  await waitFor(`${display_name} is gone`, async () => {
    try {
      await seam.acs.credentials.get({ acs_credential_id })
      return false
    } catch (error) {
      assert.ok(sdk.isSeamHttpApiError(error), error)
      assert.equal(error.code, 'acs_credential_not_found')
      assert.equal(error.statusCode, 404)
      return true
    }
  })

/** The credentials that another key may join at this door. */
export async function validCredentialIds(seam, entrance) {
  const credentials = await seam.acs.entrances.listCredentialsWithAccess({
    acs_entrance_id: entrance.acs_entrance_id,
    include_if: ['visionline_metadata.is_valid'],
  })
  return credentials.map((credential) => credential.acs_credential_id)
}

/** The phone's registration at the credential manager: what a lock is shown. */
export const endpointOf = (phone) =>
  phone.properties.assa_abloy_credential_service_metadata.endpoints[0].endpoint_id

/** Asks the simulated hotel itself, past the API under test. */
export async function control(method, path, body) {
  const response = await fetch(`${controlUrl}/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`)
  return JSON.parse(text)
}

/** Holds the phone against the lock and returns its verdict. */
export const presentPhone = async (phone, door) =>
  await control('POST', `doors/${encodeURIComponent(door)}/present`, {
    endpoint_id: endpointOf(phone),
  })

/** Holds the plastic card of a serial number against the lock and returns its verdict. */
export const presentCard = async (serialNumber, door) =>
  await control('POST', `doors/${encodeURIComponent(door)}/present`, { serial_number: serialNumber })

export async function opens(phone, door) {
  const { opened, reason } = await presentPhone(phone, door)
  assert.deepEqual({ opened, reason }, { opened: true, reason: 'guest' }, `door ${door}`)
}

export async function refuses(phone, door, expected) {
  const { opened, reason } = await presentPhone(phone, door)
  assert.deepEqual({ opened, reason }, { opened: false, reason: expected }, `door ${door}`)
}

/** The keys the phone holds, as the phone itself knows them. */
export async function keysOn(phone) {
  const { keys } = await control('GET', `phones/${encodeURIComponent(endpointOf(phone))}/keys`)
  return keys
}
