import * as fc from 'fast-check'

// The gate tries the same cases every time, so that it fails for what was changed and not by chance. The long runs
// (FJORD_FUZZ) look for new ones; a failure prints its seed.
if (process.env['FJORD_FUZZ'] === undefined) fc.configureGlobal({ seed: 20_26_11 })
