// A webhook that verifies what it gets with the SDK's own verifier.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'

import { acsSystemId, apiError, connect, sdk } from './hotel.mjs'

const { SeamWebhook } = sdk
const server = createServer((request, response) => {
  const parts = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => {
    response.writeHead(204).end()
    server.emit('delivery', Buffer.concat(parts).toString(), request.headers)
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${server.address().port}/`

const seam = connect()
const webhook = await seam.webhooks.create({ url, event_types: ['acs_user.created'] })
const { webhook_id } = webhook
assert.deepEqual(await seam.webhooks.list(), [webhook])
assert.deepEqual(await seam.webhooks.get({ webhook_id }), webhook)

const delivered = once(server, 'delivery', { signal: AbortSignal.timeout(30_000) })
const since = new Date(Date.now() - 3_600_000).toISOString()
const user = await seam.acs.users.create({ acs_system_id: acsSystemId, full_name: 'Ada' })
const [body, headers] = await delivered
const event = new SeamWebhook(webhook.secret).verify(body, headers)
assert.equal(event.acs_user_id, user.acs_user_id)
assert.deepEqual(await seam.events.list({ since, event_type: 'acs_user.created' }), [event])
assert.deepEqual(await seam.events.get({ event_id: event.event_id }), event)

// Who changes a letter, or has another secret, is found out.
assert.throws(() => new SeamWebhook(webhook.secret).verify(body.replace('created', 'deleted'), headers))
assert.throws(() => new SeamWebhook('whsec_c2VjcmV0').verify(body, headers))

const unknown = { url: 'https://example.com/', event_types: ['acs_user.made'] }
const error = await apiError('unknown type', () => seam.webhooks.create(unknown))
assert.equal(error.code, 'invalid_event_types')
await seam.webhooks.update({ webhook_id, event_types: ['*'] })
assert.deepEqual((await seam.webhooks.get({ webhook_id })).event_types, ['*'])
await seam.webhooks.delete({ webhook_id })
assert.deepEqual(await seam.webhooks.list(), [])
server.close()
