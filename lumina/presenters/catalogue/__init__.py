"""The texts of the interface, one file for each part of it; see texts.py."""

from lumina.presenters.catalogue import (
    accounts,
    admin,
    browser,
    conversation,
    experts,
    files,
    inbox,
    paid,
    parting,
    queue,
    reports,
    settings,
    shell,
    system,
    wallet,
)

TEXTS = {
    **accounts.TEXTS,
    **admin.TEXTS,
    **browser.TEXTS,
    **conversation.TEXTS,
    **experts.TEXTS,
    **files.TEXTS,
    **inbox.TEXTS,
    **paid.TEXTS,
    **parting.TEXTS,
    **queue.TEXTS,
    **reports.TEXTS,
    **settings.TEXTS,
    **shell.TEXTS,
    **system.TEXTS,
    **wallet.TEXTS,
}
