// A single guest in a single room: from an API key to an opened door, and back to a closed one.

import assert from 'node:assert/strict'
import * as hotel from './hotel.mjs'

const seam = hotel.connect()

const workspace = await seam.workspaces.get()
assert.equal(workspace.is_sandbox, true)
assert.equal(workspace.workspace_id, hotel.workspaceId)

const systems = await seam.acs.systems.list()
const site = systems.find((system) => system.external_type === 'visionline_system')
const manager = systems.find(
  (system) => system.external_type === 'assa_abloy_credential_service',
)
assert.equal(site.acs_system_id, hotel.acsSystemId)
assert.equal(manager.acs_system_id, hotel.credentialManagerId)

const entrances = await seam.acs.entrances.list({ acs_system_id: site.acs_system_id })
const room101 = entrances.find((entrance) => entrance.display_name === '101')
const room102 = entrances.find((entrance) => entrance.display_name === '102')
assert.equal(room101.visionline_metadata.door_category, 'guest')
assert.notEqual(room101.acs_entrance_id, room102.acs_entrance_id)

const stay = hotel.stayFromNow()
const before = hotel.timeText(new Date(stay.startsAt.getTime() - 1000))

const identity = await seam.userIdentities.create({
  user_identity_key: 'guest-1',
  full_name: 'Ada Guest',
  email_address: 'ada@example.com',
})
const acsUser = await seam.acs.users.create({
  acs_system_id: site.acs_system_id,
  full_name: 'Ada Guest',
  email_address: 'ada@example.com',
  user_identity_id: identity.user_identity_id,
})
assert.equal(acsUser.user_identity_id, identity.user_identity_id)

const phone = await seam.phones.simulate.createSandboxPhone({
  user_identity_id: identity.user_identity_id,
})
assert.equal(
  phone.properties.assa_abloy_credential_service_metadata.has_active_endpoint,
  true,
)
assert.deepEqual(await hotel.keysOn(phone), [])

let parent = await seam.acs.credentials.create({
  acs_user_id: acsUser.acs_user_id,
  credential_manager_acs_system_id: manager.acs_system_id,
  is_multi_phone_sync_credential: true,
  access_method: 'mobile_key',
  allowed_acs_entrance_ids: [room101.acs_entrance_id],
  starts_at: hotel.timeText(stay.startsAt),
  ends_at: hotel.timeText(stay.endsAt),
  visionline_metadata: {
    cardFormat: 'rfid48',
    label: '%ROOMNUM% - %SITENAME%',
    is_override_key: true,
  },
})
assert.equal(parent.acs_user_id, acsUser.acs_user_id)
assert.equal(parent.is_multi_phone_sync_credential, true)
assert.equal(Date.parse(parent.ends_at), stay.endsAt.getTime())
assert.equal(parent.visionline_metadata.is_valid, true)

const child = await hotel.issuedChild(seam, parent)
assert.equal((await hotel.childrenOf(seam, parent)).length, 1)
assert.equal(child.access_method, 'mobile_key')
assert.deepEqual(child.visionline_metadata.guest_acs_entrance_ids, [room101.acs_entrance_id])
assert.ok(child.visionline_metadata.card_id, 'the child has a card at the lock server')
parent = await seam.acs.credentials.get({ acs_credential_id: parent.acs_credential_id })
assert.equal(parent.is_issued, true)

const phones = await seam.phones.list({ acs_credential_id: parent.acs_credential_id })
assert.deepEqual(phones.map((each) => each.device_id), [phone.device_id])
let doors = await seam.acs.credentials.listAccessibleEntrances({
  acs_credential_id: parent.acs_credential_id,
})
assert.deepEqual(doors.map((door) => door.display_name), ['101'])
doors = await seam.acs.users.listAccessibleEntrances({ acs_user_id: acsUser.acs_user_id })
assert.deepEqual(doors.map((door) => door.display_name), ['101'])
assert.deepEqual(
  new Set(await hotel.validCredentialIds(seam, room101)),
  new Set([parent.acs_credential_id, child.acs_credential_id]),
)

assert.equal((await hotel.keysOn(phone)).length, 1)
await hotel.opens(phone, '101')
await hotel.refuses(phone, '102', 'no_access')

await seam.acs.credentials.delete({ acs_credential_id: parent.acs_credential_id })
await hotel.waitUntilGone(seam, parent)
await hotel.waitUntilGone(seam, child)
assert.deepEqual(await hotel.keysOn(phone), [])
assert.equal((await hotel.presentPhone(phone, '101')).opened, false)
assert.deepEqual(await hotel.validCredentialIds(seam, room101), [])

const events = await seam.events.list({ since: before })
const seen = events.map(
  (event) => `${event.event_type} ${event.acs_credential_id ?? event.acs_user_id}`,
)
for (const expected of [
  `acs_user.created ${acsUser.acs_user_id}`,
  `acs_credential.issued ${child.acs_credential_id}`,
  `acs_credential.issued ${parent.acs_credential_id}`,
  `acs_credential.deleted ${child.acs_credential_id}`,
  `acs_credential.deleted ${parent.acs_credential_id}`,
]) {
  assert.ok(seen.includes(expected), `${expected} is among:\n${seen.join('\n')}`)
}
