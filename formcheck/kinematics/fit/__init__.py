"""A jointed body with constant bones, fitted to a whole clip at once."""

from formcheck.kinematics.fit.body import BodyFit, FitSettings, fit_body
from formcheck.kinematics.fit.skeleton import Contacts, guess_contacts

__all__ = ["BodyFit", "Contacts", "FitSettings", "fit_body", "guess_contacts"]
