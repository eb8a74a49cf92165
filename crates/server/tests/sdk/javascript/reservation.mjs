// A reservation through access grants: the first guest, a companion, a card at the desk, other times, and the end; then
// what the rules of reservations refuse.

import assert from 'node:assert/strict'
import * as hotel from './hotel.mjs'

const seam = hotel.connect()
const stay = hotel.stayFromNow()
const rooms = await hotel.entrancesByName(seam)
const [room, otherRoom, gym] = ['101', '102', 'Gym'].map((name) => rooms[name].acs_entrance_id)
const times = { starts_at: hotel.timeText(stay.startsAt), ends_at: hotel.timeText(stay.endsAt) }

const ada = await hotel.arrive(seam, 'Ada Guest')
const grant = await seam.accessGrants.create({
  user_identity_id: ada.identity.user_identity_id,
  requested_access_methods: [{ mode: 'mobile_key' }, { mode: 'card' }],
  acs_entrance_ids: [room, gym],
  reservation_key: 'R-2001',
  ...times,
})
assert.equal(grant.reservation_key, 'R-2001')
assert.deepEqual(
  grant.requested_access_methods.map(({ mode, created_access_method_ids }) => [mode, created_access_method_ids]),
  [['mobile_key', [grant.access_method_ids[0]]], ['card', [grant.access_method_ids[1]]]],
)
const method = async (access_method_id) => await seam.accessMethods.get({ access_method_id })
const [mobileId, cardId] = grant.access_method_ids
await hotel.waitFor('the key is on the phone', async () => (await method(mobileId)).is_issued)
assert.equal((await hotel.presentPhone(ada.phone, '101')).reason, 'guest')

const companion = await seam.accessGrants.create({
  user_identity: { full_name: 'Bob Guest' },
  requested_access_methods: [{ mode: 'mobile_key' }],
  acs_entrance_ids: [room],
  reservation_key: 'R-2001',
  ...times,
})
const phone = await seam.phones.simulate.createSandboxPhone({ user_identity_id: companion.user_identity_id })
await hotel.waitFor('the companion gets in', async () => (await hotel.presentPhone(phone, '101')).opened)
assert.equal((await hotel.presentPhone(ada.phone, '101')).reason, 'guest')

const encoders = await hotel.waitFor('the encoders are listed', async () => {
  const listed = await seam.acs.encoders.list({ acs_system_ids: [hotel.acsSystemId] })
  return listed.length > 0 && listed
})
const { acs_encoder_id } = encoders[0]
const attempt = await seam.accessMethods.encode(
  { access_method_id: cardId, acs_encoder_id },
  { waitForActionAttempt: true },
)
assert.equal(attempt.status, 'success')
assert.equal((await method(cardId)).is_issued, true)

await seam.accessGrants.update({
  access_grant_id: grant.access_grant_id,
  ends_at: hotel.timeText(new Date(stay.endsAt.getTime() + 86_400_000)),
})
await hotel.waitFor('the new key is on the phone', async () => (await method(mobileId)).is_issued)
const { is_issued, is_encoding_required } = await method(cardId)
assert.deepEqual({ is_issued, is_encoding_required }, { is_issued: false, is_encoding_required: true })

const refused = async (title, statusCode, code, given) => {
  const error = await hotel.apiError(title, () =>
    seam.accessGrants.create({
      user_identity_id: companion.user_identity_id,
      requested_access_methods: [{ mode: 'card' }],
      ...times,
      ...given,
    }),
  )
  assert.deepEqual([error.statusCode, error.code, error.data.title], [statusCode, code, title])
}
const reservation_key = 'R-2001'
await refused('reservation_key not supported.', 400, 'invalid_input', { acs_entrance_ids: [gym], reservation_key })
await refused('reservation_key required for guest cards.', 400, 'invalid_input', { acs_entrance_ids: [room] })
await refused('Reservation entrance change requires cleanup.', 409, 'conflict', {
  acs_entrance_ids: [otherRoom],
  reservation_key,
})
await refused('Reservation joiner entrance set conflict.', 409, 'conflict', {
  acs_entrance_ids: [room, otherRoom],
  reservation_key,
})
await refused('Reservation time frames must overlap.', 409, 'conflict', {
  acs_entrance_ids: [room],
  reservation_key,
  starts_at: hotel.timeText(new Date(stay.endsAt.getTime() + 5 * 86_400_000)),
  ends_at: hotel.timeText(new Date(stay.endsAt.getTime() + 6 * 86_400_000)),
})

for (const { access_grant_id } of await seam.accessGrants.list({ reservation_key })) {
  await seam.accessGrants.delete({ access_grant_id })
}
await hotel.waitFor('the grants are gone', async () => {
  const left = await seam.accessGrants.list({ reservation_key })
  return left.length === 0
})
assert.equal((await hotel.presentPhone(ada.phone, '101')).opened, false)
