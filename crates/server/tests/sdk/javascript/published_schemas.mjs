// Reads answers from standard input, one JSON object `{ path, answer }` a line, and prints as a JSON list what the
// published schemas of these routes do not allow: `{ path, place, message }`.

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const require = createRequire(join(process.env.INNKEEP_TEST_NODE_MODULES, 'flow.js'))
const { openapi } = require('seam-types/connect')
const { Ajv } = require('ajv')
const addFormats = require('ajv-formats')

/** OpenAPI 3.0 as JSON Schema: `nullable` is a type, and limits are numbers. */
function asJsonSchema(value) {
  if (Array.isArray(value)) return value.map(asJsonSchema)
  if (value === null || typeof value !== 'object') return value
  const { nullable, exclusiveMinimum, exclusiveMaximum, oneOf, ...rest } = value
  const schema = Object.fromEntries(Object.entries(rest).map(([name, member]) => [name, asJsonSchema(member)]))
  // Members may have these names.
  if (nullable !== undefined && typeof nullable !== 'boolean') schema.nullable = asJsonSchema(nullable)
  if (exclusiveMinimum === true) schema.exclusiveMinimum = schema.minimum
  if (exclusiveMaximum === true) schema.exclusiveMaximum = schema.maximum
  // One of several that overlap is any of them.
  if (oneOf !== undefined) schema.anyOf = asJsonSchema(oneOf)
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema
}

const ajv = new Ajv({ strict: false, validateSchema: false, allErrors: true, logger: false })
addFormats(ajv)
ajv.addSchema(asJsonSchema(openapi), 'published')

const escaped = (path) => path.replaceAll('~', '~0').replaceAll('/', '~1')
const validators = new Map()

/** Checks answers of this route; nothing does where no schema of an answer is published. */
function validator(path) {
  if (!validators.has(path)) {
    const [verb] = Object.keys(openapi.paths[path] ?? {})
    const content = openapi.paths[path]?.[verb].responses['200']?.content
    const schema = `published#/paths/${escaped(path)}/${verb}/responses/200/content/application~1json/schema`
    validators.set(path, content === undefined ? undefined : ajv.compile({ $ref: schema }))
  }
  return validators.get(path)
}

/** What is told of errors: of alternatives that all fail, the one that nearly fits. */
function telling(errors) {
  let told = errors
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf')
  const depth = ({ schemaPath, instancePath }) => schemaPath.length + instancePath.length
  for (const choice of choices.sort((left, right) => depth(right) - depth(left))) {
    const beginning = `${choice.schemaPath}/`
    const alternatives = new Map()
    for (const error of told) {
      if (error === choice || !error.schemaPath.startsWith(beginning)) continue
      if (`${error.instancePath}/`.indexOf(`${choice.instancePath}/`) !== 0) continue
      const [number] = error.schemaPath.slice(beginning.length).split('/')
      alternatives.set(number, [...(alternatives.get(number) ?? []), error])
    }
    if (alternatives.size === 0) continue
    const misfit = (alternative) =>
      alternative.filter(({ keyword }) => keyword === 'enum' || keyword === 'type').length * 1000 + alternative.length
    const [nearest] = [...alternatives.values()].sort((left, right) => misfit(left) - misfit(right))
    const passedOver = new Set([...alternatives.values()].flat().filter((error) => !nearest.includes(error)))
    told = told.filter((error) => error !== choice && !passedOver.has(error))
  }
  return told
}

const differences = []
for (const line of (await text(process.stdin)).split('\n').filter((line) => line !== '')) {
  const { path, answer } = JSON.parse(line)
  const validate = validator(path)
  if (validate === undefined || validate(answer)) continue
  for (const { instancePath, message, params } of telling(validate.errors)) {
    const allowed = params.allowedValues ?? params.allowedValue
    const place = instancePath.replaceAll(/\/\d+/g, '/*')
    differences.push({ path, place, message: allowed === undefined ? message : `${message}: ${allowed}` })
  }
}
process.stdout.write(JSON.stringify(differences))
