// Property tests look at other cases in every run, so that a developer's machine keeps searching. The gate must
// give the same answer for the same commit, so there (CI=true) the seed is one number; PROPERTY_SEED sets another.

import fc from 'fast-check';

const asked = process.env['PROPERTY_SEED'] ?? (process.env['CI'] === 'true' ? '20261122' : '');
if (asked !== '') fc.configureGlobal({ seed: Number(asked) });
