import { testGrowth } from '../../support/growthTests.ts';

await testGrowth('text');
