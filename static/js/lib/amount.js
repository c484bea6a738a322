/** Money with its cents, as the server writes it (presenters/amounts.py): amount(125000, "USD") is "$1,250.00". */
export function amount(minor, currency) {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency, minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return format.format(minor / 100);
}
