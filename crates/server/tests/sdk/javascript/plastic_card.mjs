// A plastic card at the desk: created, written on an encoder, and refused a second time.

import assert from 'node:assert/strict'
import * as hotel from './hotel.mjs'

const seam = hotel.connect()
const stay = hotel.stayFromNow()
const rooms = await hotel.entrancesByName(seam)

const user = await seam.acs.users.create({
  acs_system_id: hotel.acsSystemId,
  full_name: 'Ada Guest',
})
let card = await seam.acs.credentials.create({
  acs_user_id: user.acs_user_id,
  access_method: 'card',
  allowed_acs_entrance_ids: [rooms['101'].acs_entrance_id],
  starts_at: hotel.timeText(stay.startsAt),
  ends_at: hotel.timeText(stay.endsAt),
  visionline_metadata: { card_format: 'rfid48', override: true },
})
assert.equal(card.is_issued, false)

const encoders = await hotel.waitFor('the encoders are listed', async () => {
  const listed = await seam.acs.encoders.list({ acs_system_ids: [hotel.acsSystemId] })
  return listed.length > 0 && listed
})
assert.deepEqual(encoders.map((each) => each.display_name).sort(), ['Front Desk 1', 'Front Desk 2'])
const { acs_encoder_id } = encoders[0]

const attempt = await seam.acs.encoders.encodeCredential(
  { acs_encoder_id, acs_credential_id: card.acs_credential_id },
  { waitForActionAttempt: true },
)
assert.equal(attempt.action_type, 'ENCODE_CREDENTIAL')
assert.equal(attempt.status, 'success')
assert.equal(attempt.result.acs_credential_id, card.acs_credential_id)
card = await seam.acs.credentials.get({ acs_credential_id: card.acs_credential_id })
assert.equal(card.is_issued, true)
const { opened, reason } = await hotel.presentCard(card.card_number, '101')
assert.deepEqual({ opened, reason }, { opened: true, reason: 'guest' })

await assert.rejects(
  seam.acs.encoders.encodeCredential(
    { acs_encoder_id, acs_credential_id: card.acs_credential_id },
    { waitForActionAttempt: true },
  ),
  (error) => {
    assert.ok(hotel.sdk.isSeamActionAttemptFailedError(error), error)
    assert.equal(error.code, 'credential_cannot_be_reissued')
    return true
  },
)
