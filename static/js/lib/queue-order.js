/**
 * Whether one purchase {answerBy, rank, id} stands before another in the priority inbox: what is due first, at the same time the
 * higher level, then which has waited longer. As lumina/services/priority.py orders them.
 */
export function isBefore(one, other) {
  const [a, b] = [one, other].map(({ answerBy, rank, id }) => [Date.parse(answerBy), Number(rank), Number(id)]);
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && a[at] < b[at];
}
