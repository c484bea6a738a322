"""The pages of admins: whoever is none finds nothing here."""

from lumina.pages.admin import disputes, files, log, overview, payouts, people, reports
from lumina.pages.admin.door import blueprint

__all__ = ["blueprint", "disputes", "files", "log", "overview", "payouts", "people", "reports"]
