// Lists page by page, and what the SDK writes into queries and bodies: lists, null, signs of every kind.

import assert from 'node:assert/strict'
import * as hotel from './hotel.mjs'
import { sdk } from './hotel.mjs'

const seam = hotel.connect()
const guest = await hotel.arrive(seam, 'Ada Guest')
const second = await seam.phones.simulate.createSandboxPhone({
  user_identity_id: guest.identity.user_identity_id,
})
const phones = [guest.phone.device_id, second.device_id]
const types = ['ios_phone', 'android_phone']
const idsOf = (devices) => devices.map((device) => device.device_id)

// Lists: undefined, empty, one, several, and through the SDK's own client.
for (const [device_ids, expected] of [
  [undefined, phones],
  [[], []],
  [phones.slice(1), phones.slice(1)],
  [phones, phones],
]) {
  const devices = await seam.devices.list({ device_types: types, device_ids })
  assert.deepEqual(idsOf(devices), expected)
}
const params = { device_types: types, device_ids: [phones[0]] }
const { data } = await seam.client.get('/devices/list', { params })
assert.deepEqual(idsOf(data.devices), [phones[0]])
assert.deepEqual(await seam.devices.list(), [])

// Null unsets, undefined leaves alone.
const [device_id] = phones
await seam.devices.update({ device_id, name: "Ada's phone" })
for (const [name, expected] of [
  [undefined, "Ada's phone"],
  [null, 'Samsung Galaxy S10'],
]) {
  await seam.devices.update({ device_id, name })
  assert.equal((await seam.phones.get({ device_id })).display_name, expected)
}
const { user_identity_id } = guest.identity
await seam.userIdentities.update({ user_identity_id, email_address: 'ada@example.com' })
await seam.userIdentities.update({ user_identity_id, email_address: undefined, phone_number: null })
assert.equal((await seam.userIdentities.get({ user_identity_id })).email_address, 'ada@example.com')
await seam.userIdentities.update({ user_identity_id, email_address: null })
assert.equal((await seam.userIdentities.get({ user_identity_id })).email_address, null)
const without = await seam.acs.users.list({ user_identity_email_address: null })
assert.deepEqual(
  without.map((user) => user.acs_user_id),
  [guest.user.acs_user_id],
)

// Signs of every kind come through unharmed.
for (const full_name of ['a b+c&d=e%f#g?', 'Zoë Ærø', '名前', 'quote"\'\\', '_strict=true']) {
  const made = await seam.userIdentities.create({ full_name })
  const found = await seam.userIdentities.list({ search: full_name })
  assert.deepEqual(
    found.map((person) => person.full_name),
    [full_name],
  )
  await seam.userIdentities.delete({ user_identity_id: made.user_identity_id })
}

// Pages.
for (const number of [0, 1, 2, 3]) await seam.userIdentities.create({ full_name: `Guest ${number}` })
const everybody = await seam.userIdentities.list()
assert.equal(everybody.length, 5)
const pages = seam.createPaginator(seam.userIdentities.list({ limit: 2 }))
assert.ok(pages instanceof sdk.SeamPaginator)
const [first, one] = await pages.firstPage()
assert.deepEqual(first, everybody.slice(0, 2))
assert.ok(one.hasNextPage && one.nextPageCursor && one.nextPageUrl)
const [middle, two] = await pages.nextPage(one.nextPageCursor)
assert.deepEqual(middle, everybody.slice(2, 4))
const [last, three] = await pages.nextPage(two.nextPageCursor)
assert.deepEqual(last, everybody.slice(4))
assert.deepEqual([three.hasNextPage, three.nextPageCursor], [false, null])
await assert.rejects(pages.nextPage(null), /nextPageCursor/)

// Every list that has pages gives the same one by one and page by page.
for (const [what, list, parameters] of [
  ['persons', (parameters) => seam.userIdentities.list(parameters), {}],
  ['users', (parameters) => seam.acs.users.list(parameters), {}],
  ['doors', (parameters) => seam.acs.entrances.list(parameters), { acs_system_id: hotel.acsSystemId }],
  ['encoders', (parameters) => seam.acs.encoders.list(parameters), {}],
  ['phones', (parameters) => seam.devices.list(parameters), { device_types: types }],
]) {
  const whole = await list(parameters)
  assert.ok(whole.length > 0, what)
  const paginator = seam.createPaginator(list({ ...parameters, limit: 1 }))
  assert.deepEqual(await paginator.flattenToArray(), whole, what)
  const oneByOne = []
  for await (const each of paginator.flatten()) oneByOne.push(each)
  assert.deepEqual(oneByOne, whole, what)
  const pageByPage = []
  for await (const page of paginator) {
    assert.equal(page.length, 1, what)
    pageByPage.push(...page)
  }
  assert.deepEqual(pageByPage, whole, what)
}
for (const list of [seam.userIdentities.unmanaged.list({}), seam.devices.unmanaged.list({})]) {
  assert.deepEqual(await seam.createPaginator(list).flattenToArray(), [])
}
