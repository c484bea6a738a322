const WITH_SIGN = ["USD", "EUR", "GBP", "CAD", "AUD", "CHF", "INR"];

/** Money with its cents, as the server writes it (presenters/amounts.py): amount(125000, "USD") is "$1,250.00". */
export function amount(minor, currency) {
  const currencyDisplay = WITH_SIGN.includes(currency) ? "symbol" : "code";
  const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return new Intl.NumberFormat("en-US", { style: "currency", currency, currencyDisplay, ...cents }).format(minor / 100);
}
