"""The forms of the wallet. Amounts are typed in major units, with a point or a comma."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import StopValidation

from lumina.pages.forms import Form
from lumina.presenters.amounts import amount
from lumina.presenters.texts import t
from lumina.services import money, payouts, topups, wallets

OTHER = "other"
CHOICES_MINOR = (5_000, 10_000, 20_000)


class MoneyField(StringField):
    """An amount as one types it; once it is valid, `minor` is what it comes to."""

    minor = 0

    def __init__(self, label: str, least: int, most: int, **options: Any) -> None:
        super().__init__(label, render_kw={"inputmode": "decimal", "autocomplete": "off"}, **options)
        self.least, self.most = least, most

    def pre_validate(self, form: Any) -> None:
        minor = money.from_text(self.data or "")
        if minor is None:
            raise StopValidation(t("wallet.no_amount"))
        if not self.least <= minor <= self.most:
            raise StopValidation(t("wallet.bounds", least=amount(self.least), most=amount(self.most)))
        self.minor = minor


class ChosenMoneyField(MoneyField):
    """Counts where no sum of those on offer is chosen."""

    def pre_validate(self, form: Any) -> None:
        if form.choice.data == OTHER:
            super().pre_validate(form)
        else:
            self.minor = int(form.choice.data)


class TopupForm(Form):
    refused_field = "amount"
    choice = RadioField(
        t("wallet.top_up_amount"),
        choices=[*((str(minor), str(minor)) for minor in CHOICES_MINOR), (OTHER, OTHER)],
        default=OTHER,
        validate_choice=False,
    )
    amount = ChosenMoneyField("", topups.LEAST_MINOR, topups.MOST_MINOR)
    return_to = HiddenField()

    def validate_choice(self, field: RadioField) -> None:
        """What is none of the sums on offer is another one."""
        if field.data not in dict(field.choices):
            field.data = OTHER

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.amount.label.text = t("wallet.top_up_other_amount", currency=wallets.currency())


class PayoutForm(Form):
    refused_field = "payout"
    payout = MoneyField("", payouts.LEAST_MINOR, wallets.MOST_MINOR)
    # One asking, however often it is sent.
    key = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.payout.label.text = t("wallet.pay_out_amount", currency=wallets.currency())
