"""The texts of what is paid and of who administers, one file for each part of the interface; see texts.py."""

from lumina.presenters.catalogue import admin, experts, paid, parting, wallet

TEXTS = admin.TEXTS | experts.TEXTS | paid.TEXTS | parting.TEXTS | wallet.TEXTS
