// An override for one of two rooms: the earlier guest loses that room when the new key is first used, and no other.

import assert from 'node:assert/strict'
import * as hotel from './hotel.mjs'

const seam = hotel.connect()
const rooms = await hotel.entrancesByName(seam)
const stay = hotel.stayFromNow()
const before = hotel.timeText(new Date(stay.startsAt.getTime() - 1000))

const first = await hotel.arrive(seam, 'Ada Guest')
const firstKey = await hotel.mobileKey(seam, first, [rooms['101'], rooms['103']], stay, {
  is_override_key: true,
})
await hotel.issuedChild(seam, firstKey)
await hotel.opens(first.phone, '101')
await hotel.opens(first.phone, '103')
await hotel.refuses(first.phone, '102', 'no_access')

const second = await hotel.arrive(seam, 'Grace Guest')
const secondKey = await hotel.mobileKey(seam, second, [rooms['101']], stay, { override: true })
await hotel.issuedChild(seam, secondKey)

// The lock is offline: it learns of the new guest only from the new guest's key.
await hotel.opens(first.phone, '101')
await hotel.opens(second.phone, '101')
await hotel.refuses(first.phone, '101', 'overridden')
await hotel.opens(first.phone, '103')

let joinable = await hotel.validCredentialIds(seam, rooms['101'])
assert.ok(joinable.includes(secondKey.acs_credential_id), 'the new key may be joined at 101')
assert.ok(!joinable.includes(firstKey.acs_credential_id), 'the lost key may not be joined at 101')
joinable = await hotel.validCredentialIds(seam, rooms['103'])
assert.ok(joinable.includes(firstKey.acs_credential_id), 'the first key may be joined at 103')

const isValid = async ({ acs_credential_id }) =>
  (await seam.acs.credentials.get({ acs_credential_id })).visionline_metadata.is_valid

assert.equal(await isValid(firstKey), true, 'a key that lost one of two rooms is valid')

const third = await hotel.arrive(seam, 'Edsger Guest')
const thirdKey = await hotel.mobileKey(seam, third, [rooms['103']], stay, { override: true })
await hotel.issuedChild(seam, thirdKey)
await hotel.waitFor(
  'a key that lost all its rooms is invalid',
  async () => !(await isValid(firstKey)),
)
await hotel.opens(third.phone, '103')
await hotel.refuses(first.phone, '103', 'overridden')
assert.equal(await isValid(secondKey), true, 'the second key is valid')

const events = await seam.events.list({
  since: before,
  event_type: 'acs_credential.invalidated',
})
const invalidated = events.map((event) => event.acs_credential_id)
assert.equal(
  invalidated.filter((id) => id === firstKey.acs_credential_id).length,
  1,
  'the loss is told once',
)
assert.ok(!invalidated.includes(secondKey.acs_credential_id), 'nobody else lost a key')
