// Waiting for action attempts, in every way in which the SDK can be told to.

import assert from 'node:assert/strict'
import * as hotel from './hotel.mjs'
import { sdk } from './hotel.mjs'

const seam = hotel.connect()
const impatient = new sdk.Seam({ waitForActionAttempt: false })
const rooms = await hotel.entrancesByName(seam)
const stay = hotel.stayFromNow()
const user = await seam.acs.users.create({ acs_system_id: hotel.acsSystemId, full_name: 'Ada Guest' })
const encoders = await hotel.waitFor('the encoders are listed', async () => {
  const listed = await seam.acs.encoders.list({ acs_system_id: hotel.acsSystemId })
  return listed.length > 0 && listed
})
const desk = Object.fromEntries(encoders.map((each) => [each.display_name, each.acs_encoder_id]))

/** A card for the room, each its own stay. */
async function card(at = 'Front Desk 1') {
  const { acs_credential_id } = await seam.acs.credentials.create({
    acs_user_id: user.acs_user_id,
    access_method: 'card',
    allowed_acs_entrance_ids: [rooms['101'].acs_entrance_id],
    ends_at: hotel.timeText(stay.endsAt),
    visionline_metadata: { card_format: 'rfid48', override: true },
  })
  return { acs_encoder_id: desk[at], acs_credential_id }
}

const get = async ({ action_attempt_id }, waitForActionAttempt) =>
  await seam.actionAttempts.get({ action_attempt_id }, { waitForActionAttempt })

const encodeCredential = async (client, parameters, options) =>
  await client.acs.encoders.encodeCredential(parameters, options)

assert.equal((await encodeCredential(seam, await card())).status, 'success', 'waits by default')
const toldNotTo = await encodeCredential(seam, await card(), { waitForActionAttempt: false })
assert.equal(toldNotTo.status, 'pending')
const { status, result, error } = await encodeCredential(impatient, await card())
assert.deepEqual({ status, result, error }, { status: 'pending', result: null, error: null })
const succeeded = await encodeCredential(impatient, await card(), {
  waitForActionAttempt: { timeout: 30_000, pollingInterval: 100 },
})
assert.equal(succeeded.status, 'success')
assert.equal(succeeded.result.is_issued, true)

// An attempt that has ended is answered at once, with and without waiting.
assert.deepEqual(await get(succeeded, true), await get(succeeded, false))

// Nobody is at the second encoder: the SDK gives up, and the attempt goes on.
await hotel.control('POST', 'encoders/front-desk-2/remove')
const pending = await encodeCredential(impatient, await card('Front Desk 2'))
for (const options of [{ timeout: 100 }, { timeout: 500, pollingInterval: 10_000 }]) {
  await assert.rejects(get(pending, options), (error) => {
    assert.ok(sdk.isSeamActionAttemptTimeoutError(error), error)
    assert.deepEqual(error.actionAttempt, pending)
    return true
  })
}

// Somebody comes while the SDK waits.
const [resolved] = await Promise.all([
  get(pending, { timeout: 30_000, pollingInterval: 100 }),
  hotel.control('POST', 'encoders/front-desk-2/place', {
    serial_number: '04c1c2c3c4c5c6',
    technology: 'ultralight_ev1',
  }),
])
assert.equal(resolved.status, 'success')

// One that fails.
await seam.acs.encoders.simulate.nextCredentialEncodeWillFail({
  acs_encoder_id: desk['Front Desk 1'],
  error_code: 'encoding_interrupted',
})
const failing = await encodeCredential(impatient, await card())
for (const options of [{ timeout: 30_000, pollingInterval: 100 }, true]) {
  await assert.rejects(get(failing, options), (error) => {
    assert.ok(sdk.isSeamActionAttemptFailedError(error), error)
    assert.equal(error.code, 'encoding_interrupted')
    assert.equal(error.actionAttempt.action_attempt_id, failing.action_attempt_id)
    assert.equal(error.actionAttempt.status, 'error')
    return true
  })
}

// They are listed by id, oldest first.
const action_attempt_ids = [failing.action_attempt_id, succeeded.action_attempt_id]
const listed = await seam.actionAttempts.list({ action_attempt_ids })
assert.deepEqual(
  listed.map((each) => each.status),
  ['success', 'error'],
)
