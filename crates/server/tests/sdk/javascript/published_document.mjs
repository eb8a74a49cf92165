// Prints the published document of the API, which the package of its types holds, as JSON.

import { createRequire } from 'node:module'
import { join } from 'node:path'

// The packages are not beside the scripts, where a plain import would look for them.
const require = createRequire(join(process.env.INNKEEP_TEST_NODE_MODULES, 'flow.js'))
const { openapi } = require('seam-types/connect')
process.stdout.write(JSON.stringify(openapi))
