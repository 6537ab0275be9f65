/**
 * Loaded before each unit test by `npm test`: property tests draw the same inputs each time, so that a run shows what a
 * change has done. `PROPERTY_SEED=random npm test -- unit` draws new ones; a number draws those that a failure has named.
 */
import { configureGlobal } from 'fast-check';

const usual = 20_261_128;
const { PROPERTY_SEED: wanted } = process.env;
if (wanted !== 'random') configureGlobal({ seed: wanted === undefined ? usual : Number(wanted) });
