// In a page, what cases use of Vitest: its `expect`, which needs no runner.
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

/** Vitest's `expect`. */
export const expect: Chai.ExpectStatic = chai.expect;
