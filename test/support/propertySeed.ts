/**
 * Loaded before each unit test by `npm test`: property tests use the same inputs each time, so that a run
 * shows the effect of a change. `PROPERTY_SEED=random npm test -- unit` uses new ones; a number repeats those
 * of a reported failure.
 */
import { configureGlobal } from 'fast-check';

const usual = 20_261_128;
const { PROPERTY_SEED: wanted } = process.env;
if (wanted !== 'random') configureGlobal({ seed: wanted === undefined ? usual : Number(wanted) });
