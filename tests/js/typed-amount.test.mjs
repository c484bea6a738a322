import assert from "node:assert/strict";
import { test } from "node:test";

import { typedAmount } from "../../static/js/lib/typed-amount.js";

test("amounts with a point, a comma or neither", () => {
  for (const [typed, minor] of [["12.50", 1250], ["12,50", 1250], ["12,5", 1250], [" 12 ", 1200], ["0.01", 1]]) {
    assert.equal(typedAmount(typed), minor, typed);
  }
});

test("what is no amount", () => {
  for (const typed of ["", "x", "-1", "1.234", "1,000.00", "1e3", "١٢", "12."]) assert.equal(typedAmount(typed), null, typed);
});
