"""The texts of what is paid and of who administers, one file for each part of the interface; see texts.py."""

from lumina.presenters.catalogue import admin, experts, paid, parting, queue, reports, wallet

TEXTS = admin.TEXTS | experts.TEXTS | paid.TEXTS | parting.TEXTS | queue.TEXTS | reports.TEXTS | wallet.TEXTS
