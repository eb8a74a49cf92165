// Errors as the SDK throws them, and lists page by page.

import assert from 'node:assert/strict'
import * as hotel from './hotel.mjs'
import { sdk } from './hotel.mjs'

const seam = hotel.connect()
const rooms = await hotel.entrancesByName(seam)
const unknownId = '00000000-0000-4000-8000-000000000000'

const stranger = new sdk.Seam({
  apiKey: 'seam_testNobody_000000000000000000000000',
  endpoint: hotel.endpoint,
})
let error = await hotel.apiError('a wrong key', () => stranger.workspaces.get())
assert.ok(sdk.isSeamHttpUnauthorizedError(error), 'a wrong key is unauthorized')
assert.equal(error.code, 'unauthorized')
assert.equal(error.statusCode, 401)
assert.ok(error.requestId, 'the request has an id')

error = await hotel.apiError('a limit of nothing', () => seam.acs.users.list({ limit: 0 }))
assert.ok(sdk.isSeamHttpInvalidInputError(error), 'a bad limit is invalid input')
assert.equal(error.statusCode, 400)
assert.deepEqual(error.getValidationErrorMessages('limit'), ['Number must be greater than 0'])
assert.deepEqual(error.getValidationErrorMessages('search'), [])

error = await hotel.apiError('doors that are no list', () =>
  seam.acs.credentials.create({
    acs_user_id: unknownId,
    access_method: 'mobile_key',
    allowed_acs_entrance_ids: 5,
  }),
)
assert.deepEqual(error.getValidationErrorMessages('allowed_acs_entrance_ids'), [
  'Expected array, received number',
])

const guest = await hotel.arrive(seam, 'Ada Guest')
error = await hotel.apiError('a stay in the past', () =>
  hotel.mobileKey(seam, guest, [rooms['101']], hotel.stayFromNow({ daysAgo: 30 }), {
    override: true,
  }),
)
assert.ok(sdk.isSeamHttpInvalidInputError(error), 'a stay in the past is invalid input')
assert.equal(error.getValidationErrorMessages('ends_at').length, 1)
const { acs_user_id } = guest.user
assert.deepEqual(await seam.acs.credentials.list({ acs_user_id }), [])

error = await hotel.apiError('an unknown credential', () =>
  seam.acs.credentials.get({ acs_credential_id: unknownId }),
)
assert.equal(error.code, 'acs_credential_not_found')
assert.equal(error.statusCode, 404)
error = await hotel.apiError('an unknown entrance', () =>
  seam.acs.entrances.get({ acs_entrance_id: unknownId }),
)
assert.equal(error.code, 'acs_entrance_not_found')

const created = [acs_user_id]
for (const number of [2, 3, 4, 5]) {
  const user = await seam.acs.users.create({
    acs_system_id: hotel.acsSystemId,
    full_name: `Guest ${number}`,
  })
  created.push(user.acs_user_id)
}

const ofTwo = { acs_system_id: hotel.acsSystemId, limit: 2 }
const paginator = seam.createPaginator(seam.acs.users.list(ofTwo))
let [users, page] = await paginator.firstPage()
const firstCursor = page.nextPageCursor
const sizes = [users.length]
while (page.hasNextPage) {
  ;[users, page] = await paginator.nextPage(page.nextPageCursor)
  sizes.push(users.length)
}
assert.deepEqual(sizes, [2, 2, 1])
const ids = (list) => list.map((user) => user.acs_user_id)
assert.deepEqual(ids(await paginator.flattenToArray()), created)
const oneByOne = []
for await (const user of paginator.flatten()) oneByOne.push(user)
assert.deepEqual(ids(oneByOne), created)

error = await hotel.apiError('a cursor of another list', () =>
  seam.acs.users.list({ ...ofTwo, search: 'Guest', page_cursor: firstCursor }),
)
assert.equal(error.code, 'mismatched_page_parameters')
